// Which flags would there be under other thresholds: which are added, which go, and which come earlier or later?
import type { Instant } from '../../events/instant.ts';
import type { PatternName } from '../patterns/catalog.ts';
import type { RuledVerdict } from '../patterns/evaluate.ts';

/** An episode of a failure, by what never changes about it and when it was raised. */
export interface Episode {
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
    const { rule, pattern, subject, openedBy, raisedAt, cleared } = verdict;
    const { factId, eventId } = openedBy;
    return [{ rule, pattern, subject, openedBy: { factId, eventId }, raisedAt, clearedAt: cleared?.at ?? null }];
  });

export interface FlagShift {
  /** `added`: only the other thresholds raise it. `removed`: only those in force do. */
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

/** What differs among the episodes that either side raises within the window, by rule and then by time. */
export const flagShifts = (
  { is, wouldBe }: { readonly is: readonly Episode[]; readonly wouldBe: readonly Episode[] },
  window: Window,
): readonly FlagShift[] => {
  const [known, other] = [is, wouldBe].map((side) => new Map(side.map((episode) => [keyOf(episode), episode])));
  return [...new Set([...(known?.keys() ?? []), ...(other?.keys() ?? [])])]
    .flatMap((key): readonly FlagShift[] => {
      const sides = [known?.get(key), other?.get(key)] as const;
      const shift = shiftOf(...sides);
      const isAsked = sides.some((side) => side !== undefined && within(window, side.raisedAt));
      return shift === undefined || !isAsked ? [] : [shift];
    })
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
};

const orderOf = ({ rule, raisedAt, wouldBeRaisedAt, subject, openedByEvent }: FlagShift): string =>
  [rule, raisedAt ?? wouldBeRaisedAt, subject, openedByEvent].join(' ');
