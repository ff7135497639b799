// Does each episode have one row, with the same id for ever, its evidence, the revenue at risk, and its clearing?
import { describe, expect, it } from 'vitest';
import { flags } from '../../../domain/rows/flags.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { columnsAt, org, partyId, tableAt } from '../../support/tabled.ts';

const opened = recorded('EngagementOpened', { customer: org('c'), leadPartner: org('p') }, { at: '2026-01-05' });
const started = recorded(
  'SubscriptionStarted',
  {
    subscriptionId: 's1',
    price: { amountMinor: 1000, currency: 'EUR' },
    billingPeriod: 'P1M',
    termStart: instant('2026-02-01'),
    termEnd: instant('2027-02-01'),
  },
  { at: '2026-02-01' },
);
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-02-02' });
const agreed = recorded('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-03-01' });
const ofRule = (rule: string, now: string, events: readonly RecordedEvent[]) =>
  tableAt('flags', now, events).filter(({ columns }) => columns.rule === rule);

describe('a flag', () => {
  const events = [opened, started, won];

  it('has a row while it is open, in the index of its pattern', () => {
    const [row] = ofRule('P1.1', '2026-02-03', events);
    expect(row).toMatchObject({
      rowKey: `e1#${row?.columns.flagId}`,
      columns: {
        pattern: 'toolsInsteadOfOutcomes',
        openPattern: 'toolsInsteadOfOutcomes',
        ruleSeverity: 'medium',
        severity: null,
        atRiskLedBy: partyId('p'),
        status: 'open',
        raisedAt: instant('2026-02-02T00:05'),
        openedByEvent: won.eventId,
        clearedAt: null,
        clearReason: null,
        clearedByEvent: null,
        customerId: partyId('c'),
        ledBy: partyId('p'),
        arrAtRiskMinor: 12_000,
        arrAtRiskCurrency: 'EUR',
        arrAtRiskReason: null,
        leadDaysAtRaising: 363,
        leadDaysToRenewal: null,
      },
    });
    expect(row?.columns.evidence).toContainEqual(expect.objectContaining({ kind: 'event', eventId: won.eventId }));
    expect(row?.columns.nextStep).toMatch(/./);
    expect(row?.columns.clearsWhen).toMatch(/./);
  });

  it('stays the same episode after it is cleared, but leaves the index', () => {
    const [open] = ofRule('P1.1', '2026-02-03', events);
    const [cleared] = ofRule('P1.1', '2026-04-01', [...events, agreed]);
    expect(cleared?.rowKey).toBe(open?.rowKey);
    expect(cleared?.columns).toMatchObject({
      status: 'cleared',
      openPattern: null,
      clearedAt: agreed.occurredAt,
      clearedByEvent: agreed.eventId,
      arrAtRiskMinor: 12_000,
      lastEventId: agreed.eventId,
    });
  });

  it('keeps its id when the fact that opened it is restated', () => {
    const close = (seq: string, amount: string) =>
      recorded(
        'DealClosed',
        { result: 'won', value: { amount, currency: 'EUR' } },
        { at: '2026-02-02', sourceId: 'deal', seq },
      );
    const [once] = ofRule('P1.1', '2026-02-03', [opened, close('1', '10')]);
    const [again] = ofRule('P1.1', '2026-02-03', [opened, close('1', '10'), close('2', '20')]);
    expect(again?.rowKey).toBe(once?.rowKey);
    expect(again?.columns.openedByEvent).not.toBe(once?.columns.openedByEvent);
  });

  it('has no row any more when a late fact proves that nothing was missing', () => {
    const inTime = recorded('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-01-20', recordedAt: '2026-05-01' });
    expect(ofRule('P1.1', '2026-06-01', [...events, inTime])).toEqual([]);
  });

  it('says why nothing is at risk if there is no recurring revenue', () => {
    expect(ofRule('P1.1', '2026-02-03', [opened, won])[0]?.columns).toMatchObject({
      arrAtRiskMinor: null,
      arrAtRiskReason: 'none',
      renewalDue: null,
      leadDaysAtRaising: null,
    });
  });

  it('counts the days to the renewal when it is read, so that no day changes its row', () => {
    const [today] = ofRule('P1.1', '2026-02-03', events);
    expect(ofRule('P1.1', '2026-06-03', events)).toEqual([today]);
    const days = (at: string) => today && flags.whenRead?.(today.columns, instant(at)).leadDaysToRenewal;
    expect([days('2026-02-03'), days('2026-02-03T00:00:00.001'), days('2027-02-01'), days('2027-02-02')]).toEqual([
      363, 362, 0, -1,
    ]);
    const [never] = ofRule('P1.1', '2026-02-03', [opened, won]);
    expect(never && flags.whenRead?.(never.columns, instant('2026-02-03'))).toEqual({ leadDaysToRenewal: null });
  });

  it('is counted by its engagement', () => {
    const open = columnsAt('flags', '2026-02-03', events).filter(({ status }) => status === 'open');
    expect(columnsAt('engagements', '2026-02-03', events)[0]).toMatchObject({ openFlags: open.length });
  });
});
