// What is said of a life once more: facts taken back, replaced by a person, or restated by their source at another time?
import fc from 'fast-check';
import type { RecordedEvent } from '../../events/catalog.ts';
import { uuidOf } from '../../events/identifiers.ts';
import { addDays } from '../../events/instant.ts';
import { recorded } from '../support/histories/events.ts';

const kinds = ['retracted', 'superseded', 'restated'] as const;

/** Three lives of four have none: what is corrected breaks fewer rules. */
export const corrections = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        kind: fc.constantFrom(...kinds),
        which: fc.nat(60),
        /** Days between the fact and the correction, or what the correction says of its time. */
        days: fc.constantFrom(-20, -1, 0, 0, 1, 7, 40, 200),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  },
);
type Correction =
  typeof corrections extends fc.Arbitrary<infer Value> ? (Value extends readonly (infer Each)[] ? Each : never) : never;

const corrected = (event: RecordedEvent, { kind, days }: Correction): RecordedEvent => {
  const at = addDays(event.occurredAt, days);
  const eventId = uuidOf('corrected', event.eventId, kind, String(days));
  switch (kind) {
    case 'retracted':
      return recorded('FactRetracted', { eventId: event.eventId, reason: 'code:wrong' }, { at });
    case 'superseded':
      return { ...event, eventId, factId: eventId, occurredAt: at, actor: 'person:1', supersedes: event.eventId };
    case 'restated':
      return { ...event, eventId, occurredAt: at, sourceSeq: '0001' };
    default:
      return kind satisfies never;
  }
};

/** The corrections of some events, each of at most one. */
export const correctionsOf = (
  events: readonly RecordedEvent[],
  said: readonly Correction[],
): readonly RecordedEvent[] => {
  const own = events.filter(({ streamId }) => streamId.includes('/engagement/'));
  const targets = new Map(said.map((each) => [own[each.which % own.length], each] as const));
  // A subscription starts before it is renewed.
  const isPlausible = (event: RecordedEvent, { kind, days }: Correction): boolean =>
    event.type !== 'SubscriptionStarted' || kind === 'retracted' || days <= 1;
  return [...targets].flatMap(([event, each]) =>
    event === undefined || !isPlausible(event, each) ? [] : [corrected(event, each)],
  );
};
