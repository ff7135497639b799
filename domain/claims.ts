// Which events are claims of the measured party, what did the vendor say of them, and which of them stand aside?
import type { EventType, RecordedEvent, RecordedOf } from '../events/catalog.ts';
import { endsTheSale } from './context/endsTheSale.ts';
import { cutOf } from './cuts.ts';

/** Whether a partner said it: such an event is a claim until the vendor confirms it. */
export const isClaim = ({ saidBy }: Pick<RecordedEvent, 'saidBy'>): boolean => saidBy?.role === 'partner';

/**
 * Whether an event may take the place of another one, or take it back. The vendor and systems may; a partner may only
 * with what it said itself.
 */
export const mayReplace = (
  by: Pick<RecordedEvent, 'saidBy'>,
  named: Pick<RecordedEvent, 'saidBy'> | undefined,
): boolean => !isClaim(by) || (named?.saidBy?.role === 'partner' && named.saidBy.partyId === by.saidBy?.partyId);

export type Judgement = RecordedOf<'ClaimConfirmed' | 'ClaimRejected'>;

export const isJudgement = (event: RecordedEvent): event is Judgement =>
  event.type === 'ClaimConfirmed' || event.type === 'ClaimRejected';

/** The last judgement on each claim, by the claim's event id. The events stand, and are in fold order. */
export const judgementsOf = (standing: readonly RecordedEvent[]): ReadonlyMap<string, Judgement> =>
  new Map(standing.filter(isJudgement).map((event) => [event.data.eventId, event]));

/** The event ids of the claims that the vendor confirmed, among standing events. They count as the vendor's own word. */
const confirmedIn = (standing: readonly RecordedEvent[]): ReadonlySet<string> =>
  new Set([...judgementsOf(standing)].flatMap(([eventId, { type }]) => (type === 'ClaimConfirmed' ? [eventId] : [])));

/** Tells whether an event is a claim that the vendor has not confirmed. */
export type IsUnconfirmed = (event: RecordedEvent) => boolean;

const none: IsUnconfirmed = () => false;

/** What was found of each list of events, cached: several rules ask about the same list. */
const found = new WeakMap<readonly RecordedEvent[], IsUnconfirmed>();

/** Tells which of the standing events are unconfirmed claims. */
export const unconfirmedIn = (standing: readonly RecordedEvent[]): IsUnconfirmed => {
  const known = found.get(standing);
  if (known !== undefined) return known;
  const cut = cutOf(standing);
  // Whoever says no claims in a whole life says none in its beginning.
  if (cut !== undefined && unconfirmedIn(cut.from) === none) return none;
  const confirmed = standing.some(isClaim) ? confirmedIn(standing) : undefined;
  const isUnconfirmed: IsUnconfirmed =
    confirmed === undefined ? none : (event) => isClaim(event) && !confirmed.has(event.eventId);
  found.set(standing, isUnconfirmed);
  return isUnconfirmed;
};

/** Whether nobody says any claim. */
export const saysNoClaims = (standing: readonly RecordedEvent[]): boolean => unconfirmedIn(standing) === none;

/** The events without the unconfirmed claims; all of them where there are no others, so that nobody but a partner says the thing. */
export const wordsFirst = <E extends RecordedEvent>(
  events: readonly E[],
  isUnconfirmed: IsUnconfirmed,
): readonly E[] => {
  if (isUnconfirmed === none) return events;
  const words = events.filter((event) => !isUnconfirmed(event));
  return words.length === 0 ? events : words;
};

/** A claim that stands aside, and the word of the vendor or a system on the same thing. */
export interface StoodAside {
  readonly claim: RecordedEvent;
  readonly word: RecordedEvent;
}

/** Counts what began a new stretch: the same thing may be said again in each stretch, such as a go-live in each cycle. */
type Stretches = ReadonlyMap<EventType | string, number>;

/** What an event says, where only one word on it can hold. */
interface Thing {
  readonly key: string;
  /** How often the handoff that it answers had been offered: what answers the same or a later offer is a word on it. */
  readonly offers: number;
}

const only = (...parts: readonly unknown[]): Thing => ({ key: JSON.stringify(parts), offers: 0 });

/**
 * What an event says, where only one word on it can hold; undefined for events of which several may hold side by side.
 * Orders are none of these: their claims are merged, and a partner's claim comes last there.
 */
const thingOf = (event: RecordedEvent, begun: Stretches): Thing | undefined => {
  const { type, data } = event;
  const cycle = begun.get('SubscriptionRenewed') ?? 0;
  switch (type) {
    case 'EngagementOpened':
      return only(type);
    case 'DealClosed':
      return only(type, cycle, begun.get('DealReopened') ?? 0);
    case 'OutcomeAgreed':
      return only(type, data.outcomeId);
    case 'CommitmentSettled':
      return only(type, data.commitmentId);
    case 'ParticipantInvited':
    case 'ParticipantDeclined':
      return only(type, data.invitationId);
    case 'OrderFulfilled':
      return only(type, data.orderId);
    case 'SubscriptionStarted':
      return only(type, data.subscriptionId);
    case 'SubscriptionRenewed':
      return only(type, data.subscriptionId, data.termStart);
    case 'SubscriptionEnded':
      return only(type, data.subscriptionId);
    case 'LedgerEntryRecorded':
      return only(type, data.entryId);
    case 'PaymentFailed':
      return only(type, data.invoiceId, data.attempt);
    case 'MilestoneReached':
      return only(type, data.milestone, cycle);
    case 'ValueReported':
    case 'ReportAcknowledged':
      return only(type, data.reportId);
    case 'TicketOpened':
      return only(type, data.ticketId);
    case 'HandoffAccepted':
    case 'HandoffRejected':
      return { ...only('answer', data.handoffId), offers: begun.get(`offer ${data.handoffId}`) ?? 0 };
    default:
      return undefined;
  }
};

const beginsStretch = (event: RecordedEvent): string | undefined => {
  if (event.type === 'DealReopened' || (event.type === 'SubscriptionRenewed' && endsTheSale(event))) return event.type;
  return event.type === 'HandoffOffered' ? `offer ${event.data.handoffId}` : undefined;
};

/**
 * The unconfirmed claims that stand aside: the vendor or a system says the same thing, earlier or later, so that a
 * partner's word never hides theirs. `events` stand and are in fold order.
 */
export const stoodAsideIn = (events: readonly RecordedEvent[]): readonly StoodAside[] => {
  if (!events.some(isClaim)) return [];
  const isUnconfirmed = unconfirmedIn(events);
  const begun = new Map<string, number>();
  const claims: { readonly claim: RecordedEvent; readonly thing: Thing }[] = [];
  const words = new Map<string, { readonly word: RecordedEvent; readonly offers: number }[]>();
  for (const event of events) {
    const thing = thingOf(event, begun);
    const unconfirmed = isUnconfirmed(event);
    if (thing !== undefined && unconfirmed) claims.push({ claim: event, thing });
    else if (thing !== undefined) {
      const said = words.get(thing.key) ?? [];
      said.push({ word: event, offers: thing.offers });
      words.set(thing.key, said);
    }
    const begins = beginsStretch(event);
    // A claim begins no stretch: else it would move the vendor's word into another one.
    if (begins !== undefined && !unconfirmed) begun.set(begins, (begun.get(begins) ?? 0) + 1);
  }
  return claims.flatMap(({ claim, thing }) => {
    const found = words.get(thing.key)?.find(({ offers }) => offers >= thing.offers);
    return found === undefined ? [] : [{ claim, word: found.word }];
  });
};
