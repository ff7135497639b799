// Which commitments of the proposals can't be kept, and how was each settled?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import { versionAt } from '../context/offer.ts';
import type { Facts } from '../engagement/facts.ts';
import { inFoldOrder } from '../history.ts';
import { tolerance } from '../time/tolerance.ts';

type Proposal = RecordedOf<'SolutionProposed'>;
type Gap = RecordedOf<'DeviationRecorded'>;
type Settlement = RecordedOf<'CommitmentSettled'>;
type Published = RecordedOf<'OfferPublished'>;

/** A commitment that can't be kept, from an instant on, until something settles it. */
export interface BrokenCommitment {
  readonly commitmentId: string;
  readonly openedBy: Proposal | Gap;
  readonly since: Instant;
  /** The version of the offer that lacks the capability; undefined if only a scope gap shows that it can't be kept. */
  readonly version: Published | undefined;
  /** The scope gaps that prove it, in fold order. */
  readonly gaps: readonly Gap[];
  /** A settlement, or a proposal whose offer has the capability: its version, where that is published later. */
  readonly endedBy: Settlement | Proposal | Published | undefined;
}

type VersionOf = (proposal: Proposal) => Published | undefined;

/** What happened to a commitment: a proposal promises its capability, delivery finds a gap, or it is settled. */
type Step = {
  readonly commitmentId: string;
  /** The event by whose time it counts. */
  readonly counts: RecordedEvent;
} & (
  | {
      readonly event: Proposal;
      readonly promise: { readonly capability: string; readonly version: Published | undefined };
    }
  | { readonly event: Gap | Settlement; readonly promise?: never }
);

/**
 * Finds the version of the offer that a proposal is about: the one that it names, else the newest one at that time; a proposal without
 * an offer is about that of the opening. A named version may be published later. Undefined if none is known by `now`.
 */
const versionOf = (facts: Facts, { offers }: Pick<Context, 'offers'>, now: Instant): VersionOf => {
  const known = new Map<Proposal, Published | undefined>();
  const find = (proposal: Proposal): Published | undefined => {
    const opening = facts.of('EngagementOpened')[0];
    const { offerId, offerVersion } = proposal.data.offerId === undefined ? (opening?.data ?? {}) : proposal.data;
    const offer = offers.get(offerId ?? '');
    if (offer === undefined) return undefined;
    const then = addMilliseconds(proposal.occurredAt, tolerance);
    const published = versionAt(offer, then < now ? then : now, offerVersion);
    if (published !== undefined || offerVersion === undefined) return published;
    return offer.versions.find(({ data, occurredAt }) => data.version === offerVersion && occurredAt <= now);
  };
  return (proposal) => {
    if (!known.has(proposal)) known.set(proposal, find(proposal));
    return known.get(proposal);
  };
};

/** The later one of two events; a version of an offer that was there before changes nothing of a proposal's time. */
const laterOf = (proposal: Proposal, version: Published | undefined): Proposal | Published =>
  version !== undefined && version.occurredAt > proposal.occurredAt ? version : proposal;

/** A proposal that names a version counts from when that is published. */
const stepsOf = (facts: Facts, find: VersionOf): readonly Step[] => {
  const promised = facts.of('SolutionProposed').flatMap((event) => {
    if (event.data.commitments.length === 0) return [];
    const version = find(event);
    const counts = laterOf(event, version);
    return event.data.commitments.map(({ id, capability }) => ({
      ...{ commitmentId: id, event, counts },
      promise: { capability, version },
    }));
  });
  const gaps = facts
    .of('DeviationRecorded')
    .flatMap((event) =>
      event.data.kind === 'scope_gap' && event.data.commitmentId !== undefined
        ? [{ commitmentId: event.data.commitmentId, event, counts: event }]
        : [],
    );
  const settled = facts
    .of('CommitmentSettled')
    .map((event) => ({ commitmentId: event.data.commitmentId, event, counts: event }));
  return [...promised, ...gaps, ...settled].sort((a, b) => inFoldOrder(a.counts, b.counts));
};

/** Follows one commitment through its steps. */
class Following {
  readonly broken: BrokenCommitment[] = [];
  private settled: Settlement | undefined;
  /** The gaps of the last one that broke. */
  private gaps: Gap[] = [];

  take(step: Step): void {
    const { event } = step;
    if (event.type === 'CommitmentSettled') {
      this.end(event);
      this.settled = event;
    } else if (event.type === 'DeviationRecorded') this.prove(step.commitmentId, event);
    else if (step.promise !== undefined) this.promise(step.commitmentId, event, step.promise);
  }

  private get open(): BrokenCommitment | undefined {
    const last = this.broken.at(-1);
    return last?.endedBy === undefined ? last : undefined;
  }

  private begin(found: Omit<BrokenCommitment, 'gaps' | 'endedBy'>): void {
    this.gaps = [];
    this.broken.push({ ...found, gaps: this.gaps, endedBy: undefined });
  }

  private end(endedBy: Settlement | Proposal | Published): void {
    const { open } = this;
    if (open !== undefined) this.broken[this.broken.length - 1] = { ...open, endedBy };
  }

  /** Whether an event comes within the tolerance after the settlement, so that this may answer it. */
  private isSettledAt({ occurredAt }: RecordedEvent): boolean {
    return this.settled !== undefined && occurredAt <= addMilliseconds(this.settled.occurredAt, tolerance);
  }

  private prove(commitmentId: string, gap: Gap): void {
    if (this.open === undefined) {
      if (this.isSettledAt(gap)) return;
      this.begin({ commitmentId, openedBy: gap, since: gap.occurredAt, version: undefined });
    }
    this.gaps.push(gap);
  }

  private promise(
    commitmentId: string,
    proposal: Proposal,
    { capability, version }: NonNullable<Step['promise']>,
  ): void {
    if (version === undefined || version.data.capabilities.length === 0) return;
    const { open } = this;
    if (version.data.capabilities.includes(capability)) {
      if (open !== undefined && open.gaps.length === 0) this.end(laterOf(proposal, version));
      return;
    }
    // What was delivered or changed by an order is settled also where a later proposal names it again.
    const isKept = this.settled !== undefined && this.settled.data.how !== 'withdrawn';
    if (open !== undefined || isKept || this.isSettledAt(laterOf(proposal, version))) return;
    const since = laterOf(proposal, version).occurredAt;
    this.begin({ commitmentId, openedBy: proposal, since, version });
  }
}

/**
 * The commitments that the offer can't keep: a proposal promises a capability that the version of the offer does not list, or delivery
 * records a scope gap for one. A bespoke solution, and a version that lists no capability at all, say nothing of what they can keep.
 */
export const brokenCommitments = (
  facts: Facts,
  context: Pick<Context, 'offers'>,
  now: Instant,
): readonly BrokenCommitment[] => {
  const find = versionOf(facts, context, now);
  const byId = new Map<string, Following>();
  for (const step of stepsOf(facts, find)) {
    const following = byId.get(step.commitmentId) ?? new Following();
    byId.set(step.commitmentId, following);
    following.take(step);
  }
  return [...byId.values()].flatMap(({ broken }) => broken);
};
