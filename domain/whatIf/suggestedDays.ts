// Which days would fit a route, by how long its purchases took, and which policy would say so?
import type { RecordedOf } from '../../events/catalog.ts';
import { Route } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import { policyAt } from '../context/policy.ts';
import { stalledOrder } from '../patterns/stalledOrder.ts';
import type { ClosedPurchase, PurchaseLimits, PurchaseRoute } from './closedPurchases.ts';

/**
 * With fewer purchases nothing is suggested (domain reference C5: the route's own p90 "once n ≥ 20"). Of 20, two took longer than the 90th
 * percentile; of fewer, a single odd purchase would set it.
 */
export const leastPurchases = 20;

/** The closed purchases of one engagement. */
export interface PurchasesOf {
  readonly engagementId: string;
  readonly purchases: readonly ClosedPurchase[];
}

export interface SuggestedDays {
  readonly rule: 'P5.5';
  readonly threshold: PurchaseRoute;
  /** What the policy in force says. */
  readonly days: number;
  /** The 90th percentile in whole days, rounded up; null with its reason. */
  readonly suggestedDays: number | null;
  readonly reason: 'tooFew' | null;
  /** The sample: its purchases, and the engagements that they are of. */
  readonly purchases: number;
  readonly engagements: number;
  readonly leastPurchases: number;
}

/**
 * The nearest-rank 90th percentile: the least value of the sample that at least 90 % of it do not exceed. Undefined without a sample.
 */
export const p90 = (sample: readonly number[]): number | undefined =>
  sample.toSorted((a, b) => a - b)[Math.ceil((sample.length * 9) / 10) - 1];

/** The suggestion for each route, in the order of the routes. It is the same for any order of the engagements. */
export const suggestedDays = (all: readonly PurchasesOf[], limits: PurchaseLimits): readonly SuggestedDays[] =>
  Route.options.map((route): SuggestedDays => {
    const own = all.map(({ purchases }) => purchases.filter((each) => each.route === route));
    const sample = own.flat().map(({ days }) => days);
    const found = sample.length < leastPurchases ? undefined : p90(sample);
    return {
      ...{ rule: 'P5.5', threshold: route, days: limits[route] },
      // A limit of no days is none.
      suggestedDays: found === undefined ? null : Math.max(1, Math.ceil(found)),
      reason: found === undefined ? 'tooFew' : null,
      ...{ purchases: sample.length, engagements: own.filter(({ length }) => length > 0).length, leastPurchases },
    };
  });

type Published = RecordedOf<'PolicyPublished'>;

/** The thresholds of P5.5 in force at an instant, from the standing events of the policy stream. */
export const purchaseLimitsAt = (events: readonly Published[], at: Instant): PurchaseLimits => {
  const said = stalledOrder.thresholds.safeParse(policyAt(events, at).thresholds[stalledOrder.id] ?? {});
  return said.success ? said.data : stalledOrder.thresholds.parse({});
};

/** The data of a PolicyPublished by which a person would make a suggestion hold; `policyScheduled`: a later policy waits, which it would keep from ever holding. */
export type Publishing = { readonly data: Published['data'] } | { readonly reason: 'policyScheduled' };

/** The policy in force with the days of one route changed. A policy is published whole, so it repeats what that one says. */
export const publishing = (
  events: readonly Published[],
  at: Instant,
  { threshold, days }: { readonly threshold: PurchaseRoute; readonly days: number },
): Publishing => {
  const { version, thresholds } = policyAt(events, at);
  if (events.some(({ data }) => data.policyVersion > version)) return { reason: 'policyScheduled' };
  const held = events.findLast(({ data }) => data.policyVersion === version && data.effectiveFrom <= at)?.data;
  return {
    data: {
      ...held,
      policyVersion: version + 1,
      effectiveFrom: at,
      thresholds: { ...thresholds, [stalledOrder.id]: { ...thresholds[stalledOrder.id], [threshold]: days } },
    },
  };
};
