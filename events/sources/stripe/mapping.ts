// Under which keys does a Stripe account keep what we need, and what do its words mean?
import * as z from 'zod';
import { ComponentKind } from '../../fields.ts';
import { LedgerCategory } from '../../procure.ts';
import { RouteWords } from '../routeWords.ts';

const key = (name: string) => z.string().min(1).max(64).default(name);

const MetadataKeys = z.strictObject({
  /** The reference that people chose for the engagement: it links the subscription. */
  engagement: key('engagement_id'),
  route: key('route_to_market'),
  order: key('order_id'),
  partner: key('partner_id'),
  kind: key('component_kind'),
  /** The subscription that an add-on or a managed service belongs to. */
  base: key('base_subscription_id'),
});

/**
 * A Stripe connection's mapping. Everything has a default, so `{}` is a valid mapping. For example:
 *
 *     {
 *       "version": 2,
 *       "metadata": { "engagement": "deal_ref" },
 *       "kinds": { "prod_NwObs": "base_licence" },
 *       "category": "licence_resale"
 *     }
 */
export const StripeMapping = z.strictObject({
  version: z.int().min(0).default(0),
  /** Older mappings hold it. It changes nothing: test data counts only where the connection says so (`testData`). */
  liveOnly: z.boolean().optional(),
  metadata: MetadataKeys.prefault({}),
  routes: RouteWords.prefault({}),
  /** What each product is, if the subscription's metadata doesn't say it. */
  kinds: z.record(z.string().min(1), ComponentKind).default({}),
  /** The ledger category of paid invoices; absent: none. */
  category: LedgerCategory.optional(),
});
export type StripeMapping = Readonly<z.infer<typeof StripeMapping>>;
