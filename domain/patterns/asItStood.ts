// What does a flag show that stood before a partner's late word, and still stands?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import { unconfirmedIn } from '../claims.ts';
import { tolerance } from '../time/tolerance.ts';
import type { RuledVerdict } from './evaluate.ts';
import { isOpenAt, type Judged, keyOf, type Looks, lateFrom, type Raised, worseOf } from './looks.ts';

/**
 * The verdicts, where a partner's unconfirmed and back-dated word cleared a flag: it clears when the word was recorded, since nobody
 * but the partner says that it was earlier.
 */
export const clearedWhenSaid = (judged: Judged, verdicts: readonly RuledVerdict[]): readonly RuledVerdict[] => {
  const isUnconfirmed = unconfirmedIn(judged.stands);
  const claims = new Map(judged.stands.filter(isUnconfirmed).map((event) => [event.eventId, event]));
  if (claims.size === 0) return verdicts;
  return verdicts.map((verdict) => {
    const cleared = verdict.state === 'raised' ? verdict.cleared : undefined;
    const claim = cleared?.eventId === undefined ? undefined : claims.get(cleared.eventId);
    if (verdict.state !== 'raised' || cleared === undefined || claim === undefined) return verdict;
    if (claim.recordedAt <= addMilliseconds(cleared.at, tolerance)) return verdict;
    return claim.recordedAt <= judged.now
      ? { ...verdict, cleared: { ...cleared, at: claim.recordedAt } }
      : { ...verdict, cleared: undefined, changesAt: undefined };
  });
};

/** The first of the claims recorded after an instant from which on the flag is known to have been cleared by then. */
const clearedFirstBy = (looks: Looks, since: Instant, key: string): RecordedEvent | undefined => {
  const claims = looks.claims.filter(({ recordedAt }) => recordedAt > since);
  let from = 0;
  let to = claims.length - 1;
  while (from < to && !looks.isSpent) {
    const middle = (from + to) >> 1;
    const claim = claims[middle];
    const heard = claim === undefined ? undefined : looks.heardUntil(claim.recordedAt).get(key);
    if (claim !== undefined && (heard === undefined || isOpenAt(heard, claim.recordedAt))) from = middle + 1;
    else to = middle;
  }
  return claims[from];
};

const flagAsItStood = (flag: Raised, looks: Looks, judged: Judged): Raised => {
  const key = keyOf(flag);
  const stood = looks.pauses.flatMap((end) => {
    const seen = looks.heardUntil(end).get(key);
    return seen === undefined || lateFrom(seen, judged) > end ? [] : [{ end, seen }];
  });
  const { cleared } = flag;
  const kept = stood
    .filter(({ seen }) => seen.cleared?.eventId === cleared?.eventId && seen.cleared?.reason === cleared?.reason)
    .reduce((worst, { seen }) => worseOf(worst, seen), flag);
  if (cleared === undefined) return kept;
  const hidden = stood.find(({ end, seen }) => end > cleared.at && isOpenAt(seen, end));
  const claim =
    hidden === undefined
      ? looks.claims.find(({ eventId }) => eventId === cleared.eventId)
      : clearedFirstBy(looks, hidden.end, key);
  const isWorse = stood.some(({ seen }) => worseOf(kept, seen) !== kept);
  if (claim === undefined || (hidden === undefined && !isWorse)) return kept;
  const at = claim.recordedAt < judged.now ? claim.recordedAt : judged.now;
  const before = looks.isSpent ? undefined : looks.heardUntil(addMilliseconds(claim.recordedAt, -1), at).get(key);
  const bent = worseOf(kept, before !== undefined && isOpenAt(before, addMilliseconds(at, -1)) ? before : undefined);
  if (hidden === undefined) return bent;
  return claim.recordedAt <= judged.now
    ? { ...bent, cleared: { ...cleared, at: claim.recordedAt } }
    : { ...bent, cleared: undefined, changesAt: undefined };
};

/**
 * The verdicts, where each flag that stood before a partner's late and back-dated words keeps the severity, the evidence and the time
 * that it had, and clears no earlier than when the word was recorded that cleared it, whoever said the event that it then cleared by.
 */
export const asTheyStood = (
  judged: Judged,
  looks: Looks,
  verdicts: readonly RuledVerdict[],
): readonly RuledVerdict[] =>
  looks.claims.length === 0
    ? verdicts
    : verdicts.map((verdict) => (verdict.state === 'raised' ? flagAsItStood(verdict, looks, judged) : verdict));
