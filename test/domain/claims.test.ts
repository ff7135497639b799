// Can the measured party change what others said, hide it, or take it back?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealValues, moneyOfDeal } from '../../domain/engagement/dealValues.ts';
import { deviationsOf } from '../../domain/engagement/deviations.ts';
import { foldEngagement } from '../../domain/engagement/engagement.ts';
import { inFoldOrder, standing } from '../../domain/history.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { contextOf } from '../support/contexts.ts';
import { fact, type RecordedOptions, recorded } from '../support/histories/events.ts';
import { given } from '../support/histories/given.ts';

const partner = { role: 'partner', partyId: 'p1' } as const;
const another = { role: 'partner', partyId: 'p2' } as const;
const vendor = { role: 'vendor' } as const;

const opened = recorded('EngagementOpened', {}, { at: '2026-01-01' });
const won = recorded(
  'DealClosed',
  { result: 'won', value: { amount: '100.00', currency: 'EUR' } },
  { at: '2026-02-01', sourceId: 'won' },
);
const wonBy = (amount: string, options: Omit<RecordedOptions, 'at'> & { readonly at?: string }) =>
  recorded('DealClosed', { result: 'won', value: { amount, currency: 'EUR' } }, { at: '2026-02-01', ...options });

const deviationsIn = (...events: readonly RecordedEvent[]) =>
  deviationsOf(foldEngagement(standing({ events })), contextOf()).filter(({ kind }) => kind !== 'dealClosedTwice');

const valueIn = (...events: readonly RecordedEvent[]): number | undefined => {
  const last = dealValues(foldEngagement(standing({ events }))).at(-1);
  return last === undefined ? undefined : moneyOfDeal(last)?.amountMinor;
};

describe('a partner', () => {
  const correcting = (saidBy: RecordedOptions['saidBy'], supersedes: string) =>
    fact('DealClosed', { result: 'lost' }, { at: '2026-02-01', actor: 'someone', saidBy, supersedes });
  const own = wonBy('90.00', { actor: 'pat', saidBy: partner, at: '2026-02-01' });

  it.each([
    ['the vendor’s people', wonBy('90.00', { actor: 'vera', saidBy: vendor })],
    ['a system', won],
    ['another partner', wonBy('90.00', { actor: 'paul', saidBy: another })],
  ])('may not replace what %s said', (_who, said) => {
    given(opened, said).when(correcting(partner, said.eventId)).isRefused('notYours');
    given(opened, said).when(correcting(vendor, said.eventId)).isAccepted();
  });

  it.each([
    ['the vendor’s people', wonBy('90.00', { actor: 'vera', saidBy: vendor })],
    ['a system', won],
    ['another partner', wonBy('90.00', { actor: 'paul', saidBy: another })],
  ])('may not take back what %s said', (_who, said) => {
    const retraction = (saidBy: RecordedOptions['saidBy']) =>
      fact('FactRetracted', { eventId: said.eventId, reason: 'wrong' }, { at: '2026-03-01', actor: 'x', saidBy });
    given(opened, said).when(retraction(partner)).isRefused('notYours');
    given(opened, said).when(retraction(vendor)).isAccepted();
  });

  it('may replace and take back its own words', () => {
    given(opened, own).when(correcting(partner, own.eventId)).isAccepted();
    given(opened, own)
      .when(
        fact(
          'FactRetracted',
          { eventId: own.eventId, reason: 'wrong' },
          { at: '2026-03-01', actor: 'pat', saidBy: partner },
        ),
      )
      .isAccepted();
  });

  it.each([
    [
      'replaces',
      recorded(
        'DealClosed',
        { result: 'lost' },
        { at: '2026-02-01', saidBy: partner, supersedes: won.eventId, sourceId: 'x' },
      ),
    ],
    [
      'takes back',
      recorded('FactRetracted', { eventId: won.eventId, reason: 'wrong' }, { at: '2026-02-02', saidBy: partner }),
    ],
  ])('changes nothing where its recorded event %s the word of a system', (_how, event) => {
    for (const events of [
      [opened, won, event],
      [opened, event, won],
    ]) {
      expect(standing({ events })).toContainEqual(won);
    }
  });
});

describe('the word of the vendor or a system', () => {
  it.each([
    ['before it', '2026-01-20'],
    ['after it', '2026-02-20'],
  ])('holds where a partner says another value %s', (_when, at) => {
    const claim = recorded('DealRevised', { value: { amount: '1.00', currency: 'EUR' } }, { at, saidBy: partner });
    expect(valueIn(opened, won, claim)).toBe(10_000);
    expect(deviationsIn(opened, won, claim)).toEqual([
      { kind: 'valueClaimsDiffer', about: '1.00', eventIds: [claim.eventId, won.eventId] },
    ]);
    const believed = recorded('ClaimConfirmed', { eventId: claim.eventId, reason: 'seen' }, { at: '2026-03-01' });
    expect(valueIn(opened, won, claim, believed)).toBe(at < '2026-02-01' ? 10_000 : 100);
  });

  it('stands over a partner’s word on the same thing, in any order of their times', () => {
    const things: readonly ((options: RecordedOptions) => RecordedEvent)[] = [
      (options) => recorded('EngagementOpened', { leadPartner: { system: 'crm', kind: 'account', id: 'x' } }, options),
      (options) => recorded('DealClosed', { result: 'lost' }, options),
      (options) => recorded('OutcomeAgreed', { outcomeId: 'o1' }, options),
      (options) => recorded('MilestoneReached', { milestone: 'go_live' }, options),
      (options) => recorded('ValueReported', { reportId: 'r1', sections: [] }, options),
      (options) => recorded('HandoffRejected', { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver' }, options),
      (options) => recorded('SubscriptionEnded', { subscriptionId: 's1', reason: 'unused' }, options),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...things),
        fc.integer({ min: 1, max: 28 }),
        fc.integer({ min: 1, max: 28 }),
        (make, first, second) => {
          const day = (n: number): string => `2026-02-${String(n).padStart(2, '0')}`;
          const word = make({ at: day(first), sourceId: 'theirs' });
          const claim = make({ at: day(second), sourceId: 'ours', saidBy: partner });
          const { events, stoodAside } = foldEngagement([word, claim].sort(inFoldOrder));
          expect(events).toEqual([word]);
          expect(stoodAside).toEqual([{ claim, word }]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leaves a partner’s word on another thing alone', () => {
    const claim = recorded('MilestoneReached', { milestone: 'first_value' }, { at: '2026-02-01', saidBy: partner });
    const word = recorded('MilestoneReached', { milestone: 'go_live' }, { at: '2026-02-01' });
    expect(foldEngagement([claim, word].sort(inFoldOrder)).stoodAside).toEqual([]);
  });

  it('ranks before a partner’s claim of an order, whomever that names as claimant', () => {
    const order = { orderId: 'o1', legs: [], fees: [] };
    const theirs = recorded(
      'OrderPlaced',
      { ...order, claimedBy: 'crm', total: { amount: '100', currency: 'EUR' } },
      { at: '2026-02-01' },
    );
    const ours = recorded(
      'OrderPlaced',
      { ...order, claimedBy: 'seller_of_record', total: { amount: '1', currency: 'EUR' } },
      { at: '2026-02-02', saidBy: partner },
    );
    const { orders } = foldEngagement(standing({ events: [theirs, ours] }));
    expect(orders.map(({ said, differences }) => [said.total?.amount, differences])).toEqual([['100', ['total']]]);
  });
});

describe('a deal’s closing or an order that is replaced', () => {
  it.each([
    ['by the vendor', vendor],
    ['by the partner that said it', partner],
  ])('is a deviation with both events, %s', (_who, saidBy) => {
    const first = wonBy('90.00', { actor: 'a', saidBy });
    const second = wonBy('80.00', { actor: 'a', saidBy, supersedes: first.eventId, sourceId: 'second' });
    expect(deviationsIn(opened, first, second)).toEqual([
      { kind: 'closingSuperseded', about: 'won', eventIds: [first.eventId, second.eventId] },
    ]);
  });

  it('names both orders', () => {
    const placed = (options: RecordedOptions) =>
      recorded('OrderPlaced', { orderId: 'o1', claimedBy: 'crm', legs: [], fees: [] }, options);
    const first = placed({ at: '2026-02-01', actor: 'a', saidBy: vendor, sourceId: 'one' });
    const second = placed({ at: '2026-02-01', actor: 'a', saidBy: vendor, supersedes: first.eventId, sourceId: 'two' });
    expect(deviationsIn(opened, first, second)).toEqual([
      { kind: 'orderSuperseded', about: 'o1', eventIds: [first.eventId, second.eventId] },
    ]);
  });
});

describe('a judgement on a claim', () => {
  const claim = wonBy('90.00', { actor: 'pat', saidBy: partner, sourceId: 'claim' });
  const judging = (type: 'ClaimConfirmed' | 'ClaimRejected', eventId: string) =>
    fact(type, { eventId, reason: 'seen' }, { at: '2026-03-01', actor: 'vera', saidBy: vendor });
  const judged = (type: 'ClaimConfirmed' | 'ClaimRejected', at: string) =>
    recorded(type, { eventId: claim.eventId, reason: 'seen' }, { at, actor: 'vera', saidBy: vendor });

  it('is refused on what nobody said, on what no partner said, and twice', () => {
    given(opened, claim).when(judging('ClaimConfirmed', 'nothing')).isRefused('claimUnknown');
    given(opened, won).when(judging('ClaimRejected', won.eventId)).isRefused('notAClaim');
    given(opened, claim).when(judging('ClaimConfirmed', claim.eventId)).isAccepted();
    given(opened, claim, judged('ClaimConfirmed', '2026-02-10'))
      .when(judging('ClaimConfirmed', claim.eventId))
      .isRefused('alreadyJudged');
    given(opened, claim, judged('ClaimConfirmed', '2026-02-10'))
      .when(judging('ClaimRejected', claim.eventId))
      .isAccepted();
  });

  it('that rejects it makes it count as never said, until a later one confirms it', () => {
    const rejected = judged('ClaimRejected', '2026-02-10');
    expect(standing({ events: [opened, claim, rejected] })).not.toContainEqual(claim);
    expect(standing({ events: [opened, rejected, claim] })).not.toContainEqual(claim);
    expect(standing({ events: [opened, claim, rejected, judged('ClaimConfirmed', '2026-02-11')] })).toContainEqual(
      claim,
    );
    const back = recorded('FactRetracted', { eventId: rejected.eventId, reason: 'wrong' }, { at: '2026-02-12' });
    expect(standing({ events: [opened, claim, rejected, back] })).toContainEqual(claim);
  });

  it('that rejects a correction lets the corrected event stand again', () => {
    const correction = wonBy('80.00', { actor: 'pat', saidBy: partner, supersedes: claim.eventId, sourceId: 'two' });
    const rejected = recorded('ClaimRejected', { eventId: correction.eventId, reason: 'no' }, { at: '2026-02-10' });
    expect(standing({ events: [opened, claim, correction] })).not.toContainEqual(claim);
    expect(standing({ events: [opened, claim, correction, rejected] })).toContainEqual(claim);
  });

  it('on the word of the vendor does nothing', () => {
    const rejected = recorded('ClaimRejected', { eventId: won.eventId, reason: 'no' }, { at: '2026-02-10' });
    expect(standing({ events: [opened, won, rejected] })).toContainEqual(won);
  });
});
