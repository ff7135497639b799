// Which flags would there be under other thresholds: which are added, which go, and which come earlier or later?
import type { Instant } from '../../events/instant.ts';
import type { PatternName } from '../patterns/catalog.ts';
import type { RuledVerdict } from '../patterns/evaluate.ts';
import { flagIdIn } from '../rows/raisedFlags.ts';

/** An episode of a failure, by what never changes about it and when it was raised. */
export interface Episode {
  readonly flagId: string;
  readonly rule: string;
  readonly pattern: PatternName;
  readonly subject: string;
  /** The fact and the event that armed or opened it. */
  readonly openedBy: { readonly factId: string; readonly eventId: string };
  readonly raisedAt: Instant;
  readonly clearedAt: Instant | null;
}

/** From `from` on and before `to`. */
export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

export const within = ({ from, to }: Window, at: Instant): boolean => from <= at && at < to;

/** The raised ones among verdicts. */
export const episodesOf = (verdicts: readonly RuledVerdict[]): readonly Episode[] =>
  verdicts.flatMap((verdict) => {
    if (verdict.state !== 'raised') return [];
    const { rule, pattern, subject, raisedAt, cleared } = verdict;
    const { factId, eventId } = verdict.openedBy;
    const episode = { rule, pattern, subject, openedBy: { factId, eventId }, raisedAt, clearedAt: cleared?.at ?? null };
    return [{ flagId: flagIdIn(verdict), ...episode }];
  });

export interface FlagShift {
  /**
   * `added`: only the other thresholds raise it. `removed`: only those in force do. `earlier`, `later`: both raise it, or one that
   * overlaps it.
   */
  readonly change: 'added' | 'removed' | 'earlier' | 'later';
  readonly rule: string;
  readonly subject: string;
  readonly openedByEvent: string;
  /** When it was raised under the thresholds in force, and when it would be under the others; null where it is not. */
  readonly raisedAt: Instant | null;
  readonly wouldBeRaisedAt: Instant | null;
}

const keyOf = ({ rule, subject, openedBy }: Episode): string => JSON.stringify([rule, subject, openedBy.factId]);

const shiftOf = (is: Episode | undefined, wouldBe: Episode | undefined): FlagShift | undefined => {
  const episode = is ?? wouldBe;
  if (episode === undefined || is?.raisedAt === wouldBe?.raisedAt) return undefined;
  const change =
    is === undefined
      ? 'added'
      : wouldBe === undefined
        ? 'removed'
        : wouldBe.raisedAt < is.raisedAt
          ? 'earlier'
          : 'later';
  const { rule, subject, openedBy } = episode;
  return {
    ...{ change, rule, subject, openedByEvent: openedBy.eventId },
    ...{ raisedAt: is?.raisedAt ?? null, wouldBeRaisedAt: wouldBe?.raisedAt ?? null },
  };
};

/** An episode on both sides, or on one alone. */
type Sides = readonly [is: Episode | undefined, wouldBe: Episode | undefined];

const byRaising = (episodes: readonly Episode[]): readonly Episode[] =>
  episodes.toSorted((a, b) => (a.raisedAt < b.raisedAt ? -1 : a.raisedAt > b.raisedAt ? 1 : 0));

const endsBefore = ({ clearedAt }: Episode, { raisedAt }: Episode): boolean =>
  clearedAt !== null && clearedAt <= raisedAt;

/**
 * Pairs episodes of one rule and subject that overlap, each with the first one: what crosses another limit is opened by another event,
 * as a share of usage or of effort is, and is the same failure, told earlier or later.
 */
const overlapping = (is: readonly Episode[], wouldBe: readonly Episode[]): readonly Sides[] => {
  const [known, others] = [byRaising(is), byRaising(wouldBe)];
  const pairs: Sides[] = [];
  for (let [i, j] = [0, 0]; i < known.length || j < others.length; ) {
    const [one, other] = [known[i], others[j]];
    const isAlone = one !== undefined && (other === undefined || endsBefore(one, other));
    const otherAlone = !isAlone && other !== undefined && (one === undefined || endsBefore(other, one));
    pairs.push([otherAlone ? undefined : one, isAlone ? undefined : other]);
    if (!otherAlone) i += 1;
    if (!isAlone) j += 1;
  }
  return pairs;
};

const subjectOf = ({ rule, subject }: Episode): string => JSON.stringify([rule, subject]);

/** The same episodes of both sides, by what opened them; of those that only one side has, those that overlap. */
const sidesOf = (is: readonly Episode[], wouldBe: readonly Episode[]): readonly Sides[] => {
  const others = new Map(wouldBe.map((episode) => [keyOf(episode), episode]));
  const known = new Set(is.map(keyOf));
  const same = is.flatMap((episode): readonly Sides[] => {
    const other = others.get(keyOf(episode));
    return other === undefined ? [] : [[episode, other]];
  });
  const left = Map.groupBy(
    is.filter((episode) => !others.has(keyOf(episode))),
    subjectOf,
  );
  const right = Map.groupBy(
    wouldBe.filter((episode) => !known.has(keyOf(episode))),
    subjectOf,
  );
  const subjects = new Set([...left.keys(), ...right.keys()]);
  return [...same, ...[...subjects].flatMap((key) => overlapping(left.get(key) ?? [], right.get(key) ?? []))];
};

/** What differs among the episodes that either side raises within the window, by rule and then by time. */
export const flagShifts = (
  { is, wouldBe }: { readonly is: readonly Episode[]; readonly wouldBe: readonly Episode[] },
  window: Window,
): readonly FlagShift[] =>
  sidesOf(is, wouldBe)
    .flatMap((sides): readonly FlagShift[] => {
      const shift = shiftOf(...sides);
      const isAsked = sides.some((side) => side !== undefined && within(window, side.raisedAt));
      return shift === undefined || !isAsked ? [] : [shift];
    })
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));

const orderOf = ({ rule, raisedAt, wouldBeRaisedAt, subject, openedByEvent }: FlagShift): string =>
  [rule, raisedAt ?? wouldBeRaisedAt, subject, openedByEvent].join(' ');
