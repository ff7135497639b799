// What is an engagement, by the facts that stand? Its standing events by type, and what follows from them alone.
import type { EventType, RecordedEvent, RecordedOf } from '../events/catalog.ts';
import { type ExternalId, parseStreamId } from '../events/identifiers.ts';
import type { Instant } from '../events/instant.ts';
import { type DealValue, type Money, moneyOf } from '../events/money.ts';
import { type Handoff, handoffsOf } from './handoffs.ts';
import { type Journey, journeyOf } from './journey.ts';
import { type Order, ordersOf } from './orders.ts';
import { type Subscription, subscriptionsOf } from './subscriptions.ts';

/** Standing events in fold order, found by type. */
export interface Facts {
  readonly events: readonly RecordedEvent[];
  /** The events of one type, in fold order. */
  of<T extends EventType>(type: T): readonly RecordedOf<T>[];
}

/** An engagement at an instant: a pure function of its standing events up to then. */
export interface Engagement extends Facts {
  readonly streamId: string;
  readonly tenantId: string;
  readonly engagementId: string;
  /** The instant up to which the events count; undefined: all of them. */
  readonly until: Instant | undefined;
  readonly opened: RecordedOf<'EngagementOpened'> | undefined;
  /** Who led, from when: assignments in fold order. */
  readonly leads: readonly { readonly at: Instant; readonly partner: ExternalId; readonly eventId: string }[];
  readonly subscriptions: readonly Subscription[];
  readonly orders: readonly Order[];
  readonly handoffs: readonly Handoff[];
  readonly journey: Journey;
}

/** Groups standing events, given in fold order, by type. */
export const factsOf = (events: readonly RecordedEvent[]): Facts => {
  const groups = new Map<EventType, RecordedEvent[]>();
  for (const event of events) {
    const group = groups.get(event.type);
    if (group === undefined) groups.set(event.type, [event]);
    else group.push(event);
  }
  return {
    events,
    of: <T extends EventType>(type: T) =>
      (groups.get(type) ?? []).filter((event): event is RecordedOf<T> => event.type === type),
  };
};

const leadsOf = (facts: Facts): Engagement['leads'] =>
  facts.events.flatMap((event) => {
    const partner =
      event.type === 'EngagementOpened'
        ? event.data.leadPartner
        : event.type === 'PartnerAssigned'
          ? event.data.partner
          : undefined;
    return partner === undefined ? [] : [{ at: event.occurredAt, partner, eventId: event.eventId }];
  });

/**
 * Folds an engagement from its standing events (see `standing`), in fold order. `until` also opens Renew by time where
 * a term's window has come; without it only facts move the stage.
 */
export const foldEngagement = (events: readonly RecordedEvent[], until?: Instant): Engagement => {
  const facts = factsOf(events);
  const streamId = events[0]?.streamId ?? '';
  const { tenantId, id } = streamId === '' ? { tenantId: '', id: '' } : parseStreamId(streamId);
  const subscriptions = subscriptionsOf(facts, until);
  return {
    ...facts,
    streamId,
    tenantId,
    engagementId: id,
    until,
    opened: facts.of('EngagementOpened')[0],
    leads: leadsOf(facts),
    subscriptions,
    orders: ordersOf(facts),
    handoffs: handoffsOf(facts),
    journey: journeyOf(facts, subscriptions, until),
  };
};

/** The partner that led at an instant, as its facts name it; undefined while none did. */
export const leadAt = (engagement: Pick<Engagement, 'leads'>, at: Instant): ExternalId | undefined =>
  engagement.leads.filter((lead) => lead.at <= at).at(-1)?.partner;

type Valued = { readonly event: RecordedEvent; readonly value: DealValue };

/**
 * A deal value as money (decision 17): in its own currency, else the latest that the same source named before it,
 * else the connection's. Undefined where no currency is known or the text has more decimals than the currency.
 */
export const moneyOfDeal = (facts: Facts, { event, value }: Valued): Money | undefined => {
  if (value.currency !== undefined) return moneyOf(value.amount, value.currency);
  const named = dealValues(facts)
    .filter((other) => other.event.source === event.source && other.event.occurredAt <= event.occurredAt)
    .map((other) => other.value.currency)
    .filter((currency) => currency !== undefined)
    .at(-1);
  const currency = named ?? event.connectionCurrency;
  return currency === undefined ? undefined : moneyOf(value.amount, currency);
};

/** Every value that a fact of the deal named, in fold order. */
export const dealValues = (facts: Facts): readonly Valued[] =>
  facts.events.flatMap((event) => {
    const value = dealValueOf(event);
    return value === undefined ? [] : [{ event, value }];
  });

const dealValueOf = (event: RecordedEvent): DealValue | undefined => {
  switch (event.type) {
    case 'EngagementOpened':
      return event.data.expectedValue;
    case 'DealRevised':
    case 'DealClosed':
    case 'SolutionProposed':
      return event.data.value;
    default:
      return undefined;
  }
};
