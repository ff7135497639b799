// Until when is an order not late, because its deal was expected to close later?
import type { RecordedOf } from '../../events/catalog.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import { unconfirmedIn, wordsFirst } from '../claims.ts';
import { inFoldOrder } from '../history.ts';
import { anyOf } from '../time/intervals.ts';
import { turningPoint } from '../time/sortedSearch.ts';
import type { Engagement } from './engagement.ts';

/** A due instant that an expected close moved, and the event that names the close. */
export interface Moved {
  readonly at: Instant;
  readonly event: RecordedOf<'EngagementOpened' | 'DealRevised'>;
}

/**
 * Moves a due instant to the end of the day on which the deal is expected to close, if that is later. What was said by the due instant
 * counts; said later, it comes too late to move it. A close that is revised before it comes moves it by the revision.
 * Undefined if nothing moves it. A partner's word counts where nobody else names a day, and while the deal is open: a won deal has no
 * close left for the partner to expect.
 */
export const movedByExpectedClose = (
  engagement: Pick<Engagement, 'of' | 'events' | 'closings'>,
): ((dueAt: Instant) => Moved | undefined) => {
  const isUnconfirmed = unconfirmedIn(engagement.events);
  const wins = engagement.closings.filter(({ event }) => event.data.result === 'won');
  const isWonAt = anyOf(wins.map(({ event, undoneBy }) => ({ from: event.occurredAt, to: undoneBy?.occurredAt })));
  const naming = [...engagement.of('EngagementOpened'), ...engagement.of('DealRevised')]
    .filter((event) => event.data.expectedClose !== undefined && !(isUnconfirmed(event) && isWonAt(event.occurredAt)))
    .sort(inFoldOrder);
  const said = wordsFirst(naming, isUnconfirmed).map((event) => {
    const { expectedClose } = event.data;
    return { event, until: expectedClose == null ? '' : addDays(`${expectedClose}T00:00:00.000Z`, 1) };
  });
  const isBeforeNext = (at: Instant, index: number): boolean => {
    const next = said[index + 1]?.event.occurredAt;
    return next === undefined || at < next;
  };
  /** What each word moves an instant to that had passed when it was said: itself, or a revision before its day comes. */
  const settled: (Moved | undefined)[] = [];
  for (const [index, { event, until }] of [...said.entries()].toReversed()) {
    const at = until > event.occurredAt ? until : event.occurredAt;
    settled[index] = isBeforeNext(at, index) ? { at, event } : settled[index + 1];
  }
  return (dueAt) => {
    const first = turningPoint(said, ({ event }) => event.occurredAt > dueAt) - 1;
    const word = said[first];
    if (word === undefined) return undefined;
    const at = word.until > dueAt ? word.until : dueAt;
    if (!isBeforeNext(at, first)) return settled[first + 1];
    return at > dueAt ? { at, event: word.event } : undefined;
  };
};
