// Which parties see the recurring revenue of an engagement, as its prices come, change, and end?
import { describe, expect, it } from 'vitest';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { tallyOf } from '../../../domain/engagement/priceTally.ts';
import { recurringSeenBy } from '../../../domain/engagement/recurringSeenBy.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, recorded } from '../../support/histories/events.ts';

const price = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const started = (subscriptionId: string, at: string, amountMinor = 100) =>
  recorded(
    'SubscriptionStarted',
    { subscriptionId, quantity: 1, price: price(amountMinor), billingPeriod: 'P1M', termStart: instant(at) },
    { at },
  );
const a = started('a', '2026-02-01');
const b = started('b', '2026-03-01');
const aEnded = recorded('SubscriptionEnded', { subscriptionId: 'a' }, { at: '2026-05-01' });
const bPriced = recorded('SubscriptionChanged', { subscriptionId: 'b', price: price(200) }, { at: '2026-06-01' });

/** Who may see which price; of an event that is not listed, nobody but the vendor. */
const seers = new Map<RecordedEvent, ReadonlySet<string>>([
  [a, new Set(['p', 'q'])],
  [b, new Set(['q', 'r'])],
  [bPriced, new Set(['r'])],
]);
const seersOf = (event: RecordedEvent): ReadonlySet<string> => seers.get(event) ?? new Set();

describe('the recurring revenue', () => {
  const seenAt = (...events: readonly RecordedEvent[]) => {
    const engagement = foldEngagement([...events].sort(inFoldOrder));
    const seenBy = recurringSeenBy(engagement, engagement.subscriptions, seersOf);
    return (at: string) => seenBy(instant(at));
  };

  it('is seen by all before there is a price, and then by those that see each price', () => {
    const seen = seenAt(a, b, aEnded, bPriced);
    expect(seen('2026-01-31T23:59')).toEqual(['everyone']);
    expect(seen('2026-02-01')).toEqual(['p', 'q']);
    expect(seen('2026-02-28T23:59')).toEqual(['p', 'q']);
    expect(seen('2026-03-01')).toEqual(['q']);
  });

  it('is seen by others once a price has ended or changed', () => {
    const seen = seenAt(a, b, aEnded, bPriced);
    expect(seen('2026-04-30T23:59')).toEqual(['q']);
    expect(seen('2026-05-01')).toEqual(['q', 'r']);
    expect(seen('2026-06-01')).toEqual(['r']);
  });

  it('is seen by all again when no price is left', () => {
    const seen = seenAt(a, aEnded);
    expect(seen('2026-04-30T23:59')).toEqual(['p', 'q']);
    expect(seen('2026-05-01')).toEqual(['everyone']);
  });

  it('hides a price of nothing too: it is a price', () => {
    const free = started('c', '2026-02-01', 0);
    expect(seenAt(free)('2026-02-02')).toEqual([]);
  });

  it('counts no price while a subscription is paused', () => {
    const paused = recorded('SubscriptionSuspended', { subscriptionId: 'a' }, { at: '2026-03-15' });
    const seen = seenAt(a, b, paused);
    expect(seen('2026-03-14T23:59')).toEqual(['q']);
    expect(seen('2026-03-15')).toEqual(['q', 'r']);
  });

  it('is the same whichever subscription is named first', () => {
    const seen = seenAt(started('z', '2026-02-01'), a, b, aEnded);
    expect(seen('2026-02-02')).toEqual([]);
    const late = started('0', '2026-07-01');
    expect(seenAt(late, a, b)('2026-06-30')).toEqual(['q']);
    expect(seenAt(late, a, b)('2026-07-01')).toEqual([]);
  });
});

describe('a tally of prices', () => {
  it('counts a price once, however often it is added or removed', () => {
    const tally = tallyOf(seersOf, [a, a]);
    expect([tally.seenBy(), tally.closedTo('p'), tally.closedTo('r')]).toEqual([['p', 'q'], 0, 1]);
    tally.add(b);
    tally.add(b);
    expect([tally.seenBy(), tally.closedTo('p'), tally.closedTo('q')]).toEqual([['q'], 1, 0]);
    tally.remove(a);
    tally.remove(a);
    expect([tally.seenBy(), tally.closedTo('p'), tally.closedTo('r')]).toEqual([['q', 'r'], 1, 0]);
    tally.remove(b);
    expect([tally.seenBy(), tally.closedTo('p')]).toEqual([['everyone'], 0]);
  });

  it('takes away nothing of a price that it does not hold', () => {
    const tally = tallyOf(seersOf, [b]);
    tally.remove(a);
    expect(tally.seenBy()).toEqual(['q', 'r']);
  });
});
