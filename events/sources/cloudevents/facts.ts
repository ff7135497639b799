// Which facts does one CloudEvent say?
import { catalog, type EventType, eventTypes, type Issue } from '../../catalog.ts';
import { type ExternalId, identityStreamOf } from '../../identifiers.ts';
import { parseInstant } from '../../instant.ts';
import { addressIn, addressRefusal } from '../../personalData.ts';
import { withoutUnknownKeys } from '../../unknownKeys.ts';
import { engagementReference, normalExternalId } from '../externalIds.ts';
import { saidData } from '../saidData.ts';
import type { Connection, SourceFact, Subject } from '../source.ts';
import { at, measuredNumber, SourceNumber, textAt } from '../sourceJson.ts';
import type { CloudEvent } from './envelope.ts';
import { type Expression, required } from './expression.ts';
import type { CloudEventsMapping, ExternalIdRule, Rule } from './mapping.ts';
import { aboutExternal, fits, ownSubject, readSubject, subjectForm } from './subject.ts';

/** The facts that one event says; `ignored` if neither the mapping nor the catalog knows its type. */
export type Said =
  | { readonly facts: readonly SourceFact[] }
  | { readonly ignored: string }
  | { readonly reason: string; readonly issue: Issue };

interface Telling {
  readonly event: CloudEvent;
  readonly connection: Connection;
  readonly receivedAt: string;
}

const wrong = (reason: string, path: string, message: string): Said => ({ reason, issue: { path, message } });

const system = (connection: Connection): string => `cloudevents:${connection.account}`;

const textOf = (expression: Expression, { event }: Telling, field: string): { text: string } | { issue: Issue } => {
  const said = required(expression, event.json, field);
  if ('issue' in said) return said;
  const value = said.value instanceof SourceNumber ? said.value.text : said.value;
  return typeof value === 'string' || typeof value === 'number'
    ? { text: String(value) }
    : { issue: { path: expression.path ?? '', message: `expected text for ${field}` } };
};

/** The time as an instant; else the beginning of the claim, with no half of an emoji where it is cut. */
const timeOrClaim = (text: string): string => parseInstant(text) ?? text.slice(0, 64).toWellFormed();

/** The time that a rule names, or what stands there in its place: translate keeps a claim that is no time. */
const claimedTime = (expression: Expression, telling: Telling): ReturnType<typeof textOf> => {
  const said = textOf(expression, telling, 'occurredAt');
  const claim = expression.path === undefined ? undefined : textAt(telling.event.json, expression.path);
  return 'text' in said || claim === undefined ? said : { text: claim };
};

const externalOf = (rule: ExternalIdRule, telling: Telling): { external: ExternalId } | { issue: Issue } => {
  const id = textOf(rule.id, telling, `the id of the ${rule.kind}`);
  if ('issue' in id) return id;
  const external = { system: rule.system ?? system(telling.connection), kind: rule.kind, id: id.text };
  return { external: normalExternalId(external) };
};

const subjectByRule = (
  rule: Rule['subject'],
  telling: Telling,
): { subject: Subject } | { issue: Issue } | undefined => {
  if (rule?.external !== undefined) {
    const said = externalOf(rule.external, telling);
    return 'issue' in said ? said : { subject: aboutExternal(said.external) };
  }
  if (rule?.reference === undefined) return undefined;
  const reference = textOf(rule.reference, telling, "the engagement's reference");
  return 'issue' in reference ? reference : { subject: { secondary: engagementReference(reference.text) } };
};

/**
 * The fact with its subject. The rule names the subject, else the event's own `subject` does, else an id in the data. A
 * subject that does not fit the type is passed over.
 */
const placed = (
  telling: Telling,
  told: Pick<SourceFact, 'type' | 'data'> & Partial<SourceFact>,
  rule?: Rule,
): SourceFact | Said => {
  const { event, connection, receivedAt } = telling;
  const { data, issues } = saidData({
    schema: catalog[told.type].data,
    said: told.data,
    numberOf: measuredNumber,
    // A sender of the catalog's own types follows its schema; a mapping reads whatever the sender has.
    numbersAreText: rule !== undefined,
  });
  const [unkept] = issues;
  if (unkept !== undefined) return wrong(`notThisFact: ${told.type}`, `data.${unkept.path}`, unkept.message);
  const said = { ...told, data };
  const byRule = subjectByRule(rule?.subject, telling);
  if (byRule !== undefined && 'issue' in byRule) return { reason: 'mappingUnmet', issue: byRule.issue };
  const named = event.subject === undefined ? undefined : readSubject(event.subject, connection.tenantId);
  // Keys that the type does not know are left out of the fact, and so they are no reason to refuse it.
  const known = withoutUnknownKeys(catalog[said.type].data, said.data);
  const own = ownSubject(said.type, known.data, connection);
  const subject = [byRule?.subject, named, own].find((about) => about !== undefined && fits(said.type, about));
  if (subject === undefined)
    return wrong('subjectMissing', 'subject', `${subjectForm}; ${said.type} needs its subject`);
  const { source, id, sequence } = event;
  const [address] = addressIn({ source, id, sequence, subject }) ?? [];
  const inData = addressIn(known.data);
  const path = inData === undefined ? address : ['data', ...inData].join('.');
  if (path !== undefined) return wrong('addressInData', path, addressRefusal);
  return {
    occurredAt: event.time === undefined ? receivedAt : timeOrClaim(event.time),
    sourceId: `${event.source} ${event.id}`,
    ...(event.sequence === undefined ? {} : { sourceSeq: event.sequence }),
    ...said,
    subject,
  };
};

const linkOf = (external: ExternalId, fact: SourceFact, connection: Connection): SourceFact | undefined => {
  const { subject } = fact;
  const to =
    'stream' in subject
      ? { stream: subject.stream }
      : {
          external: 'primary' in subject ? subject.primary : 'secondary' in subject ? subject.secondary : subject.party,
        };
  const same = 'external' in to && JSON.stringify(to.external) === JSON.stringify(external);
  return same
    ? undefined
    : {
        type: 'IdentityLinked',
        data: { external, to, reason: `cloudevents ${fact.type}` },
        occurredAt: fact.occurredAt,
        sourceId: `${external.system}/${external.kind}/${external.id}`,
        sourceSeq: fact.occurredAt,
        subject: { stream: identityStreamOf(connection.tenantId, external) },
        derived: true,
      };
};

const byRule = (rule: Rule, telling: Telling): Said => {
  const data = required({ object: rule.fields, optional: true }, telling.event.json, rule.as);
  const time = rule.occurredAt === undefined ? undefined : claimedTime(rule.occurredAt, telling);
  const key = rule.key === undefined ? undefined : textOf(rule.key, telling, 'key');
  for (const said of [data, time, key]) {
    if (said !== undefined && 'issue' in said) return { reason: 'mappingUnmet', issue: said.issue };
  }
  const timeText = time !== undefined && 'text' in time ? time.text : undefined;
  const keyText = key !== undefined && 'text' in key ? key.text : undefined;
  const occurredAt = timeText === undefined ? undefined : timeOrClaim(timeText);
  const of = {
    type: rule.as,
    data: ('value' in data ? data.value : undefined) ?? {},
    ...(rule.part === undefined ? {} : { discriminator: rule.part }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    // Later events restate a fact that is keyed on an object, so their order must be known.
    ...(keyText === undefined
      ? {}
      : {
          sourceId: `${telling.event.source} ${keyText}`,
          sourceSeq: telling.event.sequence ?? parseInstant(telling.event.time ?? '') ?? telling.receivedAt,
        }),
  };
  const fact = placed(telling, of, rule);
  if (!('type' in fact)) return fact;
  const links: SourceFact[] = [];
  for (const linkRule of rule.links) {
    const said = externalOf(linkRule, telling);
    if ('issue' in said) return { reason: 'mappingUnmet', issue: said.issue };
    const link = linkOf(said.external, fact, telling.connection);
    if (link !== undefined) links.push(link);
  }
  return { facts: [fact, ...links] };
};

const catalogTypeOf = (type: string): EventType | undefined => {
  const name = type.startsWith('throughline.') ? type.slice('throughline.'.length) : type;
  return eventTypes.find((known) => known === name);
};

/** The facts that an event says: by the mapping's rules for its type, else as a type of the catalog. */
export const factsOfEvent = (telling: Telling, mapping: CloudEventsMapping): Said => {
  const { event } = telling;
  const rules = mapping.rules.filter(
    (rule) => rule.type === event.type && (rule.source === undefined || rule.source === event.source),
  );
  if (rules.length > 0) {
    const all = rules.map((rule) => byRule(rule, telling));
    const bad = all.find((said) => !('facts' in said));
    return bad ?? { facts: all.flatMap((said) => ('facts' in said ? said.facts : [])) };
  }
  const type = catalogTypeOf(event.type);
  if (type === undefined) {
    return event.type.startsWith('throughline.')
      ? wrong('typeUnknown', 'type', `the catalog has no ${event.type.slice('throughline.'.length)}`)
      : { ignored: `typeNotMapped: ${event.type}` };
  }
  const fact = placed(telling, { type, data: at(event.json, 'data') ?? {} });
  return 'type' in fact ? { facts: [fact] } : fact;
};
