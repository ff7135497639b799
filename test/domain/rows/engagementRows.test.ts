// Do rows depend on facts alone, in any order of arrival, at any instant, and as of any earlier one?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../domain/context/policy.ts';
import { standing } from '../../../domain/history.ts';
import { tables } from '../../../domain/rows/catalog.ts';
import { type EngagementSource, rowsOf, withOwnKeys } from '../../../domain/rows/engagementRows.ts';
import type { Row } from '../../../domain/rows/row.ts';
import { addMilliseconds } from '../../../events/instant.ts';
import { contextOf, offersOf } from '../../support/contexts.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { deliver, deliveriesOf, someFacts, someNow } from '../../support/histories/histories.ts';
import { observing } from '../../support/histories/observing.ts';

const context = contextOf({
  offers: offersOf(
    recorded(
      'OfferPublished',
      { offerId: 'offer', version: 1, components: [{ componentId: 'a', kind: 'base_licence' }], routes: ['direct'] },
      { at: '2025-01-01' },
    ),
  ),
  // Fixed, so that rows don't depend on when the first event arrived.
  policy: { ...observing, version: 4 },
});

/** Columns without when something became known here, at any depth. */
const withoutRecordedAt = (columns: Row['columns']): Row['columns'] =>
  JSON.parse(JSON.stringify(columns, (name, value) => (name === 'recordedAt' ? undefined : value)));

/** Every row by table and key, without what law 2 lets depend on arrival. */
const tabled = (source: EngagementSource): Readonly<Record<string, Row['columns']>> => {
  const { head, rows } = rowsOf(source);
  return Object.fromEntries(
    [head, ...rows].map(({ table, rowKey, columns: { lastEventId, ...columns } }) => [
      `${table} ${rowKey}`,
      withoutRecordedAt(columns),
    ]),
  );
};

describe('rows of any history', () => {
  it('are the same for any order and number of deliveries', () => {
    const arrivals = someFacts.chain((facts) => fc.tuple(deliveriesOf(facts), deliveriesOf(facts)));
    fc.assert(
      fc.property(arrivals, someNow, ([one, other], now) => {
        expect(tabled({ events: deliver(one), context, now })).toEqual(
          tabled({ events: deliver(other), context, now }),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('have unique keys that begin with the engagement, and fit their columns', () => {
    fc.assert(
      fc.property(someFacts, someNow, (facts, now) => {
        const { head, rows } = rowsOf({ events: deliver(facts), context, now });
        expect(head).toMatchObject({ table: 'engagements', rowKey: 'e1' });
        expect(new Set(rows.map(({ table, rowKey }) => `${table} ${rowKey}`)).size).toBe(rows.length);
        for (const row of [head, ...rows]) {
          expect(row.rowKey.split('#')[0]).toBe('e1');
          expect(tables.find(({ name }) => name === row.table)?.columns.parse(row.columns)).toEqual(row.columns);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['where everything is observed', context],
    ['where silence counts from the first recording', contextOf({ offers: context.offers })],
  ])('change by time alone only at the instant that they name, %s', (_, context) => {
    fc.assert(
      fc.property(someFacts, someNow, fc.double({ min: 0, max: 1, noNaN: true }), (facts, now, share) => {
        const events = deliver(facts);
        const due = rowsOf({ events, context, now }).nextDueAt ?? addMilliseconds(now, 400 * 86_400_000);
        const wait = Math.floor((Date.parse(due) - Date.parse(now) - 1) * share);
        expect(tabled({ events, context, now: addMilliseconds(now, wait) })).toEqual(tabled({ events, context, now }));
      }),
      { numRuns: 400 },
    );
  });

  it('as of an instant depend on nothing that was recorded after it', () => {
    fc.assert(
      fc.property(someFacts, someFacts, someNow, (facts, later, now) => {
        const before = deliver(facts);
        const recordedUntil = before.at(-1)?.recordedAt;
        const after = standing({ events: deliver([...facts, ...later]) }, { recordedUntil });
        expect(tabled({ events: after, context, now })).toEqual(tabled({ events: before, context, now }));
      }),
    );
  });

  it('as of an instant on the occurred clock are those of that instant, except for facts dated ahead', () => {
    fc.assert(
      fc.property(someFacts, someNow, (facts, at) => {
        const events = deliver(facts);
        const stood = standing({ events }, { occurredUntil: at });
        const asOf = stood.length === 0 ? [] : rowsOf({ events: stood, context, now: at }).rows;
        expect(asOf).toEqual(rowsOf({ events, context, now: at }).rows);
      }),
    );
  });
});

describe('an engagement', () => {
  const now = instant('2026-06-01');

  it('has a head row that waits for its first fact if all its facts are dated ahead', () => {
    const events = [recorded('EngagementOpened', {}, { at: '2026-07-01' })];
    const { head, rows, nextDueAt } = rowsOf({ events, context, now });
    expect(rows).toEqual([]);
    expect(nextDueAt).toBe('2026-07-01T00:00:00.000Z');
    expect(head).toMatchObject({ rowKey: 'e1', columns: { stage: null, stageReason: 'notOpened', nextDueAt } });
  });

  it('has no rows without events: to ask for them throws', () => {
    expect(() => rowsOf({ events: [], context, now })).toThrow('at least one recorded event');
  });

  it('does not change by a StageEntered', () => {
    const opened = recorded('EngagementOpened', {}, { at: '2026-05-01' });
    const entered = recorded(
      'StageEntered',
      { stage: 'sell', openedBy: opened.eventId },
      { at: '2026-05-01', version: 2 },
    );
    expect(rowsOf({ events: [opened, entered], context, now })).toEqual(rowsOf({ events: [opened], context, now }));
  });
});

describe('required handoffs that overlap', () => {
  const pair = (...fromStages: readonly ('sell' | 'procure' | 'deliver')[]) => ({
    fromStages,
    toStage: 'deliver' as const,
    withinBusinessDays: 5,
  });
  const events = [
    recorded('DealClosed', { result: 'won' }, { at: '2026-03-02T10:00' }),
    recorded('DeliveryStarted', {}, { at: '2026-03-04T09:00' }),
  ];
  const flagsUnder = (...handoffs: readonly ReturnType<typeof pair>[]): readonly Row[] =>
    rowsOf({
      events,
      context: contextOf({ policy: { ...defaultPolicy, handoffs } }),
      now: instant('2026-03-20'),
    }).rows.filter(({ table, columns }) => table === 'flags' && columns.rule === 'P3.1');

  it('are needed once: the first one holds', () => {
    const alone = flagsUnder(pair('sell', 'procure'));
    expect(alone).toHaveLength(1);
    expect(flagsUnder(pair('sell', 'procure'), pair('sell', 'procure'), pair('procure', 'deliver'))).toEqual(alone);
    expect(flagsUnder(pair('sell'), pair('procure'))).toHaveLength(2);
  });
});

describe('rows of one key', () => {
  const row: Row = { table: 'flags', rowKey: 'e1#P3.1#a', columns: {} };

  it('are a bug, and the error names their row id', () => {
    expect(() => withOwnKeys([row, { ...row, rowKey: 'e1#P3.1#b' }, row])).toThrow('flags|e1#P3.1#a');
    expect(withOwnKeys([row, { ...row, table: 'deadlines' }])).toHaveLength(2);
  });
});
