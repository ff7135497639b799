// Does a partner sell and deliver everything anew? P2.4 to P2.6, as the reference's C2 and the later decisions tell them.
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Severity } from './life.ts';
import { type Delivered, type Uses, usesByPartner } from './partnerUses.ts';

/** A time that a rule on a partner was broken. */
export interface PartnerEpisode {
  readonly rule: string;
  readonly partner: string;
  readonly openedBy: string;
  readonly raisedAt: Instant;
  readonly clearedAt: Instant | undefined;
  readonly severity: Severity;
}

export interface Around {
  /** The roles by partner; none: not registered. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
  /** What an hour of work costs, minor units; undefined: the policy doesn't say. */
  readonly hour: number | undefined;
}

interface Step {
  readonly at: Instant;
  readonly event: RecordedEvent;
  readonly isBad: boolean;
  readonly isGood: boolean;
}

type Found = Omit<PartnerEpisode, 'rule' | 'partner' | 'severity'>;

/** Flags one after the other: from a bad step to the next good one. */
const episodes = (steps: readonly Step[]): readonly Found[] => {
  const found: Found[] = [];
  let from = 0;
  for (const [index, { at, event, isBad }] of steps.entries()) {
    if (index < from || !isBad) continue;
    const end = steps.findIndex((step, place) => place > index && step.isGood);
    found.push({ openedBy: event.eventId, raisedAt: at, clearedAt: steps[end]?.at });
    from = end < 0 ? steps.length : end + 1;
  }
  return found;
};

const share = (part: number, all: number): number => part / all;

/** The standard deviation in terms of the mean. */
const variation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return mean === 0 ? 0 : Math.sqrt(squares) / mean;
};

/** The first deliveries of an offer teach how it is done. */
const learning = 2;

const byOffer = (deliveries: readonly Delivered[]): readonly (readonly Delivered[])[] => [
  ...Map.groupBy(
    deliveries.filter(({ offerId }) => offerId !== undefined),
    ({ offerId }) => offerId,
  ).values(),
];

/** P2.4: of the last five deliveries of an offer, four and more differ, or their efforts do. */
const everyOneDifferent = ({ deliveries }: Uses): readonly Found[] =>
  byOffer(deliveries).flatMap((all) => {
    const own = all.slice(learning);
    const steps = own.flatMap(({ at, event }, index): readonly Step[] => {
      const five = own.slice(Math.max(index - 4, 0), index + 1);
      if (five.length < 5) return [];
      // What nobody said of one of them is known of none: it neither raises nor clears.
      const prints = five.flatMap(({ fingerprint }) => fingerprint ?? []);
      const different = prints.length < 5 ? undefined : share(new Set(prints).size, 5);
      const efforts = five.map(({ minutes }) => minutes).filter((minutes) => minutes > 0);
      const spread = efforts.length < 5 ? undefined : variation(efforts);
      const isKnown = different !== undefined || spread !== undefined;
      return [
        {
          ...{ at, event },
          isBad: (different ?? 0) >= 0.8 || (spread ?? 0) > 0.5,
          isGood: isKnown && (different ?? 0) < 0.6 && (spread ?? 0) < 0.35,
        },
      ];
    });
    return episodes(steps);
  });

/** P2.5: a delivery earned 15 points less than planned, until three running stay within 5. */
const marginLeak = ({ deliveries }: Uses, { hour }: Around): readonly Found[] => {
  // What is delivered without an offer teaches nothing.
  const learned = (one: Delivered): boolean =>
    one.offerId === undefined || deliveries.filter(({ offerId }) => offerId === one.offerId).indexOf(one) >= learning;
  const known = deliveries
    .filter(learned)
    .flatMap(({ event, minutes, planned, earned }) => {
      if (planned === undefined || earned === undefined || hour === undefined) return [];
      // In minutes' cost by the hour, so that whole numbers are compared.
      return [{ event, at: earned.from, lost: (minutes - planned) * hour * 100, of: earned.minor * 60 }];
    })
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return episodes(
    known.map(({ event, at, lost, of }, index) => ({
      ...{ event, at, isBad: lost >= 15 * of },
      isGood: index >= 2 && known.slice(index - 2, index + 1).every((one) => one.lost <= 5 * one.of),
    })),
  );
};

/** P2.6: more than half of the last six wins sold what no published offer holds. */
const offCatalogue = ({ wins }: Uses): readonly Found[] =>
  episodes(
    wins.flatMap(({ at, event }, index): readonly Step[] => {
      const six = wins.slice(Math.max(index - 5, 0), index + 1);
      const off = share(six.filter(({ isPublished }) => !isPublished).length, six.length);
      return six.length < 6 ? [] : [{ at, event, isBad: off > 0.5, isGood: off <= 0.3 }];
    }),
  );

/** Whether a partner's business is to repeat: of its roles towards customers, half and more are a reseller's or a service provider's. */
const repeats = (roles: readonly string[] | undefined): boolean => {
  const isRepeating = (role: string): boolean => role === 'var' || role === 'msp';
  const serving = roles?.filter((role) => isRepeating(role) || role === 'si') ?? [];
  return roles === undefined || share(serving.filter(isRepeating).length, serving.length) >= 0.5;
};

/** What the oracle finds of the partners at an instant. */
export const partnerEpisodesOf = (
  recorded: readonly RecordedEvent[],
  now: Instant,
  around: Around,
): readonly PartnerEpisode[] =>
  [...usesByPartner(recorded, now)].flatMap(([partner, uses]) => {
    const isRepeating = repeats(around.roles.get(partner));
    const as = (rule: string, severity: Severity, found: readonly Found[]): readonly PartnerEpisode[] =>
      found
        .filter(({ raisedAt }) => raisedAt <= now)
        .map((one) => ({ ...one, rule, partner, severity, clearedAt: one.clearedAt }));
    return [
      ...(isRepeating ? as('P2.4', 'high', everyOneDifferent(uses)) : []),
      ...as('P2.5', 'high', marginLeak(uses, around)),
      ...(isRepeating ? as('P2.6', 'medium', offCatalogue(uses)) : []),
    ];
  });
