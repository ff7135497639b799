// What do the rules on a partner look at: which wins and deliveries, and what is known of each?
import * as z from 'zod';
import { builtOnce } from '../../../events/builtOnce.ts';
import { Instant } from '../../../events/instant.ts';

/** A win or a delivery of one engagement that the partner led then, as its engagement feeds it. */
export const FedUse = builtOnce(() =>
  z.strictObject({
    kind: z.enum(['win', 'delivery']),
    /** When it counts: when the deal was won, or the delivery went live. */
    at: Instant,
    /** The event that says so, its type, and its fact, which restatements share. */
    eventId: z.string(),
    type: z.enum(['DealClosed', 'MilestoneReached']),
    factId: z.string(),
    offerId: z.string().nullable(),
    /** Whether a version of the offer was published by then. */
    published: z.boolean(),
    /** Implementation minutes: logged, and planned. */
    minutes: z.number(),
    plannedMinutes: z.number().nullable(),
    fingerprint: z.string().nullable(),
    customisations: z.int(),
    /** The customisations that a later version of the offer took in: from when, by which event, and how many minutes. */
    promoted: z.array(z.tuple([Instant, z.string(), z.number()])),
    /** What was earned by it, what an hour of work costs, and since when both are known; null where one is not. */
    earned: z.strictObject({ minor: z.int(), hourMinor: z.int(), from: Instant }).nullable(),
    /** The roles that the partner played then; null where it is not registered. */
    roles: z.array(z.string()).nullable(),
    policyVersion: z.int(),
    /** What the policy of that time says of the rules on partners. */
    thresholds: z.record(z.string(), z.record(z.string(), z.union([z.number(), z.boolean()]))),
  }),
);
export type FedUse = z.output<ReturnType<typeof FedUse>>;

export type OfferUse = Readonly<FedUse> & { readonly engagementId: string };

/** Sorts by when uses count; of one instant by their event, so that arrival doesn't matter. */
export const byInstant = (a: OfferUse, b: OfferUse): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0;

const repeating: readonly string[] = ['var', 'msp'];

/**
 * Whether the partner's business is one that repeats: a reseller or managed services. That of an integrator is custom. Who is
 * registered with no roles is judged.
 */
export const isRepeating = ({ roles }: OfferUse): boolean =>
  roles === null || roles.length === 0 || roles.some((role) => repeating.includes(role));
