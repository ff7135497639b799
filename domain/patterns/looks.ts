// Which flags were there before a partner's words that reach back?
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays, addMilliseconds, epochOf, type Instant } from '../../events/instant.ts';
import { isClaim, judgementsOf, unconfirmedIn } from '../claims.ts';
import { tolerance } from '../time/tolerance.ts';
import type { RuledVerdict } from './evaluate.ts';
import { severities } from './pattern.ts';

export type Raised = Extract<RuledVerdict, { readonly state: 'raised' }>;

/** What the late claims of an engagement are found by. */
export interface Judged {
  /** All its events that are recorded by the recorded cut, in any order. */
  readonly events: readonly RecordedEvent[];
  /** Those that stand, of any date. */
  readonly stands: readonly RecordedEvent[];
  readonly now: Instant;
  /** Every rule's verdicts at an instant, as if only these events had been recorded. */
  verdicts(events: readonly RecordedEvent[], at: Instant): readonly RuledVerdict[];
}

/** Tells an episode from all others: the same parts make its flag's id. */
export const keyOf = ({ rule, subject, openedBy }: RuledVerdict): string =>
  JSON.stringify([rule, subject, openedBy.factId]);

export const raisedIn = (verdicts: readonly RuledVerdict[]): readonly Raised[] =>
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
    // Says that there never was a handoff to wait for.
    (event.type === 'HandoffOffered' && event.data.self === true) ||
    event.occurredAt < then ||
    namesEarlier(event.data, then)
  );
};

const byRecording = (a: RecordedEvent, b: RecordedEvent): number =>
  a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : a.version - b.version;

/**
 * The verdicts, where a partner's unconfirmed and back-dated word cleared a flag: it clears when the word was recorded, since nobody
 * but the partner says that it was earlier.
 */
export const clearedWhenSaid = (judged: Judged, verdicts: readonly RuledVerdict[]): readonly RuledVerdict[] => {
  const isUnconfirmed = unconfirmedIn(judged.stands);
  const claims = new Map(judged.events.filter(isUnconfirmed).map((event) => [event.eventId, event]));
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

/**
 * In how many pauses between claims the flags are looked at, at least. Each look costs a fold, so an engagement with more claims is
 * looked at in its longest pauses.
 */
const leastLooks = 16;

/** How many events all looks together may fold, beyond the least looks. */
const mostFolded = 100_000;

/** How many events may be folded before looks that only refine an answer are left out. */
const mostFoldedInAll = 300_000;

const looksFor = (events: readonly RecordedEvent[]): number =>
  Math.max(leastLooks, Math.floor(mostFolded / events.length));

/** The ends of the longest pauses before and between claims, in the order of time. Claims within the tolerance come together. */
const pausesIn = (claims: readonly RecordedEvent[], most: number): readonly Instant[] =>
  claims
    .flatMap(({ recordedAt }, index) => {
      const before = claims[index - 1]?.recordedAt;
      const length = before === undefined ? Number.POSITIVE_INFINITY : epochOf(recordedAt) - epochOf(before);
      return length > tolerance ? [{ end: addMilliseconds(recordedAt, -1), length }] : [];
    })
    .sort((a, b) => b.length - a.length)
    .slice(0, most)
    .map(({ end }) => end)
    .sort();

/** The flags without some claims; each set of claims is judged once. */
export class Looks {
  private folded = 0;
  private readonly known = new Map<string, ReadonlyMap<string, Raised>>();
  private readonly judged: Judged;
  private readonly isUnconfirmed: (event: RecordedEvent) => boolean;
  /** The claims that reach back, in the order of recording. */
  readonly claims: readonly RecordedEvent[];
  /** The ends of the pauses between them in which the flags are looked at. */
  readonly pauses: readonly Instant[];
  /** The claims that restate, replace or take back what a partner said before. */
  private readonly unsaying: ReadonlySet<RecordedEvent>;

  constructor(judged: Judged) {
    this.judged = judged;
    this.isUnconfirmed = unconfirmedIn(judged.stands);
    const judgements = judgementsOf(judged.stands);
    const said = new Set<string>();
    const unsaying = new Set<RecordedEvent>();
    this.claims = judged.events
      .filter((event) => isClaim(event) && !judgements.has(event.eventId))
      .sort(byRecording)
      .filter((event) => {
        const isRestated = said.has(event.factId);
        said.add(event.factId);
        if (isRestated || event.supersedes !== undefined || event.type === 'FactRetracted') unsaying.add(event);
        return reachesBack(event, isRestated);
      });
    this.unsaying = unsaying;
    this.pauses = pausesIn(this.claims, looksFor(judged.events));
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

  /** The flags as if partners had never changed their own words. */
  neverUnsaid(): ReadonlyMap<string, Raised> {
    return this.look('never unsaid', (event) => !this.unsaying.has(event), this.judged.now);
  }

  /** Whether so much was folded that only what is known already may be looked at. */
  get isSpent(): boolean {
    return this.folded > mostFoldedInAll;
  }

  private look(name: string, isHeard: (event: RecordedEvent) => boolean, at: Instant): ReadonlyMap<string, Raised> {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const events = this.judged.events.filter((event) => !this.isUnconfirmed(event) || isHeard(event));
    const found = new Map(
      raisedIn(clearedWhenSaid(this.judged, this.judged.verdicts(events, at))).map((flag) => [keyOf(flag), flag]),
    );
    this.folded += events.length;
    this.known.set(name, found);
    return found;
  }
}

/**
 * From when on a partner's word on a flag is late, by the flag's policy: the flag is raised, and what a partner said to raise it is known.
 */
export const lateFrom = ({ raisedAt, openedBy, policy }: Raised): Instant => {
  const known = isClaim(openedBy) ? addMilliseconds(openedBy.recordedAt, tolerance) : raisedAt;
  return addDays(raisedAt < known ? known : raisedAt, policy.lateClaimAfter);
};

/** Whether the flag had cleared by an instant. */
export const isClearedBy = ({ cleared }: Raised, at: Instant): boolean => cleared !== undefined && cleared.at <= at;

/** Whether a flag is more severe than another one. */
export const isWorseThan = (flag: Raised, other: Raised): boolean =>
  severities.indexOf(flag.severity) > severities.indexOf(other.severity);

/** The flag with what another look at it shows, where that is worse or earlier: severity, evidence, and when it was raised. */
export const worseOf = (flag: Raised, stood: Raised | undefined): Raised => {
  if (stood === undefined) return flag;
  const isWorse = isWorseThan(stood, flag);
  if (!isWorse && stood.raisedAt >= flag.raisedAt) return flag;
  return {
    ...(isWorse ? stood : { ...stood, severity: flag.severity }),
    raisedAt: stood.raisedAt < flag.raisedAt ? stood.raisedAt : flag.raisedAt,
    cleared: flag.cleared,
    changesAt: flag.changesAt,
  };
};
