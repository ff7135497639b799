// Is any subscription of an engagement alive at an instant?
import type { Instant } from '../../events/instant.ts';
import { anyOf } from '../time/intervals.ts';
import type { Facts } from './facts.ts';
import { effectiveAt, factsBySubscription } from './inEffect.ts';

/**
 * Tells whether a subscription that is known at an instant is alive then. A subscription that begins later doesn't undo
 * an ending.
 */
export const living = (facts: Facts): ((at: Instant) => boolean) =>
  anyOf(
    [...factsBySubscription(facts).values()].flatMap((own) => {
      const [first] = own;
      const [to] = own
        .filter((event) => event.type === 'SubscriptionEnded')
        .map(effectiveAt)
        .sort();
      return first === undefined ? [] : [{ from: first.occurredAt, to }];
    }),
  );
