// How do the tests of sources read? Connections and messages in one line each, and what a message says as plain rows.
import { existsSync, readFileSync } from 'node:fs';
import { catalog } from '../../../events/catalog.ts';
import type { Message } from '../../../events/sources/delivery.ts';
import type { Connection, Source, SourceFact, Translation } from '../../../events/sources/source.ts';

const samples = new URL('../../../../shared/reference/samples/', import.meta.url);

/** The vendors' samples stand beside the repository; where they are missing, tests over them are skipped. */
export const samplesAreHere = existsSync(new URL('manifest.json', samples));

export const sampleText = (file: string): string => readFileSync(new URL(file, samples), 'utf8');

export const org = '00DHp00000TqkABMAZ';
export const receivedAt = '2026-12-01T00:00:00.000Z';

export const connectionTo = (source: Source, given: { readonly [key: string]: unknown } = {}): Connection => ({
  connection: 'conn-1',
  source: source.name,
  tenantId: 'northwind',
  account: source.name === 'salesforce' ? org : 'acct_1',
  allowedTypes: source.defaultTypes,
  mapping: source.mapping.parse(given),
});

export const messageOf = (body: unknown, headers: Message['headers'] = {}): Message => ({
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers,
  receivedAt,
});

/** The facts of a translation; fails the test, with what it says instead, where there are none. */
export const factsIn = (translation: Translation): readonly SourceFact[] => {
  if (translation.outcome !== 'facts') throw new Error(`expected facts: ${JSON.stringify(translation)}`);
  return translation.facts;
};

/** What the sender says, without what the adapter concludes. */
export const saidIn = (translation: Translation): readonly SourceFact[] =>
  factsIn(translation).filter(({ derived, type }) => derived !== true || type === 'ReconciliationRequested');

/** The data as the catalog parses it; fails the test where it doesn't. */
export const dataOf = (fact: SourceFact | undefined): unknown => {
  if (fact === undefined) throw new Error('expected a fact');
  return catalog[fact.type].data.parse(fact.data);
};

/** A Salesforce change event as Event Relay puts it on the bus. */
export const relayed = (header: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, unknown>> = {}) => ({
  id: 'e-1',
  'detail-type': `${String(header.entityName ?? 'Opportunity')}ChangeEvent`,
  source: `aws.partner/salesforce.com/${org}/0YLHp0000004Cb1OAE`,
  detail: {
    payload: {
      ChangeEventHeader: {
        entityName: 'Opportunity',
        recordIds: ['006Hp00001XkQ2mIAF'],
        changeType: 'UPDATE',
        transactionKey: 'tx-1',
        sequenceNumber: 1,
        commitTimestamp: 1781341200000,
        commitNumber: 7,
        changedFields: Object.keys(fields),
        ...header,
      },
      ...fields,
    },
  },
});
