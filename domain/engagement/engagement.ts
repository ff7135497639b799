// What is an engagement, by the facts that stand? Its standing events by type, and what follows from them alone.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { type ExternalId, parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { type DealValue, type Money, moneyOf } from '../../events/money.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import { type Facts, factsOf } from './facts.ts';
import { type Handoff, handoffsOf } from './handoffs.ts';
import { type Journey, journeyOf } from './journey.ts';
import { type Order, ordersOf } from './orders.ts';
import { type Subscription, subscriptionsOf } from './subscriptions.ts';

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
export const leadAt = ({ leads }: Pick<Engagement, 'leads'>, at: Instant): ExternalId | undefined =>
  lastBefore(leads, (lead) => lead.at > at)?.partner;

/** A value that a fact of the deal names, and its currency where that is known (decision 17). */
export interface DealWorth {
  readonly event: RecordedEvent;
  readonly value: DealValue;
  readonly currency: string | undefined;
}

/**
 * Every value that a fact of the deal named, in fold order. A currency that it does not say itself is the latest that the
 * same source named by then, else the connection's.
 */
export const dealValues = (facts: Facts): readonly DealWorth[] => {
  const said = facts.events.flatMap((event) => {
    const value = dealValueOf(event);
    return value === undefined ? [] : [{ event, value }];
  });
  const named = new Map<string, string>();
  let heard = 0;
  return said.map(({ event, value }) => {
    // All of one instant count as said by then.
    for (let next = said[heard]; next !== undefined && next.event.occurredAt <= event.occurredAt; next = said[heard]) {
      if (next.value.currency !== undefined) named.set(next.event.source, next.value.currency);
      heard += 1;
    }
    return { event, value, currency: value.currency ?? named.get(event.source) ?? event.connectionCurrency };
  });
};

/** A deal value as money; undefined where no currency is known or the text has more decimals than the currency. */
export const moneyOfDeal = ({ value, currency }: DealWorth): Money | undefined =>
  currency === undefined ? undefined : moneyOf(value.amount, currency);

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
