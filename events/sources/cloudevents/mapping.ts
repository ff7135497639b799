// Which facts do a sender's own event types mean?
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
    /**
     * An id of an outside system. A deal's or an opportunity's has an engagement; any other waits until it is linked.
     */
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
  /** The type of the fact that it becomes. */
  as: z.enum(eventTypes, {
    error: ({ input }) => (input === undefined ? 'missing' : `the catalog has no type ${JSON.stringify(input)}`),
  }),
  /** Tells facts apart if several rules make facts of one type from one event: the catalog's field or record name. */
  part: z.string().min(1).max(128).optional(),
  /**
   * What the fact is about. Absent: what the event's `subject` names, or an id in the fact (an offer's, a campaign's).
   */
  subject: SubjectRule.optional(),
  /**
   * The sender's own key of an object: a later event with the same key restates the fact. Absent: each event is its own
   * fact.
   */
  key: Expression.optional(),
  /** When it happened; absent: the event's `time`. */
  occurredAt: Expression.optional(),
  fields: z.record(z.string().min(1), Expression),
  /** Ids that mean the same subject from now on. Receipts that wait for these links are then translated again. */
  links: z.array(ExternalIdRule).max(10).default([]),
});
export type Rule = Readonly<z.infer<typeof Rule>>;

/**
 * The mapping of a CloudEvents connection. Without rules (`{}`) the sender uses our catalog: `type` is `throughline.` and an
 * event type, `data` is that type's data. With rules it uses its own types. For example, a distributor's order:
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
