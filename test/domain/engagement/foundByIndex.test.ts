// Does a search by index find the same as a plain search through all facts?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../domain/engagement/facts.ts';
import { effectiveAt, factsBySubscription, inEffectBefore } from '../../../domain/engagement/inEffect.ts';
import { ordersOf } from '../../../domain/engagement/orders.ts';
import { type Amount, recurringOf } from '../../../domain/engagement/recurringRevenue.ts';
import { arrOf, subscriptionsOf } from '../../../domain/engagement/subscriptions.ts';
import { historyOf, standing } from '../../../domain/history.ts';
import { anyOf } from '../../../domain/time/intervals.ts';
import { firstWhere, lastBefore, turningPoint } from '../../../domain/time/sortedSearch.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { addDays, type Instant } from '../../../events/instant.ts';
import { recorded } from '../../support/histories/events.ts';
import { beginning, deliver, someFacts, someNow } from '../../support/histories/histories.ts';

/** Several arbitrary histories in one, so that ids and instants meet often. */
const someStanding: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .array(someFacts, { minLength: 1, maxLength: 4 })
  .map((many) => [...new Map(many.flat().map((said) => [said.eventId, said])).values()])
  .map((facts) => standing(historyOf(deliver(facts))));

const someAt: fc.Arbitrary<Instant> = fc.integer({ min: 0, max: 12 }).map((days) => addDays(beginning, days));

describe('a turning point of a sorted list', () => {
  it('is the first index at which the condition holds', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.nat(20), (numbers, limit) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        const holds = (number: number): boolean => number >= limit;
        expect(turningPoint(sorted, holds)).toBe(sorted.filter((number) => !holds(number)).length);
        expect(firstWhere(sorted, holds)).toBe(sorted.find(holds));
        expect(lastBefore(sorted, holds)).toBe(sorted.filter((number) => !holds(number)).at(-1));
      }),
    );
  });
});

describe('spans', () => {
  it('hold an instant if any one of them holds it', () => {
    const span = fc.record({ from: someAt, to: fc.option(someAt, { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(span), someAt, (spans, at) => {
        expect(anyOf(spans)(at)).toBe(spans.some(({ from, to }) => from <= at && (to === undefined || at < to)));
      }),
    );
  });
});

describe('what is in effect', () => {
  it('before a fact is the same as in a fold of the facts before it', () => {
    fc.assert(
      fc.property(someStanding, (events) => {
        for (const own of factsBySubscription(factsOf(events)).values()) {
          const decisions = own.filter(({ type }) => type !== 'SubscriptionChanged');
          const found = inEffectBefore(own, decisions);
          for (const decision of decisions) {
            const before = own.slice(0, own.indexOf(decision));
            const [plain] = subscriptionsOf(factsOf(before), decision.occurredAt);
            expect(found.get(decision)).toEqual({
              quantity: plain?.quantity,
              price: plain?.price,
              priceReason: plain?.priceReason,
              pricedBy: plain?.pricedBy,
              billingPeriod: plain?.billingPeriod,
              trialEnd: plain?.trialEnd,
              suspended: plain?.suspended ?? false,
              autoRenew: plain?.autoRenew,
              cancellation: plain?.cancellation,
              ended: plain?.ended?.event,
            });
          }
        }
      }),
    );
  });

  it('is worth a year, at any instant, the same as in a fold at that instant', () => {
    const plainly = (events: readonly RecordedEvent[], at: Instant): Amount => {
      const lasting = subscriptionsOf(factsOf(events), at).filter(
        ({ ended, terms, subscriptionId }) =>
          ended === undefined &&
          terms.some(({ start }) => start <= at) &&
          factsBySubscription(factsOf(events))
            .get(subscriptionId)
            ?.some((event) => effectiveAt(event) <= at),
      );
      const suspended = lasting.filter((each) => each.suspended);
      const onTrial = lasting.filter((each) => !each.suspended && each.trialEnd !== undefined && each.trialEnd > at);
      const paying = lasting.filter((each) => !suspended.includes(each) && !onTrial.includes(each));
      const unknown = paying.flatMap(({ price, priceReason, billingPeriod }) =>
        price === undefined
          ? [priceReason ?? 'priceUnknown']
          : billingPeriod === undefined && price.amountMinor > 0
            ? ['billingPeriodUnknown']
            : [],
      );
      const [reason] = unknown.sort();
      if (reason !== undefined) return { reason };
      const worth = paying
        .flatMap((subscription) => arrOf({ ...subscription, billingPeriod: subscription.billingPeriod ?? 'P1Y' }) ?? [])
        .filter(({ amountMinor }) => amountMinor > 0);
      const [first] = worth;
      if (first === undefined) {
        if (suspended.length > 0) return { reason: 'suspended' };
        if (onTrial.length > 0) return { reason: 'trial' };
        const free = new Set(paying.flatMap(({ price }) => price?.currency ?? []));
        const [currency] = free;
        if (currency === undefined) return { reason: 'none' };
        return free.size > 1 ? { reason: 'mixedCurrencies' } : { money: { amountMinor: 0, currency } };
      }
      if (worth.some(({ currency }) => currency !== first.currency)) return { reason: 'mixedCurrencies' };
      const amountMinor = worth.reduce((sum, each) => sum + each.amountMinor, 0);
      return { money: { amountMinor, currency: first.currency } };
    };
    fc.assert(
      fc.property(someStanding, fc.array(someNow, { minLength: 1 }), (events, instants) => {
        const facts = factsOf(events);
        const arrAt = recurringOf(facts, subscriptionsOf(facts));
        const effects = [...factsBySubscription(facts).values()].flat().map(effectiveAt);
        for (const at of [...instants, ...effects]) expect(arrAt(at)).toEqual(plainly(events, at));
      }),
    );
  });
});

describe('orders', () => {
  it('are claims that share keys, directly or through other claims', () => {
    const key = fc.integer({ min: 0, max: 12 }).map((id) => `K${id}`);
    const claim = fc.record({ orderId: key, agreementId: key, poNumber: key }, { requiredKeys: ['orderId'] });
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 12 }), (claims) => {
        const events = claims.map((said, index) =>
          recorded('OrderPlaced', { claimedBy: 'crm', ...said }, { at: addDays(beginning, index) }),
        );
        const keysOf = ({ data }: (typeof events)[number]) => [data.orderId, data.agreementId, data.poNumber];
        const groupOf = (event: (typeof events)[number]) => {
          const group = new Set([event]);
          for (const member of group)
            for (const other of events)
              if (keysOf(other).some((each) => each !== undefined && keysOf(member).includes(each))) group.add(other);
          return events.filter((each) => group.has(each));
        };
        const plain = events.map(groupOf).filter(([first], index) => first === events[index]);
        expect(ordersOf(factsOf(events)).map((order) => order.claims)).toEqual(plain);
      }),
    );
  });
});
