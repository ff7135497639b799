// What does every flag say, of an engagement or of a partner?
import * as z from 'zod';
import { forEveryone, forVendor } from '../../events/audience.ts';
import { severities } from '../patterns/pattern.ts';
import { At } from './commonColumns.ts';
import { type Dismissal, flagStatuses } from './raisedFlags.ts';

/** What proves a flag, piece by piece. */
export const evidenceColumn = () =>
  z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject(
          forEveryone({
            kind: z.literal('event').describe('Something happened.'),
            eventId: z.string().describe('The event that shows it.'),
            type: z.string().describe('Its type.'),
            occurredAt: At.describe('When it happened.'),
            says: z.string().describe('What it shows, in words.'),
          }),
        ),
        z.strictObject(
          forEveryone({
            kind: z.literal('silence').describe('Something did not happen.'),
            of: z.string().describe('The type of the event that did not come.'),
            from: At.describe('When the silence began.'),
            until: At.describe('When the event was due.'),
            armedBy: z.string().describe('The event that made the awaited one necessary.'),
            says: z.string().describe('What did not happen, in words.'),
          }),
        ),
        z.strictObject(
          forEveryone({
            kind: z.literal('value').describe('A measure and its threshold.'),
            name: z.string().describe('What is measured.'),
            value: z.union([z.number(), z.string()]).describe('The measure.'),
            threshold: z.union([z.number(), z.string()]).describe('What the measure is compared with.'),
          }),
        ),
      ]),
    )
    .describe('What proves it: events, silences between two instants, values and their thresholds.');

/** How severe it is: stored, and as it is shown (`severityShown.ts`). */
export const severityCells = () => ({
  ruleSeverity: z
    .enum(severities)
    .describe(
      'How much it matters by its rule, from info to critical: one step more while a term that ends within 90 days, or has ended, is undecided.',
    ),
  severity: z
    .enum(severities)
    .nullable()
    .describe(
      "`ruleSeverity`, one step more (critical at most) if the revenue at risk stands in the top quartile of its partner's engagements (`arr_quartiles`), as of clearing for a cleared flag. Computed when the row is read, so it is null in the stored item. Whoever may not see the revenue at risk reads `ruleSeverity`.",
    ),
});

export const statusColumn = () =>
  z
    .enum(flagStatuses)
    .describe(
      'open while the failure lasts, then cleared. dismissed: it lasts, but the vendor has said that it is not acted on until `dismissedUntil`.',
    );

/** The last dismissal of the flag, also one that is over. */
export const dismissalColumns = () => ({
  ...forEveryone({
    dismissedByEvent: z
      .string()
      .nullable()
      .describe('The event by which the vendor dismissed it last, also where that is over; null if none did.'),
    dismissedAt: At.nullable().describe('When it was dismissed last.'),
    dismissedUntil: At.nullable().describe(
      'Until when: if the failure lasts, the flag is open again from then on. Null: for good, or not dismissed.',
    ),
    dismissReason: z.string().nullable().describe('Why: a code, or a reference to the text.'),
  }),
  ...forVendor({
    dismissedBy: z.string().nullable().describe('The person who dismissed it, as a reference. For the vendor alone.'),
  }),
});

/** Those columns, of a dismissal that has occurred. */
export const dismissalCells = (dismissal: Dismissal | undefined) => ({
  dismissedByEvent: dismissal?.eventId ?? null,
  dismissedAt: dismissal?.at ?? null,
  dismissedUntil: dismissal?.until ?? null,
  dismissReason: dismissal?.reason ?? null,
  dismissedBy: dismissal?.by ?? null,
});
