// Which flags does only a late word of the measured partner unmake?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { RuledVerdict } from './evaluate.ts';
import { isOpenAt, type Judged, keyOf, type Looks, lateFrom, type Raised, raisedIn, worseOf } from './looks.ts';

/** An episode that is not found any more, and an instant at which it stood. */
interface Stood {
  readonly flag: Raised;
  readonly at: Instant;
}

/** Whether a claim changes the word of its own sayer that opened the episode. */
const unsays = (claim: RecordedEvent, { openedBy }: Raised): boolean =>
  claim.supersedes === openedBy.eventId ||
  (claim.type === 'FactRetracted' && claim.data.eventId === openedBy.eventId) ||
  (claim.factId === openedBy.factId && claim.eventId !== openedBy.eventId);

/** The first of the claims recorded after the episode stood, in the order of recording, that unmakes it. */
const unmadeBy = (looks: Looks, { flag, at }: Stood, key: string): RecordedEvent | undefined => {
  const claims = looks.claims.filter(({ recordedAt }) => recordedAt > at);
  let from = 0;
  let to = claims.length - 1;
  // All of them together unmake it, so one of them is the first.
  while (from < to && !looks.isSpent) {
    const middle = (from + to) >> 1;
    const claim = claims[middle];
    if (claim !== undefined && looks.heardUntil(claim.recordedAt).has(key)) from = middle + 1;
    else to = middle;
  }
  return (from < to ? claims.find((claim) => unsays(claim, flag)) : undefined) ?? claims[from];
};

type Hidden = ReadonlyMap<string, Stood>;

const hiddenIn = (looks: Looks, found: ReadonlySet<string>, judged: Judged): Hidden => {
  const hidden = new Map<string, Stood>();
  for (const end of looks.pauses) {
    for (const [key, flag] of looks.heardUntil(end))
      if (!found.has(key) && lateFrom(flag, judged) <= end) hidden.set(key, { flag, at: end });
  }
  for (const [key, flag] of [...looks.without(), ...looks.neverUnsaid()]) {
    if (found.has(key) || hidden.has(key)) continue;
    const heard = looks.isSpent ? flag : looks.heardUntil(lateFrom(flag, judged)).get(key);
    const stood = heard === undefined ? undefined : lateFrom(heard, judged);
    if (stood !== undefined && (looks.isSpent || looks.heardUntil(stood).has(key)))
      hidden.set(key, { flag, at: stood });
  }
  return hidden;
};

/**
 * The flags that are found only without the claims that a partner made after they were raised, and after `lateClaimAfter` days.
 * They stand as cleared, for the reason `lateClaim`, by the first such claim and when it was recorded (decision 20). `verdicts` are
 * those with all claims.
 */
export const lateClaimsOf = (judged: Judged, looks: Looks, verdicts: readonly RuledVerdict[]): readonly Raised[] => {
  if (looks.claims.length === 0) return [];
  const found = new Set(raisedIn(verdicts).map(keyOf));
  return [...hiddenIn(looks, found, judged)].flatMap(([key, stood]) => {
    const claim = unmadeBy(looks, stood, key);
    if (claim === undefined) return [];
    const at = claim.recordedAt < judged.now ? claim.recordedAt : judged.now;
    // As it stood just before the claim: with the severity that it had then.
    const before = looks.isSpent ? undefined : looks.heardUntil(addMilliseconds(claim.recordedAt, -1), at).get(key);
    const flag = before ?? (looks.isSpent ? stood.flag : undefined);
    if (flag === undefined) return [];
    // Claims before this one may have made it milder, or cleared it before they were said.
    const seen = (looks.isSpent ? undefined : looks.heardUntil(stood.at, at).get(key)) ?? stood.flag;
    const wasOpen = isOpenAt(seen, stood.at);
    const clearedAt = flag.cleared !== undefined && (flag.cleared.at > stood.at || !wasOpen) ? flag.cleared.at : at;
    const cleared = { at: clearedAt, eventId: claim.eventId, reason: 'lateClaim' };
    const isHeard = claim.recordedAt <= judged.now;
    return [{ ...worseOf(flag, seen), cleared: isHeard ? cleared : undefined, changesAt: undefined }];
  });
};
