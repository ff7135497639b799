// Which thresholds do the tenant's own purchases suggest, and which fact would a person record to set one?
// The answers, the pages of requests and the results of runs call it; it reads streams through what it is given.
import * as z from 'zod';
import { policyAt } from '../../domain/context/policy.ts';
import { standing } from '../../domain/history.ts';
import { closedPurchases } from '../../domain/whatIf/closedPurchases.ts';
import { publishing, purchaseLimitsIn, type SuggestedDays, suggestedDays } from '../../domain/whatIf/suggestedDays.ts';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { Route } from '../../events/fields.ts';
import { policyStreamOf } from '../project/loadContext.ts';
import { engagementAt } from '../query/engagementAt.ts';
import type { ReadRow } from '../query/rowReader.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { type Found, nothingFound, type PlacedItem } from './placed.ts';
import type { Asking } from './question.ts';

/** The purchases of one engagement, among the items of a run. */
const PurchasesItem = z.object({
  engagementId: z.string(),
  purchases: z.array(z.object({ route: Route, days: z.number() })),
});

/** Data as JSON holds it: what is undefined is left out. */
const Json = z.record(z.string(), z.json());

const isPolicy = (event: RecordedEvent): event is RecordedOf<'PolicyPublished'> => event.type === 'PolicyPublished';

/** The purchases of an engagement that are over. Throws `BrokenStream` where its own stream can't be read. */
export const purchasesAnswer = async (
  look: StreamReads,
  { caller, now, id }: Asking & { readonly id: string },
): Promise<Found> => {
  const at = engagementAt(
    { ...look, readAsFar: look.read },
    { tenantId: caller.tenantId, engagementId: id, now, asOf: undefined },
  );
  if ((await at.events()).length === 0) return nothingFound;
  const { engagement, context } = (await at.view()).rowContext;
  if (engagement.mergedInto !== undefined) return nothingFound;
  const purchases = closedPurchases(engagement, purchaseLimitsIn(context.policy)).map((each) => ({ ...each }));
  return purchases.length === 0
    ? nothingFound
    : { items: [{ place: `${id}#purchases`, item: { engagementId: id, purchases } }] };
};

/** What a person would record, as the body of `POST /v1/facts`; null where nothing is suggested, or with its reason. */
const publishes = (policies: readonly RecordedOf<'PolicyPublished'>[], now: string, suggestion: SuggestedDays) => {
  const { threshold, suggestedDays: days } = suggestion;
  if (days === null) return { publish: null, publishReason: suggestion.reason };
  const found = publishing(policies, now, { threshold, days });
  return 'reason' in found
    ? { publish: null, publishReason: found.reason }
    : {
        publish: { type: 'PolicyPublished', data: Json.parse(JSON.parse(JSON.stringify(found.data))) },
        publishReason: null,
      };
};

/** The suggestions by the purchases of all engagements. Nothing is published by itself. */
export const suggestionsOf = async (
  look: StreamReads,
  { caller, now }: Asking,
  items: readonly ReadRow[],
): Promise<readonly PlacedItem[]> => {
  const stream = policyStreamOf(caller.tenantId);
  const read = (await look.read([stream])).get(stream);
  if (read?.broken !== undefined) throw read.broken;
  const policies = read === undefined ? [] : standing(read.history, {}).filter(isPolicy);
  const all = z.array(PurchasesItem).parse(items);
  return suggestedDays(all, purchaseLimitsIn(policyAt(policies, now))).map((suggestion) => ({
    place: `${suggestion.rule}#${suggestion.threshold}`,
    item: { ...suggestion, ...publishes(policies, now, suggestion) },
  }));
};
