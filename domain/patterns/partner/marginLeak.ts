// Do a partner's deliveries earn less than they were planned to?
import * as z from 'zod';
import type { Instant } from '../../../events/instant.ts';
import type { OfferUse } from './offerUse.ts';
import { citesUse, clearedByUse, measuredIn, type PartnerRule, type PartnerVerdict } from './partnerRule.ts';

const thresholds = z.object({
  /** By how many points (hundredths of the revenue) the realised margin is below the planned one. */
  points: z.number().min(0).max(1000).default(15),
  /** The flag clears once so many deliveries in a row are within so many points of their plan. */
  clearPoints: z.number().min(0).max(1000).default(5),
  deliveries: z.int().min(1).max(100).default(3),
  /** The partner's first deliveries of an offer, in which it learns, are not judged. */
  skipFirst: z.int().min(0).max(100).default(2),
});

/** A delivery whose margin is known, with its points below the plan. */
interface Margin {
  readonly use: OfferUse;
  readonly from: Instant;
  readonly points: number;
}

/** The planned margin less the realised one, in points: both have the same revenue, and differ by the cost of the work. */
const marginOf = (use: OfferUse): readonly Margin[] => {
  const { earned, plannedMinutes, minutes } = use;
  if (earned === null || plannedMinutes === null || earned.minor <= 0) return [];
  const points = (100 * earned.hourMinor * (minutes - plannedMinutes)) / (60 * earned.minor);
  return [{ use, from: earned.from, points }];
};

/** The deliveries of a partner without the first ones of each offer. What nobody knows the offer of is judged. */
const afterLearning = (
  uses: readonly OfferUse[],
  thresholdsOf: (use: OfferUse) => z.infer<typeof thresholds>,
): readonly OfferUse[] => {
  const delivered = new Map<string, number>();
  return uses.filter((use) => {
    if (use.kind !== 'delivery' || use.offerId === null) return true;
    const before = delivered.get(use.offerId) ?? 0;
    delivered.set(use.offerId, before + 1);
    return before >= thresholdsOf(use).skipFirst;
  });
};

const inOrder = (a: Margin, b: Margin): number =>
  a.from < b.from ? -1 : a.from > b.from ? 1 : a.use.eventId < b.use.eventId ? -1 : 1;

const raisedBy = ({ use, from, points }: Margin, limits: z.infer<typeof thresholds>): PartnerVerdict => ({
  subject: 'deliveries',
  openedBy: use,
  raisedAt: from,
  severity: 'high',
  evidence: [
    citesUse(use, `a delivery went live after ${use.minutes} minutes of work, of ${use.plannedMinutes} planned`),
    measuredIn('points of margin below the plan', points, limits.points),
  ],
  clearsWhen: `The next ${limits.deliveries} deliveries are within ${limits.clearPoints} points of their planned margin.`,
  nextStep: 'Find which work was not planned, and correct the plan, the price or the template.',
  cleared: undefined,
});

/**
 * P2.5, by partner: the realised margin of a delivery is `points` or more below the planned one. The margin is (revenue −
 * cost of an hour × minutes) / revenue: planned with the planned minutes, realised with the logged ones. It is known once the
 * delivery is live and something was earned by it; without a plan or a cost of work (policy) the rule is quiet.
 * The partner's first deliveries of an offer are learning.
 */
export const marginLeak: PartnerRule<typeof thresholds> = {
  id: 'P2.5',
  title: 'Deliveries earn less than planned',
  thresholds,
  verdicts: (uses, thresholdsOf) => {
    const margins = afterLearning(uses, thresholdsOf).flatMap(marginOf).sort(inOrder);
    const verdicts: PartnerVerdict[] = [];
    let inARow = 0;
    for (const margin of margins) {
      const last = verdicts.at(-1);
      const open = last !== undefined && last.cleared === undefined ? last : undefined;
      if (open === undefined) {
        const limits = thresholdsOf(margin.use);
        if (margin.points >= limits.points) verdicts.push(raisedBy(margin, limits));
        inARow = 0;
        continue;
      }
      const limits = thresholdsOf(open.openedBy);
      inARow = margin.points <= limits.clearPoints ? inARow + 1 : 0;
      if (inARow < limits.deliveries) continue;
      const cleared = clearedByUse(margin.use, margin.from, 'marginAsPlanned');
      verdicts[verdicts.length - 1] = { ...open, cleared };
    }
    return verdicts;
  },
};
