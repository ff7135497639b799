// What does a flag show against the late words of the measured partner, and which flags do only these unmake?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { RuledVerdict } from './evaluate.ts';
import {
  clearedWhenSaid,
  isClearedBy,
  isWorseThan,
  type Judged,
  keyOf,
  Looks,
  lateFrom,
  type Raised,
  raisedIn,
  worseOf,
} from './looks.ts';

/** A flag that is followed from look to look. */
interface Followed {
  /** As it is to be shown. */
  readonly flag: Raised;
  /** The end of the last pause in which it was looked at. */
  readonly at: Instant;
  /** The worst that was seen of it, and the look that showed its severity. */
  readonly worst: { readonly flag: Raised; readonly end: Instant };
  /** Whether it is not found any more. */
  readonly isUnmade: boolean;
}

/** Whether a claim changes the word of its own sayer that opened the episode. */
const unsays = (claim: RecordedEvent, { openedBy }: Raised): boolean =>
  claim.supersedes === openedBy.eventId ||
  (claim.type === 'FactRetracted' && claim.data.eventId === openedBy.eventId) ||
  (claim.factId === openedBy.factId && claim.eventId !== openedBy.eventId);

/** Follows flags through the looks, from pause to pause. */
class Following {
  readonly shown = new Map<string, Followed>();
  private readonly judged: Judged;
  private readonly looks: Looks;
  private readonly standing: ReadonlySet<string>;

  constructor(judged: Judged, looks: Looks) {
    this.judged = judged;
    this.looks = looks;
    this.standing = new Set(judged.stands.map(({ eventId }) => eventId));
  }

  /** Goes on with what is seen of all flags once the claims up to an instant are heard; undefined: all claims. */
  step(seen: ReadonlyMap<string, Raised>, end?: Instant): void {
    for (const [key, before] of this.shown) this.shown.set(key, this.next(key, before, { seen: seen.get(key), end }));
    for (const [key, flag] of seen) {
      if (this.shown.has(key) || (end !== undefined && lateFrom(flag) > end)) continue;
      this.begin(key, flag, end ?? this.judged.now);
    }
  }

  begin(key: string, flag: Raised, end: Instant): void {
    this.shown.set(key, { flag, at: end, worst: { flag, end }, isUnmade: false });
  }

  private next(
    key: string,
    before: Followed,
    { seen, end }: { readonly seen: Raised | undefined; readonly end: Instant | undefined },
  ): Followed {
    const { flag, at, worst, isUnmade } = before;
    const later = { ...before, at: end ?? at };
    if (seen === undefined) return isUnmade ? later : { ...this.unmade(key, before, end), at: later.at };
    // What cleared it by then and still stands, no later word replaces.
    if (!isUnmade && isClearedBy(flag, at) && this.stands(flag.cleared?.eventId)) return later;
    const isMoreSevere = isWorseThan(seen, worst.flag);
    const follows = {
      at: later.at,
      worst: { flag: worseOf(worst.flag, seen), end: isMoreSevere ? later.at : worst.end },
      isUnmade: false,
    };
    const { cleared } = seen;
    if (cleared === undefined) return { ...follows, flag: end === undefined ? worseOf(seen, worst.flag) : seen };
    if (cleared.at > at) {
      const isOver = end === undefined || cleared.at <= end;
      return { ...follows, flag: isOver ? this.asItWas(key, seen, { before, at: cleared.at }) : seen };
    }
    const claim = this.firstClaim(key, {
      before,
      end,
      isDone: (heard) => heard !== undefined && isClearedBy(heard, at),
    });
    if (claim === undefined) return { ...follows, flag: seen };
    const whenSaid = this.asItWas(key, seen, { before, at: claim.recordedAt });
    return { ...follows, flag: this.cleared(whenSaid, { ...cleared, at: claim.recordedAt }) };
  }

  private stands(eventId: string | undefined): boolean {
    return eventId === undefined || this.standing.has(eventId);
  }

  /** The flag as cleared, unless it clears after now. */
  private cleared(flag: Raised, cleared: NonNullable<Raised['cleared']>): Raised {
    return { ...flag, cleared: cleared.at <= this.judged.now ? cleared : undefined, changesAt: undefined };
  }

  /** The flag with the severity and evidence that it had just before an instant, in the worst look. */
  private asItWas(
    key: string,
    flag: Raised,
    { before, at }: { readonly before: Followed; readonly at: Instant },
  ): Raised {
    const { worst } = before;
    if (worseOf(flag, worst.flag) === flag) return flag;
    const isAlike = worst.flag.cleared?.eventId === flag.cleared?.eventId && worst.flag.cleared?.at === at;
    if (isAlike || this.looks.isSpent) return worseOf(flag, worst.flag);
    const just = addMilliseconds(at < this.judged.now ? at : this.judged.now, -1);
    const then = worseOf(flag, this.looks.heardUntil(worst.end, just).get(key));
    // When it was raised does not depend on when it is looked at.
    return worst.flag.raisedAt < then.raisedAt ? { ...then, raisedAt: worst.flag.raisedAt } : then;
  }

  /** The flag where claims unmake it: cleared by the first of them, when it was said, with the severity that it had then. */
  private unmade(key: string, before: Followed, end: Instant | undefined): Followed {
    const claim = this.firstClaim(key, { before, end, isDone: (heard) => heard === undefined });
    if (claim === undefined) return before;
    const at = claim.recordedAt < this.judged.now ? claim.recordedAt : this.judged.now;
    const last = this.looks.isSpent ? undefined : this.looks.heardUntil(before.at, at).get(key);
    const stood = isClearedBy(before.flag, before.at) ? before.flag : (last ?? before.flag);
    const clearedAt = [stood.cleared?.at ?? claim.recordedAt, claim.recordedAt].sort()[0] ?? claim.recordedAt;
    const cleared = { at: clearedAt, eventId: claim.eventId, reason: 'lateClaim' };
    return { ...before, flag: this.cleared(this.asItWas(key, stood, { before, at }), cleared), isUnmade: true };
  }

  /** The first of the claims recorded since the flag was last looked at after which it is seen as the last of them leaves it. */
  private firstClaim(
    key: string,
    asked: {
      readonly before: Followed;
      readonly end: Instant | undefined;
      readonly isDone: (heard: Raised | undefined) => boolean;
    },
  ): RecordedEvent | undefined {
    const { before, end, isDone } = asked;
    const claims = this.looks.claims.filter(
      ({ recordedAt }) => recordedAt > before.at && (end === undefined || recordedAt <= end),
    );
    let from = 0;
    let to = claims.length - 1;
    while (from < to && !this.looks.isSpent) {
      const middle = (from + to) >> 1;
      const claim = claims[middle];
      if (claim !== undefined && !isDone(this.looks.heardUntil(claim.recordedAt).get(key))) from = middle + 1;
      else to = middle;
    }
    return (from < to ? claims.find((claim) => unsays(claim, before.flag)) : undefined) ?? claims[from];
  }
}

/** Begins to follow the flags that stood in no pause that was looked at, and that are not found any more. */
const followHidden = (following: Following, looks: Looks, found: ReadonlyMap<string, Raised>): void => {
  for (const [key, flag] of [...looks.without(), ...looks.neverUnsaid()]) {
    if (found.has(key) || following.shown.has(key)) continue;
    const heard = looks.isSpent ? flag : looks.heardUntil(lateFrom(flag)).get(key);
    const stood = heard === undefined ? undefined : lateFrom(heard);
    if (heard === undefined || stood === undefined) continue;
    if (looks.isSpent || looks.heardUntil(stood).has(key)) following.begin(key, heard, stood);
  }
};

/**
 * The verdicts, with what a partner's unconfirmed words that reach back can't change (decision 20). A flag that stood keeps its severity,
 * its evidence and the time when it was raised, and clears no earlier than when the word was said that cleared it. A flag that is found
 * only without what a partner said after it was raised, and after `lateClaimAfter` days, stands as cleared, for the reason
 * `lateClaim`, by the first such claim. `verdicts` are those with all claims.
 */
export const withLateClaims = (judged: Judged, verdicts: readonly RuledVerdict[]): readonly RuledVerdict[] => {
  const said = clearedWhenSaid(judged, verdicts);
  const looks = new Looks(judged);
  if (looks.claims.length === 0) return said;
  const found = new Map(raisedIn(said).map((flag) => [keyOf(flag), flag]));
  const following = new Following(judged, looks);
  for (const end of looks.pauses) following.step(looks.heardUntil(end), end);
  followHidden(following, looks, found);
  following.step(found);
  const shown = (verdict: RuledVerdict): RuledVerdict => following.shown.get(keyOf(verdict))?.flag ?? verdict;
  const unmade = [...following.shown.values()].filter(({ isUnmade }) => isUnmade);
  return [
    ...said.map((verdict) => (verdict.state === 'raised' ? shown(verdict) : verdict)),
    ...unmade.map(({ flag }) => flag),
  ];
};
