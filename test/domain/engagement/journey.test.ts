// Which stages does an engagement pass: by facts, by time into Renew, by renewal, and until its end?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { cycleAt } from '../../../domain/engagement/journey.ts';
import { historyOf, inFoldOrder, standing } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { stages } from '../../../events/stage.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { deliver, someFacts, someNow } from '../../support/histories/histories.ts';

const opened = recorded('EngagementOpened', {}, { at: '2026-01-05' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
const lost = recorded('DealClosed', { result: 'lost' }, { at: '2026-02-01' });
const fulfilled = recorded('OrderFulfilled', { orderId: 'O1' }, { at: '2026-02-10' });
const delivery = recorded('DeliveryStarted', {}, { at: '2026-02-12' });
const live = recorded('MilestoneReached', { milestone: 'go_live' }, { at: '2026-03-01' });
const proposed = recorded('RenewalProposed', {}, { at: '2026-11-20' });
const start = (
  subscriptionId: string,
  at: string,
  termEnd: string,
  kind: 'base_licence' | 'add_on_service' = 'base_licence',
) =>
  recorded('SubscriptionStarted', { subscriptionId, kind, termStart: instant(at), termEnd: instant(termEnd) }, { at });
const renew = (subscriptionId: string, at: string, termStart: string, termEnd: string) =>
  recorded('SubscriptionRenewed', { subscriptionId, termStart: instant(termStart), termEnd: instant(termEnd) }, { at });
const end = (subscriptionId: string, at: string) => recorded('SubscriptionEnded', { subscriptionId }, { at });

const journey = (until: string, ...events: readonly RecordedEvent[]) =>
  foldEngagement(
    [...events].sort(inFoldOrder).filter((event) => event.occurredAt <= instant(until)),
    instant(until),
  ).journey;
const path = (until: string, ...events: readonly RecordedEvent[]): readonly string[] =>
  journey(until, ...events).visits.map(({ stage, cycle, enteredAt }) => `${cycle} ${stage} ${enteredAt.slice(0, 10)}`);

describe('stages', () => {
  it('open by facts, and only forward', () => {
    expect(path('2026-12-01', opened, won, fulfilled, live, proposed)).toEqual([
      '1 sell 2026-01-05',
      '1 procure 2026-02-01',
      '1 deliver 2026-02-10',
      '1 report 2026-03-01',
      '1 renew 2026-11-20',
    ]);
  });

  it('are entered once: Deliver by a fulfilment or by a start, whichever comes first', () => {
    expect(path('2026-12-01', fulfilled, delivery)).toEqual(['1 deliver 2026-02-10']);
    expect(path('2026-12-01', delivery)).toEqual(['1 deliver 2026-02-12']);
  });

  it('may be skipped, and never go back', () => {
    expect(path('2026-12-01', opened, live, recorded('DealClosed', { result: 'won' }, { at: '2026-04-01' }))).toEqual([
      '1 sell 2026-01-05',
      '1 report 2026-03-01',
    ]);
  });

  it('do not exist before a fact opens one', () => {
    expect(journey('2026-12-01', recorded('DealRevised', { salesStage: 'a' }, { at: '2026-01-01' }))).toMatchObject({
      visits: [],
      cycles: [],
    });
    expect(
      path('2026-12-01', recorded('MilestoneReached', { milestone: 'implemented' }, { at: '2026-03-01' })),
    ).toEqual([]);
  });

  it('are left when the next is entered', () => {
    const [sell, procure] = journey('2026-12-01', opened, won).visits;
    expect(sell).toMatchObject({ leftAt: won.occurredAt, enteredBy: opened });
    expect(procure).toMatchObject({ leftAt: undefined, enteredBy: won });
  });
});

describe('Renew', () => {
  const year = start('s1', '2026-02-01', '2027-02-01');

  it('opens by time, 90 days before the earliest undecided end', () => {
    expect(path('2026-11-02', opened, live, year).at(-1)).toBe('1 report 2026-03-01');
    expect(path('2026-11-03', opened, live, year).at(-1)).toBe('1 renew 2026-11-03');
    expect(journey('2026-11-03', opened, live, year).visits.at(-1)?.enteredBy).toBeUndefined();
  });

  it('does not open by time before any stage, nor for a decided or a short term', () => {
    expect(path('2027-06-01', renew('s1', '2026-02-01', '2026-02-01', '2027-02-01'))).toEqual([]);
    const early = renew('s1', '2026-10-01', '2027-02-01', '2028-02-01');
    expect(path('2026-12-01', opened, live, year, early).filter((step) => step.includes('renew'))).toEqual([]);
    const month = start('m', '2026-03-01', '2026-04-01');
    expect(path('2026-12-01', opened, live, month).at(-1)).toBe('1 report 2026-03-01');
  });

  it('names the future instant at which it will open', () => {
    expect(journey('2026-03-05', opened, live, year).turns).toContain(instant('2026-11-03'));
  });
});

describe('a renewal', () => {
  const year = start('s1', '2026-02-01', '2027-02-01');
  const again = renew('s1', '2027-01-10', '2027-02-01', '2028-02-01');

  it('of the anchor subscription begins a new cycle and returns to Report', () => {
    const events = [opened, live, year, again];
    expect(path('2027-03-01', ...events).slice(-2)).toEqual(['1 renew 2026-11-03', '2 report 2027-01-10']);
    const { cycles } = journey('2027-03-01', ...events);
    expect(cycles).toMatchObject([
      { cycle: 1, endedAt: again.occurredAt },
      { cycle: 2, startedAt: again.occurredAt, endedAt: undefined },
    ]);
  });

  it('leaves the stage in Renew while another undecided term is in its window', () => {
    const addOn = start('s2', '2026-02-01', '2027-02-01', 'add_on_service');
    expect(path('2027-03-01', opened, live, year, addOn, again).at(-1)).toBe('2 renew 2027-01-10');
  });

  it('of another subscription, or of a short term, begins no new cycle', () => {
    const addOn = start('s2', '2026-02-01', '2027-02-01', 'add_on_service');
    const other = renew('s2', '2027-01-10', '2027-02-01', '2028-02-01');
    expect(journey('2027-03-01', opened, live, year, addOn, other).cycles).toHaveLength(1);
    const month = start('m', '2026-03-01', '2026-04-01');
    expect(
      journey('2026-05-01', opened, live, month, renew('m', '2026-04-01', '2026-04-01', '2026-05-01')).cycles,
    ).toHaveLength(1);
  });

  it('of a short term returns to Report within the cycle, as soon as no proposal is open', () => {
    const month = start('m', '2026-03-01', '2026-04-01');
    const asked = (...subscriptionIds: readonly string[]) =>
      recorded('RenewalProposed', { subscriptionIds: [...subscriptionIds] }, { at: '2026-03-20' });
    const monthly = renew('m', '2026-04-01', '2026-04-01', '2026-05-01');
    const addOn = start('s2', '2026-03-01', '2026-04-01', 'add_on_service');
    expect(path('2026-05-01', opened, live, month, asked(), monthly).slice(-2)).toEqual([
      '1 renew 2026-03-20',
      '1 report 2026-04-01',
    ]);
    expect(path('2026-05-01', opened, live, month, addOn, asked('m', 's2'), monthly).at(-1)).toBe('1 renew 2026-03-20');
    const year = start('s3', '2026-02-20', '2026-05-25', 'add_on_service');
    expect(
      path(
        '2026-05-10',
        opened,
        live,
        month,
        year,
        asked('m'),
        renew('m', '2026-05-03', '2026-04-01', '2026-05-01'),
      ).at(-1),
    ).toBe('1 renew 2026-03-20');
  });

  it('separates the cycles before and after it', () => {
    const passed = journey('2027-03-01', opened, live, year, again);
    expect(cycleAt(passed, instant('2025-01-01'))).toBe(1);
    expect(cycleAt(passed, instant('2026-12-31'))).toBe(1);
    expect(cycleAt(passed, again.occurredAt)).toBe(2);
  });
});

describe('an engagement ends', () => {
  const year = start('s1', '2026-02-01', '2027-02-01');

  it('by a lost deal, and opens again if the deal is then won', () => {
    expect(journey('2026-12-01', opened, lost)).toMatchObject({
      ending: { at: lost.occurredAt, reason: 'lost', event: lost },
      visits: [{ leftAt: lost.occurredAt }],
    });
    const rewon = recorded('DealClosed', { result: 'won' }, { at: '2026-05-01' });
    const resumed = journey('2026-12-01', opened, lost, rewon);
    expect(resumed.ending).toBeUndefined();
    expect(resumed.visits.at(-1)).toMatchObject({ stage: 'procure', enteredAt: rewon.occurredAt });
  });

  it('not by a lost deal while a subscription lives', () => {
    const lostLater = recorded('DealClosed', { result: 'lost' }, { at: '2026-08-01' });
    expect(journey('2026-12-01', opened, won, year, lostLater).ending).toBeUndefined();
  });

  it('with the end of its last subscription, when that end takes effect', () => {
    const addOn = start('s2', '2026-02-01', '2027-02-01', 'add_on_service');
    const announced = recorded(
      'SubscriptionEnded',
      { subscriptionId: 's2', effectiveAt: instant('2026-09-01') },
      { at: '2026-07-01' },
    );
    const events = [opened, won, year, addOn, end('s1', '2026-08-01'), announced];
    expect(journey('2026-08-31', ...events).ending).toBeUndefined();
    expect(journey('2026-09-01', ...events).ending).toMatchObject({
      at: instant('2026-09-01'),
      reason: 'subscriptionsEnded',
    });
  });

  it('and goes on when a subscription starts again', () => {
    const events = [opened, won, year, end('s1', '2026-08-01'), start('s3', '2026-10-01', '2027-10-01')];
    expect(journey('2026-09-01', ...events).ending?.reason).toBe('subscriptionsEnded');
    const resumed = journey('2026-10-01', ...events);
    expect(resumed.ending).toBeUndefined();
    expect(resumed.visits.slice(-2)).toMatchObject([
      { stage: 'deliver', leftAt: instant('2026-08-01') },
      { stage: 'deliver', enteredAt: instant('2026-10-01'), leftAt: undefined },
    ]);
    expect(resumed.resumed).toMatchObject({ ending: { at: instant('2026-08-01') }, at: instant('2026-10-01') });
  });

  it('not with a subscription that another one follows at once', () => {
    const next = start('s3', '2026-08-01', '2027-08-01');
    const { ending, visits } = journey('2026-12-01', opened, won, year, end('s1', '2026-08-01'), next);
    expect(ending).toBeUndefined();
    expect(visits.map(({ stage }) => stage)).toEqual(['sell', 'procure', 'deliver']);
  });

  it('by a lost deal, until a subscription starts', () => {
    const events = [opened, lost, start('s3', '2026-10-01', '2027-10-01')];
    expect(journey('2026-09-01', ...events).ending?.reason).toBe('lost');
    expect(journey('2026-12-01', ...events).ending).toBeUndefined();
    const [sell, ...later] = journey('2026-12-01', ...events).visits;
    expect(sell).toMatchObject({ leftAt: lost.occurredAt });
    expect(later.map(({ stage }) => stage)).toEqual(['sell', 'deliver']);
  });
});

/** What may lead back within a cycle: a deal that opens again, and the renewal of a short term. */
const returns: readonly unknown[] = ['DealReopened', 'SubscriptionRenewed'];

describe('any journey', () => {
  it('goes forward within a cycle and has no gaps, one cycle after the other', () => {
    fc.assert(
      fc.property(someFacts, someNow, (facts, now) => {
        const events = standing(historyOf(deliver(facts)), { occurredUntil: now });
        const { visits, cycles } = foldEngagement(events, now).journey;
        visits.forEach((visit, index) => {
          const next = visits[index + 1];
          expect(visit.enteredAt <= (visit.leftAt ?? now)).toBe(true);
          if (next === undefined) return;
          expect(visit.leftAt !== undefined && visit.leftAt <= next.enteredAt).toBe(true);
          if (next.cycle === visit.cycle && !returns.includes(next.enteredBy?.type))
            expect(stages.indexOf(next.stage)).toBeGreaterThanOrEqual(stages.indexOf(visit.stage));
          expect([visit.cycle, visit.cycle + 1]).toContain(next.cycle);
        });
        expect(cycles.map(({ cycle }) => cycle)).toEqual(cycles.map((_, index) => index + 1));
      }),
      { numRuns: 300 },
    );
  });
});
