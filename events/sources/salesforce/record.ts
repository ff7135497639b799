// How are the facts of one changed Salesforce record made, and what is asked for again?
import { type ExternalId, identityStreamOf, streamIdOf } from '../../identifiers.ts';
import type { DealValue } from '../../money.ts';
import { engagementReference } from '../externalIds.ts';
import type { Connection, SourceFact } from '../source.ts';
import { defined } from '../sourceJson.ts';
import type { Change } from './change.ts';
import { externalOf } from './external.ts';
import { type Field, readers, readHeld, valueIn } from './field.ts';
import type { SalesforceMapping } from './mapping.ts';

/** One record of one change, with what is needed to read it. */
export interface ChangedRecord {
  readonly change: Change;
  /** Its id of 18 characters, or `*`. */
  readonly record: string;
  readonly connection: Connection;
  readonly mapping: SalesforceMapping;
}

/** The reference that people chose, as an external id. */
export const referenceIn = (code: Field<string>): ExternalId | undefined => {
  const text = valueIn(code);
  return text === undefined ? undefined : engagementReference(text);
};

/**
 * A value, with the currency that the message holds, changed or not. Without one the fold uses the latest known
 * currency, or the connection's. An amount whose currency can't be read is no value.
 */
export const dealValueIn = (
  { change }: ChangedRecord,
  amount: Field<string>,
  currencyField: string,
): DealValue | undefined => {
  const value = valueIn(amount);
  const currency = readHeld(change.fields, currencyField, readers.currency);
  if (value === undefined || currency.says === 'unreadable') return undefined;
  return currency.says === 'value' ? { amount: value, currency: currency.value } : { amount: value };
};

/** Names the record in the change. */
const sourceIdOf = ({ change, record }: Pick<ChangedRecord, 'change' | 'record'>): string =>
  `${change.changeKey}:${record}`;

/** What facts are about, and the reference that stands beside a primary id. */
export type About = Pick<SourceFact, 'subject' | 'reference'>;

/** The subject of a primary id, with the reference beside it if there is one. */
export const aboutPrimary = (primary: ExternalId, reference: ExternalId | undefined): About =>
  reference === undefined ? { subject: { primary } } : { subject: { primary }, reference };

/** Makes the facts of a record. Each has the change's id, time and sequence, and all share one subject. */
export const saysOf =
  ({ change, record }: ChangedRecord, about: About) =>
  (type: SourceFact['type'], data: Readonly<Record<string, unknown>>, discriminator?: string): SourceFact => ({
    type,
    data: defined(data),
    occurredAt: change.occurredAt,
    sourceId: sourceIdOf({ change, record }),
    sourceSeq: change.sourceSeq,
    ...about,
    ...(discriminator === undefined ? {} : { discriminator }),
  });
export type Say = ReturnType<typeof saysOf>;

/**
 * The link of one id to another. The fact is keyed on the linked id, so a message that repeats the link adds nothing,
 * and of different links the latest stands.
 */
export const linkOf = (
  { change, connection }: ChangedRecord,
  link: { readonly external: ExternalId; readonly to: ExternalId; readonly reason: string },
): SourceFact => ({
  type: 'IdentityLinked',
  data: { external: link.external, to: { external: link.to }, reason: link.reason },
  occurredAt: change.occurredAt,
  sourceId: `${link.external.kind}:${link.external.id}`,
  sourceSeq: change.sourceSeq,
  subject: { stream: identityStreamOf(connection.tenantId, link.external) },
  derived: true,
});

/**
 * Says that the record must be read again: the message says that it changed, but we can't see how, or no fact can say
 * it.
 * @param lacks the catalog's name of the field that our facts lack; absent: all of the record
 */
export const reconciliationOf = (of: ChangedRecord, reason: string, lacks?: string): SourceFact => {
  const { change, connection, record } = of;
  const { occurredAt, sourceSeq } = change;
  const subject = externalOf(connection, change.entity, record);
  return requestOf({ connection, subject, occurredAt, sourceSeq, sourceId: sourceIdOf(of) }, reason, lacks);
};

/** Says that something must be read again. */
export const requestOf = (
  of: Pick<SourceFact, 'occurredAt' | 'sourceId' | 'sourceSeq'> & {
    readonly connection: Connection;
    readonly subject: ExternalId;
  },
  reason: string,
  lacks?: string,
): SourceFact => {
  const { connection, subject, ...when } = of;
  return {
    ...when,
    type: 'ReconciliationRequested',
    data: defined({ connectionId: connection.connection, subject, lacks, reason }),
    subject: { stream: streamIdOf(connection.tenantId, 'source', connection.connection) },
    ...(lacks === undefined ? {} : { discriminator: lacks }),
    derived: true,
  };
};

/**
 * Whether facts can say what an update does to a field. `askAgain`: none can, so the record must be read again.
 * `opening`: the field counts only when the record is created, and its later changes mean nothing to us.
 */
export interface Sayable {
  readonly changed: 'said' | 'askAgain' | 'opening';
  readonly cleared: 'said' | 'askAgain' | 'opening';
}

type Fields = Readonly<Record<string, Field<unknown>>>;

/**
 * The requests to read again: for each field that can't be read, and for each field that was changed or cleared in a
 * way that no fact can say. `unsaid` names the fields that the facts of this message can't say.
 */
export const requestsOf = <F extends Fields>(
  of: ChangedRecord,
  fields: F,
  {
    sayable,
    unsaid,
  }: { readonly sayable: { readonly [name in keyof F]: Sayable }; readonly unsaid: readonly string[] },
): readonly SourceFact[] =>
  Object.entries(fields).flatMap(([name, field]) => {
    const reason = whyAsked(of, field, unsaid.includes(name) ? unsayable : (sayable[name] ?? unsayable));
    return reason === undefined ? [] : [reconciliationOf(of, reason, name)];
  });

const unsayable: Sayable = { changed: 'askAgain', cleared: 'askAgain' };

const whyAsked = ({ change }: ChangedRecord, field: Field<unknown>, sayable: Sayable): string | undefined => {
  const named = `${change.entity}.${field.field}`;
  const isUpdate = change.changeType === 'UPDATE';
  switch (field.says) {
    case 'unreadable':
      return `fieldUnreadable: ${named}: ${field.why}`;
    case 'cleared':
      return sayable.cleared === 'askAgain' ? `fieldCleared: ${named}: no fact can say that it is empty` : undefined;
    case 'value':
      return (isUpdate || sayable === unsayable) && sayable.changed === 'askAgain'
        ? `fieldChanged: ${named}: no fact can say it here`
        : undefined;
    case 'nothing':
      return undefined;
    default:
      return field satisfies never;
  }
};
