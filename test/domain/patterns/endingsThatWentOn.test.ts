// What does judging cost for each ending after which an engagement went on?
import { expect, test } from 'vitest';
import { defaultPolicy } from '../../../domain/context/policy.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { verdictsOf } from '../../../domain/patterns/evaluate.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { addDays } from '../../../events/instant.ts';
import { contextOf } from '../../support/contexts.ts';
import { deliveryStarted, lost, opened, reopened, won, worked } from '../../support/histories/engagementFacts.ts';
import { stream } from '../../support/histories/events.ts';

const start = '2025-01-01T00:00:00.000Z';
const now = '2027-01-01T00:00:00.000Z';
const early = 200;

/** A life with much early work, that was lost and reopened so many times after it. */
const lostTimes = (times: number): readonly RecordedEvent[] =>
  stream([
    ...[opened(start), won(start), deliveryStarted(start)],
    ...Array.from({ length: early }, (_, index) => worked(addDays(start, 1 + index / early), 10)),
    ...Array.from({ length: times }, (_, index) => [
      lost(addDays(start, 10 + index)),
      reopened(addDays(start, 10.5 + index)),
    ]).flat(),
  ]);

/** How often a field of an early event is read while all rules judge. */
const readsOf = (times: number): number => {
  let reads = 0;
  const counted = lostTimes(times).map((event) =>
    event.type === 'WorkLogged'
      ? new Proxy(event, {
          get: (target, field) => {
            reads += 1;
            return Reflect.get(target, field);
          },
        })
      : event,
  );
  const engagement = foldEngagement(counted, now);
  reads = 0;
  verdictsOf({ engagement, context: contextOf({ policy: defaultPolicy }), now, heardFrom: start });
  return reads / early;
};

test('is no further fold: only the rules on effort look through early work again', () => {
  const further = (readsOf(30) - readsOf(10)) / 20;
  // With a fold for each ending, and all rules over it, it was 68.
  expect(further).toBeLessThan(18);
});
