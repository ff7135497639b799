// Which flags does only a late word of the measured partner unmake?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays, addMilliseconds, epochOf, type Instant } from '../../events/instant.ts';
import { isClaim, judgementsOf, unconfirmedIn } from '../claims.ts';
import { tolerance } from '../time/tolerance.ts';
import type { RuledVerdict } from './evaluate.ts';

type Raised = Extract<RuledVerdict, { readonly state: 'raised' }>;

/** What the late claims of an engagement are found by. */
export interface Judged {
  /** All its events that are recorded by the recorded cut, in any order. */
  readonly events: readonly RecordedEvent[];
  /** Those that stand, of any date. */
  readonly stands: readonly RecordedEvent[];
  readonly now: Instant;
  /** The days after a flag is raised within which a partner's word still unmakes it. */
  readonly lateClaimAfter: number;
  /** Every rule's verdicts at an instant, as if only these events had been recorded. */
  verdicts(events: readonly RecordedEvent[], at: Instant): readonly RuledVerdict[];
}

/** Tells an episode from all others: the same parts make its flag's id. */
const keyOf = ({ rule, subject, openedBy }: RuledVerdict): string => JSON.stringify([rule, subject, openedBy.factId]);

const raisedIn = (verdicts: readonly RuledVerdict[]): readonly Raised[] =>
  verdicts.filter((verdict) => verdict.state === 'raised');

const dated = /^\d{4}-\d{2}-\d{2}(T|$)/;

/** Whether data names a day or an instant before the one given. */
const namesEarlier = (value: unknown, than: Instant): boolean => {
  if (typeof value === 'string') return dated.test(value) && value < than;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each) => namesEarlier(each, than));
};

/** Types that change what was so before them: they join claims of one order, or say that a subscription was another one. */
const actsBack: ReadonlySet<string> = new Set(['OrderPlaced', 'SubscriptionEnded', 'FactRetracted']);

/**
 * Whether a claim can change what was so before it was recorded. What happens as it is said can't: it raises and clears flags from
 * then on, as everybody's word does.
 */
const reachesBack = (event: RecordedEvent, isRestated: boolean): boolean => {
  const then = addMilliseconds(event.recordedAt, -tolerance);
  return (
    isRestated ||
    event.supersedes !== undefined ||
    actsBack.has(event.type) ||
    event.occurredAt < then ||
    namesEarlier(event.data, then)
  );
};

const byRecording = (a: RecordedEvent, b: RecordedEvent): number =>
  a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : a.version - b.version;

/**
 * The most pauses between claims in which the flags are looked at. Each costs a fold, so an engagement with more claims is looked
 * at in its longest pauses.
 */
const mostLooks = 16;

/** The ends of the longest pauses before and between claims. Claims within the tolerance come together. */
const pausesIn = (claims: readonly RecordedEvent[]): readonly Instant[] =>
  claims
    .flatMap(({ recordedAt }, index) => {
      const before = claims[index - 1]?.recordedAt;
      const length = before === undefined ? Number.POSITIVE_INFINITY : epochOf(recordedAt) - epochOf(before);
      return length > tolerance ? [{ end: addMilliseconds(recordedAt, -1), length }] : [];
    })
    .sort((a, b) => b.length - a.length)
    .slice(0, mostLooks)
    .map(({ end }) => end);

/** The flags without some claims; each set of claims is judged once. */
class Looks {
  private readonly known = new Map<string, ReadonlyMap<string, Raised>>();
  private readonly judged: Judged;
  private readonly isUnconfirmed: (event: RecordedEvent) => boolean;
  /** The claims that reach back, in the order of recording. */
  readonly claims: readonly RecordedEvent[];

  constructor(judged: Judged) {
    this.judged = judged;
    this.isUnconfirmed = unconfirmedIn(judged.stands);
    const judgements = judgementsOf(judged.stands);
    const said = new Set<string>();
    this.claims = judged.events
      .filter((event) => isClaim(event) && !judgements.has(event.eventId))
      .sort(byRecording)
      .filter((event) => {
        const isRestated = said.has(event.factId);
        said.add(event.factId);
        return reachesBack(event, isRestated);
      });
  }

  /** The flags at `at`, by their keys, without the partners' claims that were recorded after `until`. */
  heardUntil(until: Instant, at: Instant = this.judged.now): ReadonlyMap<string, Raised> {
    const next = this.claims.find(({ recordedAt }) => recordedAt > until)?.recordedAt;
    return this.look(`${next} ${at}`, (event) => next === undefined || event.recordedAt < next, at);
  }

  /** The flags without any claim that reaches back. */
  without(): ReadonlyMap<string, Raised> {
    const back = new Set(this.claims);
    return this.look('without', (event) => !back.has(event), this.judged.now);
  }

  private look(name: string, isHeard: (event: RecordedEvent) => boolean, at: Instant): ReadonlyMap<string, Raised> {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const events = this.judged.events.filter((event) => !this.isUnconfirmed(event) || isHeard(event));
    const found = new Map(raisedIn(this.judged.verdicts(events, at)).map((verdict) => [keyOf(verdict), verdict]));
    this.known.set(name, found);
    return found;
  }
}

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

const hiddenIn = (looks: Looks, found: ReadonlySet<string>, lateClaimAfter: number): Hidden => {
  /** From when on a partner's word is late: the flag is raised, and what a partner said to raise it is known. */
  const lateFrom = ({ raisedAt, believedFrom = raisedAt, openedBy }: Raised): Instant => {
    const known = isClaim(openedBy) ? addMilliseconds(openedBy.recordedAt, tolerance) : raisedAt;
    return addDays([raisedAt, believedFrom, known].sort().at(-1) ?? raisedAt, lateClaimAfter);
  };
  const hidden = new Map<string, Instant>();
  for (const end of pausesIn(looks.claims)) {
    for (const [key, flag] of looks.heardUntil(end)) if (!found.has(key) && lateFrom(flag) <= end) hidden.set(key, end);
  }
  for (const [key, flag] of looks.without()) {
    if (found.has(key) || hidden.has(key)) continue;
    const heard = looks.heardUntil(lateFrom(flag)).get(key);
    if (heard !== undefined && looks.heardUntil(lateFrom(heard)).has(key)) hidden.set(key, lateFrom(heard));
  }
  return hidden;
};

/**
 * The flags that are found only without the claims that a partner made after they were raised, and after `lateClaimAfter` days.
 * They stand as cleared, for the reason `lateClaim`, by the first such claim and when it was recorded (decision 20). `verdicts` are
 * those with all claims.
 */
export const lateClaimsOf = (judged: Judged, verdicts: readonly RuledVerdict[]): readonly Raised[] => {
  const looks = new Looks(judged);
  if (looks.claims.length === 0) return [];
  const found = new Set(raisedIn(verdicts).map(keyOf));
  return [...hiddenIn(looks, found, judged.lateClaimAfter)].flatMap(([key, since]) => {
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
