// Whatever a partner says, and however it dates it: what others said stands, and what was on the vendor's list stays there.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { severities } from '../../domain/patterns/pattern.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { contextOf } from '../support/contexts.ts';
import { type RecordedOptions, recorded } from '../support/histories/events.ts';
import { given } from '../support/histories/given.ts';

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const pair = (handoffId: string) => ({ handoffId, fromStage: 'sell', toStage: 'deliver' }) as const;
const parts = { toOwner: 'o', expectations: [{ textRef: 'e' }], contextRef: 'c' };
const legs = (amountMinor: number, from: string) => [
  { seq: 1, component: 'c', seller: org(from), buyer: org('b'), amount: { amountMinor, currency: 'EUR' } },
];

/** What the vendor and its systems say: a sale with flags of several rules. */
const theirs: readonly RecordedEvent[] = [
  recorded(
    'EngagementOpened',
    { leadPartner: org('p1'), customer: org('c1'), segment: 's1', expectedValue: { amount: '10', currency: 'EUR' } },
    { at: '2026-01-01' },
  ),
  recorded('SolutionProposed', { value: { amount: '20', currency: 'EUR' } }, { at: '2026-01-10' }),
  recorded('DealClosed', { result: 'won', value: { amount: '30', currency: 'EUR' } }, { at: '2026-02-02' }),
  recorded(
    'OrderPlaced',
    { claimedBy: 'crm', orderId: 'o1', agreementId: 'a1', legs: legs(5, 'v') },
    { at: '2026-02-03' },
  ),
  recorded(
    'OrderPlaced',
    { claimedBy: 'crm', orderId: 'o2', poNumber: 'po2', legs: legs(7, 'v') },
    { at: '2026-02-04' },
  ),
  recorded('HandoffOffered', pair('h1'), { at: '2026-02-20' }),
  recorded('DeliveryStarted', {}, { at: '2026-02-21' }),
  recorded('WorkLogged', { workId: 'w1', category: 'implementation', minutes: 1000 }, { at: '2026-02-22' }),
  recorded('DeviationRecorded', { kind: 'customisation', minutes: 500 }, { at: '2026-02-23' }),
  recorded('HandoffRejected', pair('h1'), { at: '2026-02-24' }),
];
const began = '2026-03-01T00:00:00.000Z';

const saying: readonly ((index: number, options: RecordedOptions) => RecordedEvent)[] = [
  (index, options) => recorded('EngagementOpened', { leadPartner: org(`p${index}`), customer: org('c2') }, options),
  (_, options) => recorded('CustomerIdentified', { customer: org('c2'), segment: 's2' }, options),
  (index, options) => recorded('OutcomeAgreed', { outcomeId: `o${index % 2}` }, options),
  (index, options) => recorded('RouteAgreed', { route: index % 2 === 0 ? 'direct' : 'co_sell' }, options),
  (_, options) => recorded('SolutionProposed', { value: { amount: '1', currency: 'EUR' } }, options),
  (_, options) => recorded('DealRevised', { value: { amount: '2', currency: 'USD' }, currency: 'USD' }, options),
  (_, options) => recorded('DealRevised', { value: null }, options),
  (index, options) => recorded('DealClosed', { result: index % 2 === 0 ? 'won' : 'lost' }, options),
  (index, options) =>
    recorded(
      'OrderPlaced',
      {
        ...{ claimedBy: 'seller_of_record', orderId: `o${index % 4}`, customer: org('c3'), legs: legs(1, 'p1') },
        ...(index % 2 === 0 ? { agreementId: 'a1' } : { poNumber: 'po2' }),
      },
      options,
    ),
  (index, options) => recorded('OrderFulfilled', { orderId: `o${index % 3}` }, options),
  (index, options) => recorded('DeliveryStarted', index % 2 === 0 ? {} : { templateRef: 't' }, options),
  (index, options) =>
    recorded('WorkLogged', { workId: `p${index}`, category: 'implementation', minutes: 9999 }, options),
  (_, options) => recorded('DeviationRecorded', { kind: 'customisation', minutes: 0 }, options),
  (_, options) => recorded('MilestoneReached', { milestone: 'go_live' }, options),
  (index, options) => recorded('ValueReported', { reportId: `r${index}`, sections: ['business_impact'] }, options),
  (_, options) => recorded('RenewalProposed', {}, options),
  (index, options) =>
    recorded('HandoffOffered', { ...pair(`h${index % 2}`), ...(index % 3 === 0 ? {} : parts) }, options),
  (index, options) => recorded('HandoffAccepted', pair(`h${index % 2}`), options),
  (index, options) => recorded('HandoffRejected', pair(`h${index % 2}`), options),
];

const Word = fc.record({
  /** Which saying; one more takes back what the partner said before. */
  kind: fc.integer({ min: 0, max: saying.length }),
  index: fc.integer({ min: 0, max: 7 }),
  pause: fc.constantFrom(60_000, 3_600_000, 86_400_000, 20 * 86_400_000),
  back: fc.constantFrom(0, 60_000, 3_600_000, 10 * 86_400_000, 45 * 86_400_000, 90 * 86_400_000),
  corrects: fc.boolean(),
  seq: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
});

/** The partner's events, each said after the one before it. */
const wordsOf = (
  words: readonly (typeof Word extends fc.Arbitrary<infer W> ? W : never)[],
): readonly RecordedEvent[] => {
  const said: RecordedEvent[] = [];
  let now: Instant = began;
  for (const [place, { kind, index, pause, back, corrects, seq }] of words.entries()) {
    now = addMilliseconds(now, pause);
    const options: RecordedOptions = {
      ...{ at: addMilliseconds(now, -back), recordedAt: now, saidBy: { role: 'partner', partyId: 'p1' } },
      // Equal ids are one fact, which is restated.
      sourceId: seq === undefined ? `word ${place}` : `fact ${kind}`,
      ...(seq !== undefined && { seq }),
    };
    const before = said[index];
    const say = saying[kind];
    if (say === undefined) {
      if (before !== undefined) said.push(recorded('FactRetracted', { eventId: before.eventId, reason: 'x' }, options));
      continue;
    }
    const word = say(index, options);
    const correction = before?.type === word.type ? say(index, { ...options, supersedes: before.eventId }) : word;
    const event = corrects ? correction : word;
    // The same again adds no event.
    if (said.every(({ eventId }) => eventId !== event.eventId)) said.push(event);
  }
  return said;
};

const rowsAt = (events: readonly RecordedEvent[], now: Instant) =>
  rowsOf({ events: given(...events).events, context: contextOf(), now });

describe('a partner’s words', () => {
  it('change neither value, lead, customer, closing nor orders that others said', () => {
    const now = addDays(began, 400);
    const shown = (events: readonly RecordedEvent[]) => {
      const { head, rows } = rowsAt(events, now);
      const { leadPartnerId, customerId, segment, valueMinor, valueCurrency, valueEvent, result, wonAt, campaignId } =
        head.columns;
      return {
        head: { leadPartnerId, customerId, segment, valueMinor, valueCurrency, valueEvent, result, wonAt, campaignId },
        ended: head.columns.endedAt,
        legs: rows
          .filter(({ table, columns }) => table === 'order_legs' && ['o1', 'o2'].includes(String(columns.orderId)))
          .map(({ columns: { orderId, sellerId, amountMinor, amountSeenBy } }) => ({
            ...{ orderId, sellerId, amountMinor, amountSeenBy },
          }))
          .sort((a, b) => (String(a.orderId) < String(b.orderId) ? -1 : 1)),
      };
    };
    const alone = shown(theirs);
    fc.assert(
      fc.property(fc.array(Word, { maxLength: 12 }), (words) => {
        expect(shown([...theirs, ...wordsOf(words)])).toEqual(alone);
      }),
      { numRuns: 200 },
    );
  });

  it('take nothing from the vendor’s list that stood before them, and make none of it milder', () => {
    fc.assert(
      fc.property(fc.array(Word, { minLength: 1, maxLength: 10 }), (words) => {
        const said = wordsOf(words);
        const now = addDays(said.at(-1)?.recordedAt ?? began, 30);
        const flags = new Map(
          given(...theirs, ...said)
            .verdictsAt(now)
            .flatMap((verdict) =>
              verdict.state === 'raised'
                ? [[`${verdict.rule} ${verdict.subject} ${verdict.openedBy.factId}`, verdict] as const]
                : [],
            ),
        );
        for (const [heard, next] of said.entries()) {
          // What was recorded within the tolerance before it is one with it.
          const limit = addMilliseconds(next.recordedAt, -300_001);
          if (heard > 0 && (said[heard - 1]?.recordedAt ?? '') > limit) continue;
          for (const stood of given(...theirs, ...said.slice(0, heard)).verdictsAt(limit)) {
            if (stood.state !== 'raised' || stood.raisedAt >= limit) continue;
            if (stood.openedBy.saidBy !== undefined && stood.openedBy.recordedAt >= addMilliseconds(limit, -300_001))
              continue;
            const flag = flags.get(`${stood.rule} ${stood.subject} ${stood.openedBy.factId}`);
            expect(flag, `${stood.rule} ${stood.subject}`).toBeDefined();
            if (flag === undefined) continue;
            expect(severities.indexOf(flag.severity)).toBeGreaterThanOrEqual(severities.indexOf(stood.severity));
            expect(flag.raisedAt <= stood.raisedAt, `${stood.rule} is raised as before`).toBe(true);
            if (stood.cleared === undefined)
              expect((flag.cleared?.at ?? '9') > limit, `${stood.rule} cleared`).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
