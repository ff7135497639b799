// Which flags does only a late word of the measured partner unmake?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { RuledVerdict } from './evaluate.ts';
import { type Judged, keyOf, type Looks, lateFrom, type Raised, raisedIn } from './looks.ts';

/** The first of the claims recorded after an instant, in the order of recording, that unmakes the episode. */
const unmadeBy = (looks: Looks, since: Instant, key: string): RecordedEvent | undefined => {
  const claims = looks.claims.filter(({ recordedAt }) => recordedAt > since);
  let from = 0;
  let to = claims.length - 1;
  // All of them together unmake it, so one of them is the first.
  while (from < to) {
    const middle = (from + to) >> 1;
    const claim = claims[middle];
    if (claim !== undefined && looks.heardUntil(claim.recordedAt).has(key)) from = middle + 1;
    else to = middle;
  }
  return claims[from];
};

/** An instant at which an episode stood that is not found any more. */
type Hidden = ReadonlyMap<string, Instant>;

const hiddenIn = (looks: Looks, found: ReadonlySet<string>, judged: Judged): Hidden => {
  const hidden = new Map<string, Instant>();
  for (const end of looks.pauses) {
    for (const [key, flag] of looks.heardUntil(end))
      if (!found.has(key) && lateFrom(flag, judged) <= end) hidden.set(key, end);
  }
  for (const [key, flag] of [...looks.without(), ...looks.neverUnsaid()]) {
    if (found.has(key) || hidden.has(key)) continue;
    const late = lateFrom(flag, judged);
    const heard = looks.heardUntil(late).get(key);
    const stood = heard === undefined ? undefined : lateFrom(heard, judged);
    if (stood !== undefined && looks.heardUntil(stood).has(key)) hidden.set(key, stood);
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
  return [...hiddenIn(looks, found, judged)].flatMap(([key, since]) => {
    const claim = unmadeBy(looks, since, key);
    if (claim === undefined) return [];
    const at = claim.recordedAt < judged.now ? claim.recordedAt : judged.now;
    // As it stood just before the claim: with the severity that it had then.
    const flag = looks.heardUntil(addMilliseconds(claim.recordedAt, -1), at).get(key);
    if (flag === undefined) return [];
    const cleared = { at: flag.cleared?.at ?? claim.recordedAt, eventId: claim.eventId, reason: 'lateClaim' };
    return [{ ...flag, cleared: cleared.at <= judged.now ? cleared : undefined, changesAt: undefined }];
  });
};
