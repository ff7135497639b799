// What are an engagement's rows made of?
import type { Reference } from '../../events/envelope.ts';
import type { Instant } from '../../events/instant.ts';
import { unconfirmedIn, wordsFirst } from '../claims.ts';
import { type Context, partyIdOf } from '../context/context.ts';
import { nameOf, referencesOf } from '../context/references.ts';
import { customerOf } from '../engagement/customer.ts';
import { type Engagement, leadAt } from '../engagement/engagement.ts';
import { type Amount, type ArrAt, recurringOf } from '../engagement/recurringRevenue.ts';
import { recurringSeenBy } from '../engagement/recurringSeenBy.ts';
import { type RuledVerdict, verdictsOf } from '../patterns/evaluate.ts';
import type { View } from '../patterns/pattern.ts';
import { type SeersOf, seersIn } from './seenBy.ts';

/** A view with its verdicts and parties: all that the rows of an engagement are made of. */
export interface RowContext extends View {
  readonly verdicts: readonly RuledVerdict[];
  /** The lead partner now; null if there is none. */
  readonly leadPartnerId: string | null;
  readonly customerId: string | null;
  /** The reference that people chose for the engagement, as a fact named it last; null if none did. */
  readonly reference: string | null;
  /** What people read of a party that the engagement's facts name, by its id; null without an id. */
  readonly nameOfParty: (partyId: string | null) => string | null;
  /** When any row next changes without a new fact. It is set after the turns of every table are known. */
  readonly nextDueAt?: Instant | undefined;
  /** The annual recurring revenue, at any instant. */
  readonly arrAt: ArrAt;
  /** The parties that may see that revenue, at any instant. */
  readonly arrSeenBy: (at: Instant) => string[];
  /** The parties that may see a commercial field of an event. */
  readonly seersOf: SeersOf;
}

/** The party that a reference means; null if there is no reference. */
export const partyOf = (context: Context, reference: Reference | undefined): string | null =>
  reference === undefined ? null : partyIdOf(context, reference);

/** The lead partner at an instant, as a party id; null if there was none. */
export const ledByAt = ({ engagement, context }: View, at: Instant): string | null =>
  partyOf(context, leadAt(engagement, at));

/** The earliest end of a last term that is not decided yet; may be in the past. Undefined if there is none. */
export const renewalDueOf = ({ subscriptions }: Engagement): Instant | undefined =>
  subscriptions
    .flatMap(({ terms }) => terms.slice(-1))
    .flatMap(({ end, decidedBy }) => (end === undefined || decidedBy !== undefined ? [] : [end]))
    .sort()[0];

/**
 * Names the parties of the engagement's facts: by the code that people chose for it, else as it is registered, else as
 * the facts name it (of several references, by the first in the order of their keys).
 */
const namesOf = ({ engagement, context }: View): RowContext['nameOfParty'] => {
  const names = new Map<string, string>();
  for (const reference of referencesOf(engagement.events)) {
    const id = partyIdOf(context, reference);
    const known = context.parties.get(id);
    if (!names.has(id)) names.set(id, known?.name ?? nameOf(reference));
  }
  return (partyId) => (partyId === null ? null : (names.get(partyId) ?? null));
};

/** The reference that a fact named last; that a partner named only where nobody else names one. */
const referenceOf = ({ events }: Pick<Engagement, 'events'>): string | null => {
  const naming = events.filter(({ reference }) => reference !== undefined);
  return wordsFirst(naming, unconfirmedIn(events)).at(-1)?.reference ?? null;
};

/** Adds to a view its verdicts (by default those on all its events) and the parties that its rows name. */
export const rowContextAt = (view: View, verdicts: readonly RuledVerdict[] = verdictsOf(view)): RowContext => {
  const seersOf = seersIn(view);
  return {
    ...view,
    verdicts,
    leadPartnerId: ledByAt(view, view.now),
    customerId: partyOf(view.context, customerOf(view.engagement)),
    reference: referenceOf(view.engagement),
    nameOfParty: namesOf(view),
    arrAt: recurringOf(view.engagement, view.engagement.subscriptions),
    arrSeenBy: recurringSeenBy(view.engagement, view.engagement.subscriptions, (event) => seersOf(event, 'price')),
    seersOf,
  };
};

/**
 * The columns that every row of the engagement has. If the row names no `lastEventId` of its own, it is the
 * engagement's last event: then each fact writes the row anew. Null: no event made it.
 */
export const carried = (
  rowContext: RowContext,
  lastEventId?: string | null,
): {
  readonly engagementId: string;
  readonly reference: string | null;
  readonly leadPartnerId: string | null;
  readonly leadPartner: string | null;
  readonly lastEventId: string | null;
  readonly policyVersion: number;
} => ({
  engagementId: rowContext.engagement.engagementId,
  reference: rowContext.reference,
  leadPartnerId: rowContext.leadPartnerId,
  leadPartner: rowContext.nameOfParty(rowContext.leadPartnerId),
  lastEventId: lastEventId === undefined ? (rowContext.engagement.events.at(-1)?.eventId ?? null) : lastEventId,
  policyVersion: rowContext.context.policy.version,
});

/** An amount's minor units, currency and reason, as cells. The table gives them their own column names. */
export const amountCells = (
  amount: Amount,
): { readonly minor: number | null; readonly currency: string | null; readonly reason: string | null } =>
  'money' in amount
    ? { minor: amount.money.amountMinor, currency: amount.money.currency, reason: null }
    : { minor: null, currency: null, reason: amount.reason };
