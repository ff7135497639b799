// Does each deadline have a row until it is met or falls due?
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { recorded } from '../../support/histories/events.ts';
import { columnsAt, tableAt } from '../../support/tabled.ts';

const won = recorded('DealClosed', { result: 'won' }, { at: '2026-03-02T10:00' });
const offered = recorded(
  'HandoffOffered',
  { handoffId: 'h', fromStage: 'sell', toStage: 'deliver' },
  { at: '2026-03-03' },
);
const waiting = (now: string, ...events: readonly RecordedEvent[]) =>
  tableAt('deadlines', now, [won, ...events]).filter(({ columns }) => columns.rule === 'P3.2');

describe('a deadline', () => {
  it('has a row from its arming on: the handoff is due 5 business days after the deal is won', () => {
    const [row] = waiting('2026-03-03');
    expect(row?.rowKey.startsWith('e1#P3.2#')).toBe(true);
    expect(row?.columns).toMatchObject({
      pattern: 'unclearHandoffs',
      armedBy: won.eventId,
      armedAt: won.occurredAt,
      dueAt: '2026-03-09T10:00:00.000Z',
      state: 'armed',
      because: null,
      lastEventId: won.eventId,
    });
    expect(row?.columns.waitsFor).toMatch(/./);
  });

  it('has no row once it is met, or becomes a flag', () => {
    expect(waiting('2026-03-04', offered)).toEqual([]);
    expect(waiting('2026-03-09T10:04:59.999Z')).toHaveLength(1);
    expect(waiting('2026-03-09T10:05')).toEqual([]);
    const flag = columnsAt('flags', '2026-03-09T10:05', [won]).find(({ rule }) => rule === 'P3.2');
    expect(flag).toMatchObject({ dueAt: '2026-03-09T10:00:00.000Z', raisedAt: '2026-03-09T10:05:00.000Z' });
  });

  it('makes the engagement due when its tolerance is over', () => {
    const due = columnsAt('deadlines', '2026-03-03', [won]).map(({ dueAt }) => dueAt);
    expect(due).toContain('2026-03-09T10:00:00.000Z');
    expect(columnsAt('engagements', '2026-03-03', [won])[0]?.nextDueAt).toBe('2026-03-09T10:05:00.000Z');
  });
});

describe('a suspended rule', () => {
  it('has a row without a due date, with the reason', () => {
    const started = recorded(
      'SubscriptionStarted',
      { subscriptionId: 's', termStart: '2026-03-01T00:00:00.000Z' },
      { at: '2026-03-01' },
    );
    const rows = columnsAt('deadlines', '2026-09-01', [started]).filter(({ rule }) => rule === 'P1.3');
    expect(rows).toMatchObject([
      { state: 'suspended', dueAt: null, waitsFor: null, because: expect.stringMatching(/./) },
    ]);
  });
});
