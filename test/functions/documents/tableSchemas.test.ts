// Do the tables' JSON Schemas match the rows that the domain computes?
import { describe, expect, it } from 'vitest';
import { askedTables, referenceTables } from '../../../domain/rows/catalog.ts';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import { flagEvidence } from '../../../domain/rows/flagEvidence.ts';
import type { Row } from '../../../domain/rows/row.ts';
import { parseRecorded, type RecordedEvent } from '../../../events/catalog.ts';
import { parseStreamId } from '../../../events/identifiers.ts';
import { tableSchemaDocuments } from '../../../functions/documents/tableSchemas.ts';
import { contextOf } from '../../support/contexts.ts';
import { fixtures } from '../../support/fixtures.ts';
import { recorded } from '../../support/histories/events.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { strictAjv, wrongIn } from '../../support/jsonSchemas.ts';
import { engagementsAt, rollUp } from '../../support/rolledUp.ts';

const schemas = tableSchemaDocuments();
const events = [...fixtures.values()].flatMap((fixture): readonly RecordedEvent[] => {
  const parsed = parseRecorded(fixture);
  return parsed.ok ? [parsed.value] : [];
});
const of = (kind: string): readonly RecordedEvent[] =>
  events.filter(({ streamId }) => parseStreamId(streamId).kind === kind);

/** All rows of the engagement at an instant. */
const atInstant = (now: string, told: readonly RecordedEvent[] = of('engagement')): readonly Row[] => {
  const known = told.filter(({ occurredAt }) => occurredAt <= now);
  const { head, rows } = rowsOf({ events: known, context: contextOf({ tenantId: 'northwind' }), now });
  // They include the rows of the groups that it feeds.
  return rollUp(new Map([[head.rowKey, [head, ...rows]]]), now).rows;
};

/** Six wins of one partner, without an offer and with revenue: it fails across them, and one is among its largest. All are registered for partners of their own. */
const many = Array.from({ length: 6 }, (_, index) => {
  const words = engagement(`many-${index}`);
  const opened = words.opened('2026-01-01', { lead: 'p' });
  const won = recorded('DealClosed', { result: 'won' }, { at: `2026-02-0${index + 1}`, stream: opened.streamId });
  const account = (id: string) => ({ system: 'crm', kind: 'account', id });
  const registered = recorded(
    'DealRegistered',
    { registrationId: 'r', customer: account('c'), partner: account(`p-${index}`) },
    { at: '2026-01-10', stream: opened.streamId },
  );
  return [opened, registered, won, words.started('2026-02-10', 's', 100 + index)];
}).flat();

const computed: readonly Row[] = [
  ...rollUp(engagementsAt('2026-06-30', many), '2026-06-30T00:00:00.000Z').rows,
  ...atInstant('2026-03-26T17:00:00.000Z'),
  ...atInstant('2030-01-01T00:00:00.000Z'),
  // Imported later as a whole, so that nobody knows what did not happen.
  ...atInstant(
    '2026-03-26T17:00:00.000Z',
    of('engagement').map((event) => ({ ...event, recordedAt: '2030-01-01T00:00:00.000Z' })),
  ),
  ...referenceTables.flatMap((table) => table.rows({ events: of(table.grain), links: new Map() })),
];

const read = (keep: (row: Row) => boolean) =>
  computed.filter(keep).map(({ rowKey, columns }) => ({ rowKey, ...columns }));

/** The evidence of the flags among them. */
const evidence = read(({ table }) => table === 'flags' || table === 'partner_flags').flatMap(flagEvidence.rowsIn);

it('each table has a schema, with its title and its meaning', () => {
  expect([...schemas.keys()]).toEqual(askedTables.map(({ name }) => name));
  for (const { name, describes } of askedTables) {
    expect(schemas.get(name)).toMatchObject({
      $id: `urn:throughline:schema:table:${name}`,
      title: name,
      description: describes,
    });
  }
});

describe.each(askedTables.map(({ name }) => [name] as const))('rows of %s', (name) => {
  const validate = strictAjv().compile(schemas.get(name) ?? false);
  const rows = name === flagEvidence.name ? evidence : read(({ table }) => table === name);

  it('match their schema', () => {
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(wrongIn(validate, row)).toEqual([]);
  });

  it('do not match it without one of their columns, or with a further one', () => {
    const [row = { rowKey: '' }] = rows;
    for (const column of Object.keys(row)) {
      const { [column]: _, ...others } = Object(row);
      expect(wrongIn(validate, others), column).not.toEqual([]);
    }
    expect(wrongIn(validate, { ...row, stranger: 1 })).not.toEqual([]);
  });
});
