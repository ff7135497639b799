// Which verdicts are flags, by which id is each known, and has the vendor dismissed it?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { parseStreamId, uuidOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { originOf } from '../merging.ts';
import type { RuledVerdict } from '../patterns/evaluate.ts';

export type RaisedVerdict = Extract<RuledVerdict, { readonly state: 'raised' }>;

/** The verdicts that are flags, open or cleared. */
export const raisedOf = (verdicts: readonly RuledVerdict[]): readonly RaisedVerdict[] =>
  verdicts.filter((verdict) => verdict.state === 'raised');

/** What never changes about an episode. */
export interface EpisodeKey {
  readonly rule: string;
  readonly subject: string;
  readonly openedBy: { readonly factId: string };
}

/**
 * A flag's id, made of its rule, its subject, and the fact that armed or opened the episode. A restatement of that fact
 * does not change it.
 */
export const flagIdOf = (ownerId: string, { rule, subject, openedBy }: EpisodeKey): string =>
  uuidOf('flag', rule, ownerId, subject, openedBy.factId);

/**
 * The id of a flag of an engagement. It keeps the engagement for which the fact that opened the episode was meant: a merge
 * changes the id of no flag.
 */
export const flagIdIn = (verdict: EpisodeKey & { readonly openedBy: RecordedEvent }): string =>
  flagIdOf(parseStreamId(originOf(verdict.openedBy)).id, verdict);

/** A dismissal of a flag by the vendor. */
export interface Dismissal {
  readonly flagId: string;
  readonly eventId: string;
  readonly at: Instant;
  /** Null: for good. */
  readonly until: Instant | null;
  readonly reason: string;
  /** The person, as a reference; null if a system says it. */
  readonly by: string | null;
}

export const dismissalIn = ({ eventId, occurredAt, data, actor }: RecordedOf<'FlagDismissed'>): Dismissal => ({
  ...{ flagId: data.flagId, eventId, at: occurredAt },
  ...{ until: data.until ?? null, reason: data.reason, by: actor ?? null },
});

/**
 * The last dismissal of each flag, by the flag's id, in order of occurrence. It holds in place of the ones before it, so
 * that a later one may end sooner. A retracted one does not stand.
 */
export const dismissalsOf = ({ dismissals = [] }: Pick<Engagement, 'dismissals'>): ReadonlyMap<string, Dismissal> =>
  new Map(dismissals.map((event) => [event.data.flagId, dismissalIn(event)]));

/** Whether a dismissal that has occurred still holds at an instant: up to `until`, and not at that instant. */
export const holdsAt = ({ until }: Dismissal, now: Instant): boolean => until === null || now < until;

/** The instants at which a dismissal ends: a flag that still stands is then open again. */
export const dismissalTurns = ({ dismissals = [] }: Pick<Engagement, 'dismissals'>): readonly (Instant | undefined)[] =>
  dismissals.map(({ data }) => data.until);

export const flagStatuses = ['open', 'dismissed', 'cleared'] as const;
export type FlagStatus = (typeof flagStatuses)[number];

/** A flag that is cleared is not dismissed any more: there is nothing left to act on. */
export const statusOf = (
  { cleared }: { readonly cleared: object | undefined },
  dismissal: Dismissal | undefined,
  now: Instant,
): FlagStatus =>
  cleared !== undefined ? 'cleared' : dismissal !== undefined && holdsAt(dismissal, now) ? 'dismissed' : 'open';

/** The flags that are open at an instant: neither cleared nor dismissed. */
export const openFlags = (
  engagement: Pick<Engagement, 'dismissals'>,
  verdicts: readonly RuledVerdict[],
  now: Instant,
): readonly RaisedVerdict[] => {
  const dismissals = dismissalsOf(engagement);
  return raisedOf(verdicts).filter((verdict) => statusOf(verdict, dismissals.get(flagIdIn(verdict)), now) === 'open');
};
