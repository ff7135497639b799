// Is every delivery of an offer by a partner different from the ones before?
import * as z from 'zod';
import type { Instant } from '../../../events/instant.ts';
import { isRepeating, type OfferUse } from './offerUse.ts';
import {
  citesUse,
  clearedByUse,
  measuredIn,
  type PartnerClearing,
  type PartnerRule,
  type PartnerVerdict,
} from './partnerRule.ts';

const thresholds = z.object({
  /** How many deliveries are compared: the last ones that went live. */
  deliveries: z.int().min(2).max(100).default(5),
  /** Distinct configurations by deliveries: from it on the flag is raised; it clears below `distinctClear`. */
  distinct: z.number().min(0).max(1).default(0.8),
  distinctClear: z.number().min(0).max(1).default(0.6),
  /** The coefficient of variation of the minutes: above it the flag is raised; it clears below `variationClear`. */
  variation: z.number().min(0).max(100).default(0.5),
  variationClear: z.number().min(0).max(100).default(0.35),
  /** The partner's first deliveries of the offer, in which it learns, are not compared. */
  skipFirst: z.int().min(0).max(100).default(2),
  /** Whether partners are judged whose registered roles include neither var nor msp: the business of others is custom. */
  anyRole: z.boolean().default(false),
});
type Thresholds = z.infer<typeof thresholds>;

/** The configuration of a delivery whose every customisation is part of the offer by now: the offer's own. */
const ownOfOffer = '';

const fingerprintAt = ({ fingerprint, customisations, promoted }: OfferUse, now: Instant): string | null =>
  customisations > 0 && promoted.filter(([from]) => from <= now).length === customisations ? ownOfOffer : fingerprint;

const minutesAt = ({ minutes, promoted }: OfferUse, now: Instant): number =>
  promoted.reduce((left, [from, , taken]) => (from <= now ? left - taken : left), minutes);

interface Measures {
  /** Distinct configurations by deliveries; null if one of them is not known. */
  readonly distinct: number | null;
  /** The standard deviation of the minutes by their mean; null if the minutes of one delivery are not known. */
  readonly variation: number | null;
}

const measuresAt = (window: readonly OfferUse[], now: Instant): Measures => {
  const fingerprints = window.map((use) => fingerprintAt(use, now));
  const minutes = window.map((use) => minutesAt(use, now));
  const mean = minutes.reduce((sum, each) => sum + each, 0) / minutes.length;
  const variance = minutes.reduce((sum, each) => sum + (each - mean) ** 2, 0) / minutes.length;
  return {
    distinct: fingerprints.includes(null) ? null : new Set(fingerprints).size / window.length,
    variation: minutes.some((each) => each <= 0) ? null : Math.sqrt(variance) / mean,
  };
};

const isDifferent = ({ distinct, variation }: Measures, limits: Thresholds): boolean =>
  (distinct !== null && distinct >= limits.distinct) || (variation !== null && variation > limits.variation);

/** What is not known clears nothing by itself, and keeps nothing open that the other measure clears. */
const isAlike = ({ distinct, variation }: Measures, limits: Thresholds): boolean =>
  (distinct !== null || variation !== null) &&
  (distinct === null || distinct < limits.distinctClear) &&
  (variation === null || variation < limits.variationClear);

const evidenceOf = (window: readonly OfferUse[], { distinct, variation }: Measures, limits: Thresholds) => [
  ...window.map((use) => citesUse(use, `a delivery of the offer went live after ${use.minutes} minutes of work`)),
  ...(distinct === null ? [] : [measuredIn('distinct configurations by deliveries', distinct, limits.distinct)]),
  ...(variation === null ? [] : [measuredIn('coefficient of variation of the minutes', variation, limits.variation)]),
];

/** Instants at which the measures may change: a delivery goes live, or a version of the offer takes custom work in. */
const instantsOf = (deliveries: readonly OfferUse[]): readonly Instant[] =>
  [
    ...new Set(deliveries.flatMap(({ at, promoted }) => [at, ...promoted.map(([from]) => (from < at ? at : from))])),
  ].sort();

/** What changed the measures at an instant: a delivery that went live, else a version of the offer. */
const clearedAt = (deliveries: readonly OfferUse[], now: Instant): PartnerClearing => {
  const lived = deliveries.findLast(({ at }) => at === now);
  if (lived !== undefined) return clearedByUse(lived, now, 'deliveriesAlike');
  const events = deliveries.flatMap(({ promoted }) =>
    promoted.flatMap(([from, event]) => (from === now ? [event] : [])),
  );
  return { at: now, eventId: events.sort()[0] ?? '', engagementId: undefined, reason: 'promotedIntoOffer' };
};

const verdictsOn = (
  offerId: string,
  deliveries: readonly OfferUse[],
  thresholdsOf: (use: OfferUse) => Thresholds,
): readonly PartnerVerdict[] => {
  const verdicts: PartnerVerdict[] = [];
  let lived = 0;
  for (const now of instantsOf(deliveries)) {
    const before = lived;
    while (lived < deliveries.length && (deliveries[lived]?.at ?? '') <= now) lived += 1;
    const last = deliveries[lived - 1];
    const open = verdicts.at(-1)?.cleared === undefined ? verdicts.at(-1) : undefined;
    if (last === undefined) continue;
    const limits = thresholdsOf(open?.openedBy ?? last);
    if (lived - limits.skipFirst < limits.deliveries) continue;
    const window = deliveries.slice(lived - limits.deliveries, lived);
    const measures = measuresAt(window, now);
    if (open !== undefined) {
      if (!isAlike(measures, limits)) continue;
      verdicts[verdicts.length - 1] = { ...open, cleared: clearedAt(deliveries, now) };
      continue;
    }
    const isJudged = limits.anyRole || isRepeating(last);
    // What is taken into the offer makes deliveries more alike: only a delivery raises the flag.
    if (lived === before || !isJudged || !isDifferent(measures, limits)) continue;
    verdicts.push({
      subject: `offer:${offerId}`,
      openedBy: last,
      raisedAt: now,
      severity: 'high',
      evidence: evidenceOf(window, measures, limits),
      clearsWhen: `Of the last ${limits.deliveries} deliveries of the offer, under ${limits.distinctClear} have a configuration of their own, and their minutes vary by under ${limits.variationClear}.`,
      nextStep: 'Find what the deliveries share, and make it the template of the offer.',
      cleared: undefined,
    });
  }
  return verdicts;
};

/**
 * P2.4, by partner and offer: of its last deliveries that went live, too many have a configuration of their own, or their
 * minutes vary too much. Custom work that a later version of the offer lists counts as the offer's own from then on.
 */
export const everyOneDifferent: PartnerRule<typeof thresholds> = {
  id: 'P2.4',
  title: 'Every delivery of an offer is different',
  thresholds,
  verdicts: (uses, thresholdsOf) => {
    const deliveries = uses.filter(({ kind, offerId }) => kind === 'delivery' && offerId !== null);
    return [...Map.groupBy(deliveries, ({ offerId }) => offerId ?? '')].flatMap(([offerId, own]) =>
      verdictsOn(offerId, own, thresholdsOf),
    );
  },
};
