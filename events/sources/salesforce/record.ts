// How are a changed Salesforce record's fields read, and how are its facts made?
import { type ExternalId, identityStreamOf, streamIdOf } from '../../identifiers.ts';
import type { DealValue } from '../../money.ts';
import { engagementReference, partnerReference, salesforceId, salesforceSystem } from '../externalIds.ts';
import type { Connection, SourceFact, Subject } from '../source.ts';
import { dateAt, decimalAt, defined, textAt } from '../sourceJson.ts';
import { type Change, touched } from './change.ts';
import type { SalesforceMapping } from './mapping.ts';

/** One record of one change, with what is needed to read it. */
export interface ChangedRecord {
  readonly change: Change;
  /** Its id of 18 characters, or `*`. */
  readonly record: string;
  readonly connection: Connection;
  readonly mapping: SalesforceMapping;
}

export const externalOf = (connection: Connection, kind: string, id: string): ExternalId => ({
  system: salesforceSystem(connection.account),
  kind,
  id: salesforceId(id) ?? id,
});

/** The text of a field, if the change touched it. */
export const changedText = ({ change }: ChangedRecord, path: string): string | undefined =>
  touched(change, path) ? textAt(change.fields, path) : undefined;

export const changedDate = ({ change }: ChangedRecord, path: string): string | undefined =>
  touched(change, path) ? dateAt(change.fields, path) : undefined;

/** The code in a custom field. Free text (with a line break, or over 256 characters) is not read. */
export const changedCode = (of: ChangedRecord, path: string): string | undefined => {
  const text = changedText(of, path);
  return text !== undefined && text.length <= 256 && !/[\r\n]/.test(text) ? text : undefined;
};

/**
 * The country, if the field holds an ISO 3166-1 code. In an org without picklists for state and country it is free
 * text.
 */
export const changedCountry = (of: ChangedRecord, path: string): string | undefined => {
  const code = changedText(of, path)?.toUpperCase();
  return code !== undefined && /^[A-Z]{2}$/.test(code) ? code : undefined;
};

/** The other record that a lookup field names. */
export const lookedUp = (of: ChangedRecord, field: string, kind: string): ExternalId | undefined => {
  const id = changedText(of, field);
  return id === undefined ? undefined : externalOf(of.connection, kind, id);
};

/** The partner that a field names: a lookup to an account, else the code that people chose. */
export const partnerOf = (of: ChangedRecord, field: string): ExternalId | undefined => {
  const text = changedCode(of, field);
  if (text === undefined) return undefined;
  return /^001/.test(text) && salesforceId(text) !== undefined
    ? externalOf(of.connection, 'Account', text)
    : partnerReference(text);
};

export const referenceOf = (of: ChangedRecord, field: string): ExternalId | undefined => {
  const text = changedCode(of, field);
  return text === undefined ? undefined : engagementReference(text);
};

/**
 * A value, with the currency that the message names. Without one the fold uses the latest known currency, or the
 * connection's.
 */
export const dealValueOf = (
  { change }: ChangedRecord,
  fields: { readonly amount: string; readonly currency: string },
): DealValue | undefined => {
  const amount = touched(change, fields.amount) ? decimalAt(change.fields, fields.amount) : undefined;
  if (amount === undefined) return undefined;
  const currency = textAt(change.fields, fields.currency)?.toUpperCase();
  return currency === undefined ? { amount } : { amount, currency };
};

/** Makes the facts of a record. Each has the change's id, time and sequence, and all share one subject. */
export const saysOf =
  ({ change, record }: ChangedRecord, about: { readonly subject: Subject; readonly reference?: ExternalId }) =>
  (type: SourceFact['type'], data: Readonly<Record<string, unknown>>, discriminator?: string): SourceFact => ({
    type,
    data: defined(data),
    occurredAt: change.occurredAt,
    sourceId: `${change.changeKey}:${record}`,
    sourceSeq: change.sourceSeq,
    subject: about.subject,
    ...(discriminator === undefined ? {} : { discriminator }),
    ...(about.reference === undefined ? {} : { reference: about.reference }),
  });

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

/** Says that the record must be read again: the message says that it changed, but we can't see how. */
export const reconciliationOf = (of: ChangedRecord, reason: string, discriminator?: string): SourceFact => {
  const { change, connection, record } = of;
  const subject = { stream: streamIdOf(connection.tenantId, 'source', connection.connection) };
  const data = {
    connectionId: connection.connection,
    subject: externalOf(connection, change.entity, record),
    reason,
  };
  return { ...saysOf(of, { subject })('ReconciliationRequested', data, discriminator), derived: true };
};
