// What was promised, and who answers for it? P3.6 and P3.7, as the reference's C3 and the later decisions tell them.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Responsibility } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import type { Stage } from '../../events/stage.ts';
import { type Visit, visitsOf } from './journey.ts';
import { believed, type Found, first, type Life, last, type Severity } from './life.ts';

type Proposed = RecordedOf<'SolutionProposed'>;

/** The version of an offer that a proposal sells: the one that it names, else the latest by then. */
export const offerOf = (life: Life, { occurredAt, data }: Proposed): RecordedOf<'OfferPublished'> | undefined =>
  life.offers
    .filter(
      (offer) =>
        offer.data.offerId === data.offerId && (data.offerVersion ?? offer.data.version) === offer.data.version,
    )
    .filter((offer) => offer.occurredAt <= occurredAt)
    .at(-1);

/** The commitments that a proposal makes, and its offer can't keep. */
const lackingIn = (life: Life, proposed: Proposed): readonly string[] => {
  const offer = offerOf(life, proposed);
  const lacking = proposed.data.commitments.filter(
    ({ capability }) => offer?.data.capabilities.includes(capability) === false,
  );
  return lacking.map(({ id }) => id);
};

/** Since when a proposal makes a commitment that its offer keeps: a version may be named before it is published. */
const keptSince = (life: Life, proposed: Proposed, id: string): Instant | undefined => {
  const { offerId, offerVersion, commitments } = proposed.data;
  const offer =
    offerOf(life, proposed) ??
    life.offers.find(({ data }) => data.offerId === offerId && data.version === offerVersion);
  const keeps = commitments.some((made) => made.id === id && offer?.data.capabilities.includes(made.capability));
  return keeps && offer !== undefined ? last(proposed.occurredAt, offer.occurredAt) : undefined;
};

/** P3.6: a promise that the offer can't keep, or that delivery found to be a gap, until it is settled. */
export const promisedButNotDeliverable = (life: Life): readonly Found[] => {
  const found: (Found & { readonly id: string })[] = [];
  const gaps = life.of('DeviationRecorded').filter(({ data }) => data.kind === 'scope_gap');
  for (const event of life.events) {
    const predicted = event.type === 'SolutionProposed' ? lackingIn(life, event) : [];
    const proven = gaps.filter((gap) => gap === event).flatMap(({ data }) => data.commitmentId ?? []);
    for (const id of [...predicted, ...proven]) {
      const raisedAt = believed(event.occurredAt);
      const isOpen = found.some(
        (flag) => flag.id === id && (flag.answeredAt === undefined || flag.answeredAt > event.occurredAt),
      );
      const settled = life
        .of('CommitmentSettled')
        .find(({ occurredAt, data }) => data.commitmentId === id && occurredAt >= event.occurredAt)?.occurredAt;
      // It may be promised anew, with an offer that can keep it, once that is published.
      const kept = life
        .of('SolutionProposed')
        .filter((next) => life.events.indexOf(next) > life.events.indexOf(event))
        .flatMap((next) => keptSince(life, next, id) ?? [])
        .toSorted()[0];
      const isProven = (at: Instant): boolean =>
        gaps.some(({ occurredAt, data }) => data.commitmentId === id && occurredAt <= at);
      const keptAt = kept === undefined || isProven(kept) ? undefined : kept;
      const answeredAt = first(settled, keptAt);
      // What delivery proves is worse than what the offer foretells.
      const severity = (until: Instant): Severity =>
        gaps.some(
          (gap) => gap.data.commitmentId === id && gap.occurredAt >= event.occurredAt && gap.occurredAt <= until,
        )
          ? 'critical'
          : 'high';
      if (!isOpen) found.push({ rule: 'P3.6', id, openedBy: event, raisedAt, answeredAt, severity });
    }
  }
  return found;
};

const required: Readonly<Partial<Record<Stage, Responsibility>>> = {
  sell: 'sell',
  procure: 'bill',
  deliver: 'deliver',
  report: 'support',
  renew: 'support',
};

/** From when until when a responsibility is held, and the event that ends it. */
interface Held {
  readonly from: Instant;
  readonly until: Instant | undefined;
  readonly endedBy: RecordedEvent;
}

/** The visits, as one where the next stage needs the same. */
const together = (visits: readonly Visit[]): readonly Visit[] => {
  const merged: Visit[] = [];
  for (const visit of visits) {
    const before = merged.at(-1);
    if (before !== undefined && required[before.stage] === required[visit.stage])
      merged[merged.length - 1] = { ...before, until: visit.until };
    else merged.push(visit);
  }
  return merged;
};

/** P3.7: nobody answers for what the stage needs, in an engagement that says who answers for something. */
export const nobodyResponsible = (life: Life): readonly Found[] => {
  const joined = life.of('ParticipantJoined');
  const declared = joined.find(({ data }) => data.responsibilities.length > 0);
  if (declared === undefined) return [];
  const holds = (event: RecordedOf<'ParticipantJoined'>): Held => {
    const next = joined
      .slice(joined.indexOf(event) + 1)
      .find(({ data }) => JSON.stringify(data.org) === JSON.stringify(event.data.org));
    const replaced = next === undefined ? undefined : (next.data.from ?? next.occurredAt);
    const until = first(event.data.until, replaced);
    return {
      from: event.data.from ?? event.occurredAt,
      until,
      endedBy: next !== undefined && until === replaced ? next : event,
    };
  };
  return together(visitsOf(life)).flatMap((visit): readonly Found[] => {
    const needs = required[visit.stage];
    if (needs === undefined) return [];
    const held = joined
      .filter(({ data }) => data.responsibilities.includes(needs))
      .map(holds)
      .filter(({ from, until }) => until === undefined || until > from);
    const begins = visit.from >= declared.occurredAt && !visit.byTime ? visit.by : declared;
    const starts: { readonly at: Instant; readonly by: RecordedEvent }[] = [
      { at: last(visit.from, declared.occurredAt), by: begins },
      ...held.flatMap(({ until, endedBy }) => (until === undefined ? [] : [{ at: until, by: endedBy }])),
    ];
    return starts.flatMap(({ at, by }, index): readonly Found[] => {
      // What begins at one instant is one gap.
      if (starts.slice(0, index).some((start) => start.at === at)) return [];
      if (at < last(visit.from, declared.occurredAt) || (visit.until !== undefined && at >= visit.until)) return [];
      if (held.some(({ from, until }) => from <= at && (until === undefined || until > at))) return [];
      const taken = first(...held.filter(({ from }) => from > at).map(({ from }) => from));
      return [
        {
          rule: 'P3.7',
          openedBy: by,
          raisedAt: believed(at),
          answeredAt: first(taken, visit.until),
          severity: 'medium',
        },
      ];
    });
  });
};
