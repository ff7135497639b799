// Is a request for a connection valid? It is checked against its source and the catalog, and refused with the reasons.
// The commands and the running instance call it before they store anything.
import { eventTypes, issuesOf } from '../../events/catalog.ts';
import { sourceOf, sources } from '../../events/sources/catalog.ts';
import type { Source } from '../../events/sources/source.ts';
import type { ConnectionRequest } from '../../functions/intake/connect.ts';
import type { Properties } from './core/json.ts';
import { Refusal, refuse } from './core/refusal.ts';

const sourceNamed = (name: string): Source =>
  sourceOf(name) ??
  refuse(`Source "${name}" can't be connected; name one of ${sources.map((source) => source.name).join(', ')}.`);

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

const typesIn = (given: Properties): readonly string[] | undefined =>
  given.has('allow')
    ? given
        .text('allow')
        .split(',')
        .map((type) => type.trim())
    : undefined;

/** Faults that would show only with the first message: every message would be refused, or wait for ever. */
const refuseUnusable = ({ source, mapping, alsoAllows = [] }: ConnectionRequest): void => {
  const parsed = source.mapping.safeParse(mapping);
  const issues = parsed.success ? [] : issuesOf(parsed.error, mapping);
  const unknown = alsoAllows.filter((type) => !eventTypes.some((known) => known === type));
  const reasons = [
    ...issues.map(({ path, message }) => `--mapping${path === '' ? '' : ` at ${path}`}: ${message}.`),
    ...(issues.length > 0 ? [`events/sources/${source.name}.ts defines its fields, at "mapping".`] : []),
    ...(unknown.length > 0
      ? [`--allow ${unknown.join(',')}: unknown event types; known are ${eventTypes.join(', ')}.`]
      : []),
  ];
  if (reasons.length > 0) throw new Refusal(reasons);
};

/** Reads a request, or refuses it with the reason. */
export function connectionRequest(given: Properties): ConnectionRequest {
  const source = sourceNamed(given.text('source', ''));
  const tenant = tenantIn(given);
  const account = accountIn(given, source);
  const currency = currencyIn(given);
  const alsoAllows = typesIn(given);
  const request: ConnectionRequest = {
    source,
    tenant,
    ...(account !== undefined && { account }),
    ...(currency !== undefined && { currency }),
    mapping: Object.fromEntries(given.object('mapping').entries()),
    ...(alsoAllows !== undefined && { alsoAllows }),
  };
  refuseUnusable(request);
  return request;
}
