// From where are an engagement's rows seen? The fold, its context, its verdicts, and what several tables say of them alike.
import type { Reference } from '../../events/envelope.ts';
import type { Instant } from '../../events/instant.ts';
import { type Context, partyIdOf } from '../context/context.ts';
import { type Engagement, leadAt } from '../engagement/engagement.ts';
import { type Amount, type ArrAt, recurringOf } from '../engagement/recurringRevenue.ts';
import { type RuledVerdict, verdictsOf } from '../patterns/evaluate.ts';
import type { View } from '../patterns/pattern.ts';

/** A view with its verdicts and parties: all that the rows of an engagement are made of. */
export interface RowContext extends View {
  readonly verdicts: readonly RuledVerdict[];
  /** The partner that leads now; null while none does. */
  readonly leadPartnerId: string | null;
  readonly customerId: string | null;
  /** When any row next changes without a new fact; known once every table's turns are. */
  readonly nextDueAt?: Instant | undefined;
  /** The annual recurring revenue, at any instant. */
  readonly arrAt: ArrAt;
}

/** The party that a reference means; null where there is no reference. */
export const partyOf = (context: Context, reference: Reference | undefined): string | null =>
  reference === undefined ? null : partyIdOf(context, reference);

/** The partner that led at an instant, as a party id; null while none did. */
export const ledByAt = ({ engagement, context }: View, at: Instant): string | null =>
  partyOf(context, leadAt(engagement, at));

/**
 * The customer as the engagement's facts name it: what its own messages said last, else what its orders or
 * subscriptions say; undefined where none names one.
 */
const customerOf = (engagement: Engagement): Reference | undefined =>
  engagement.events
    .flatMap((event) =>
      event.type === 'EngagementOpened' || event.type === 'CustomerIdentified' ? (event.data.customer ?? []) : [],
    )
    .at(-1) ??
  engagement.orders.find((order) => order.said.customer !== undefined)?.said.customer ??
  engagement.subscriptions.find(({ started }) => started?.data.customer !== undefined)?.started?.data.customer;

/** Takes the rowContext of a view: its verdicts, and the parties that its rows name. */
export const rowContextAt = (view: View): RowContext => ({
  ...view,
  verdicts: verdictsOf(view),
  leadPartnerId: ledByAt(view, view.now),
  customerId: partyOf(view.context, customerOf(view.engagement)),
  arrAt: recurringOf(view.engagement, view.engagement.subscriptions),
});

/** What every row of the engagement carries; `lastEventId` is the engagement's where the row names none of its own. */
export const carried = (
  rowContext: RowContext,
  lastEventId?: string,
): {
  readonly engagementId: string;
  readonly leadPartnerId: string | null;
  readonly lastEventId: string | null;
  readonly policyVersion: number;
} => ({
  engagementId: rowContext.engagement.engagementId,
  leadPartnerId: rowContext.leadPartnerId,
  lastEventId: lastEventId ?? rowContext.engagement.events.at(-1)?.eventId ?? null,
  policyVersion: rowContext.context.policy.version,
});

/** An amount's minor units, currency and reason as cells, under the names that the table gives them. */
export const amountCells = (
  amount: Amount,
): { readonly minor: number | null; readonly currency: string | null; readonly reason: string | null } =>
  'money' in amount
    ? { minor: amount.money.amountMinor, currency: amount.money.currency, reason: null }
    : { minor: null, currency: null, reason: amount.reason };
