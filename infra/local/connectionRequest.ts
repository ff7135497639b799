// Is a request for a connection valid? It is checked against its source and the catalog, and refused with the reasons.
// The commands and the running instance call it before they store anything.
import { type EventType, eventTypes } from '../../events/catalog.ts';
import { sourceOf, sources } from '../../events/sources/catalog.ts';
import { neverForPartners, typesForPartner } from '../../events/sources/defaultTypes.ts';
import { mappingIssues } from '../../events/sources/mappingIssues.ts';
import type { Source } from '../../events/sources/source.ts';
import type { ConnectionRequest } from '../../functions/intake/connect.ts';
import type { Properties } from './core/json.ts';
import { Refusal, refuse } from './core/refusal.ts';

/** The source of that name; refuses an unknown one. */
export const sourceNamed = (name: string): Source =>
  sourceOf(name) ??
  refuse(
    `${name === '' ? 'No source is named' : `Source "${name}" can't be connected`}; name one of ${sources.map((source) => source.name).join(', ')}.`,
  );

const tenantIn = (given: Properties): string => {
  const tenant = given.text('tenant', '');
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(tenant)) return tenant;
  return refuse('A connection needs a tenant: --tenant ID, of letters, digits, dot, dash and underscore.');
};

const accountIn = (given: Properties, { title, accountIs, accountOf }: Source): string | undefined => {
  const account = accountOf(given.text('account', '') || undefined);
  if (account.ok) return account.account;
  return refuse(`A ${title} connection needs its ${accountIs}: --account ${account.expected}.`);
};

const currencyIn = (given: Properties): string | undefined => {
  const currency = given.text('currency', '');
  if (currency === '') return undefined;
  return /^[A-Z]{3}$/.test(currency) ? currency : refuse(`--currency ${currency} is not an ISO 4217 code such as EUR.`);
};

const testDataIn = (given: Properties, { title, marksTestData }: Source): true | undefined => {
  if (!given.flag('testData')) return undefined;
  return marksTestData ?? refuse(`--test-data: the messages of ${title} don't say which data is only test data.`);
};

/** The hours of a rhythm; undefined where none is given. */
export const rhythmOf = (given: string): number | undefined => {
  const rhythm = given.trim();
  if (rhythm === '') return undefined;
  const hours = Number(rhythm);
  return hours > 0 && hours <= 24 * 366
    ? hours
    : refuse(`--rhythm ${rhythm} is no number of hours above 0, up to 8784: a year.`);
};

/** The types of a list with commas; refuses a type that the catalog lacks. */
export const typesIn = (list: string): readonly EventType[] => {
  const named = list.split(',').map((type) => type.trim());
  const known = eventTypes.filter((type) => named.includes(type));
  const unknown = named.filter((type) => !known.some((each) => each === type));
  if (unknown.length === 0) return named.flatMap((type) => known.filter((each) => each === type));
  return refuse(`--allow ${unknown.join(',')}: unknown event types; known are ${eventTypes.join(', ')}.`);
};

/** The types that a connection may say; refuses to let a partner's connection say what would decide what that partner leads. */
export const allowedFor = (
  { defaultTypes }: Source,
  { partner, listed }: { readonly partner: string | undefined; readonly listed: readonly EventType[] },
): readonly EventType[] => {
  if (partner === undefined) return [...defaultTypes, ...listed];
  const never = listed.filter((type) => neverForPartners.includes(type));
  if (never.length > 0)
    refuse(
      `--allow ${never.join(',')}: a connection that is bound to a partner may never say that; see /docs for why.`,
    );
  return typesForPartner(defaultTypes, listed);
};

/** Refuses a mapping by whose faults every message would be refused, or would wait for ever. */
export const refuseMapping = (source: Source, mapping: unknown, allowedTypes: readonly EventType[]): void => {
  const issues = mappingIssues(source, mapping, allowedTypes);
  if (issues.length === 0) return;
  throw new Refusal([
    ...issues.map(({ path, message }) => `--mapping${path === '' ? '' : ` at ${path}`}: ${message}.`),
    `events/sources/${source.name}.ts defines its fields, at "mapping".`,
  ]);
};

/** The secret that the source has issued; refuses one with which it could not sign. */
export const secretIn = (given: Properties, { title, delivery }: Source): string | undefined => {
  if (!given.has('secret')) return undefined;
  if (delivery.way !== 'webhook') return refuse(`Messages of ${title} are not signed: they need no secret.`);
  const secret = given.text('secret').trim();
  if (!/^\S{8,500}$/.test(secret))
    return refuse('The secret should be 8 to 500 characters, without spaces and breaks.');
  const now = new Date().toISOString();
  try {
    const sample = delivery.sampleOf?.({ secret, id: 'try', now });
    const held = sample && delivery.verify({ message: { ...sample, receivedAt: now }, secrets: [secret], now });
    if (held?.ok !== false) return secret;
  } catch {
    // Below, without the cause, which could contain the secret.
  }
  return refuse(`No message of ${title} can be signed with that secret: it doesn't have the form of theirs.`);
};

/** Reads a request, or refuses it with the reason. */
export function connectionRequest(given: Properties): ConnectionRequest {
  const source = sourceNamed(given.text('source', ''));
  const tenant = tenantIn(given);
  const account = accountIn(given, source);
  const currency = currencyIn(given);
  const alsoAllows = given.has('allow') ? typesIn(given.text('allow')) : undefined;
  const secret = secretIn(given, source);
  const testData = testDataIn(given, source);
  const mapping = Object.fromEntries(given.object('mapping').entries());
  const partner = given.text('partner', '') || undefined;
  const rhythmHours = rhythmOf(given.text('rhythm', ''));
  refuseMapping(source, mapping, allowedFor(source, { partner, listed: alsoAllows ?? [] }));
  return {
    source,
    tenant,
    ...(account !== undefined && { account }),
    ...(currency !== undefined && { currency }),
    mapping,
    ...(alsoAllows !== undefined && { alsoAllows }),
    ...(secret !== undefined && { secret }),
    ...(testData !== undefined && { testData }),
    ...(partner !== undefined && { partner }),
    ...(rhythmHours !== undefined && { rhythmHours }),
  };
}
