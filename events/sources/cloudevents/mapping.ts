// What do a sender's own event types mean? Rules that name a type, the fact that it is, and where the fact's fields come from.
import * as z from 'zod';
import { eventTypes } from '../../catalog.ts';
import { Expression } from './expression.ts';

const ExternalIdRule = z.strictObject({
  /** The system that gave the id; by default the sender itself. */
  system: z.string().min(1).max(256).optional(),
  kind: z.string().min(1).max(128),
  id: Expression,
});
export type ExternalIdRule = Readonly<z.infer<typeof ExternalIdRule>>;

const SubjectRule = z
  .strictObject({
    /** The reference that people chose for the engagement. */
    reference: Expression.optional(),
    /** An id of an outside system: a deal's or opportunity's has an engagement, any other waits until it is linked. */
    external: ExternalIdRule.optional(),
  })
  .refine((subject) => (subject.reference === undefined) !== (subject.external === undefined), {
    error: 'expected exactly one of reference, external',
  });

const Rule = z.strictObject({
  /** The sender's event type, exactly. */
  type: z.string().min(1).max(512),
  /** Only for events of this CloudEvents source. */
  source: z.string().min(1).max(1024).optional(),
  /** The fact that it becomes. */
  as: z.enum(eventTypes),
  /** Tells facts of one type apart that one event says by several rules: the catalog's field or record name. */
  part: z.string().min(1).max(128).optional(),
  /** Whom or what it is about; absent: as the event's own `subject` says, or the fact's own id (an offer's, a campaign's). */
  subject: SubjectRule.optional(),
  /** Keys the fact on an object of the sender's: a later event with the same key restates it. Absent: on the event. */
  key: Expression.optional(),
  /** When it happened; absent: the event's `time`. */
  occurredAt: Expression.optional(),
  fields: z.record(z.string().min(1), Expression),
  /** Ids that belong, from now on, to the same subject: facts that wait for them then flow. */
  links: z.array(ExternalIdRule).max(10).default([]),
});
export type Rule = Readonly<z.infer<typeof Rule>>;

/**
 * The mapping of a CloudEvents connection. Without rules (`{}`) the sender speaks our catalog: `type` is `throughline.` and an
 * event type, `data` that type's data. With rules it speaks its own words. For example, a distributor's booked order:
 *
 *     {
 *       "version": 1,
 *       "rules": [
 *         {
 *           "type": "com.arrowline.order.booked.v1",
 *           "as": "OrderPlaced",
 *           "subject": { "reference": "data.engagementId" },
 *           "fields": {
 *             "claimedBy": { "constant": "distributor" },
 *             "orderId": "data.purchaseOrder",
 *             "poNumber": "data.purchaseOrder",
 *             "total": { "object": { "amount": { "path": "data.total", "as": "decimal" }, "currency": "data.currency" } },
 *             "route": { "constant": "two_tier" }
 *           },
 *           "links": [{ "kind": "order", "id": "data.purchaseOrder" }]
 *         }
 *       ]
 *     }
 */
export const CloudEventsMapping = z
  .strictObject({
    version: z.int().min(0).default(0),
    rules: z.array(Rule).max(200).default([]),
  })
  .superRefine(({ rules }, context) => {
    const seen = new Set<string>();
    for (const [index, rule] of rules.entries()) {
      const name = JSON.stringify([rule.type, rule.source ?? '', rule.as, rule.part ?? '']);
      if (seen.has(name)) {
        const message = `another rule makes ${rule.as} of ${rule.type}: give each its own part, or its own source`;
        context.addIssue({ code: 'custom', path: ['rules', index], message });
      }
      seen.add(name);
    }
  });
export type CloudEventsMapping = Readonly<z.infer<typeof CloudEventsMapping>>;
