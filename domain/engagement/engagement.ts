// What follows from an engagement's standing events alone?
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
  /** The lead partners, each from an instant on: assignments in fold order. `partner` is undefined if nobody leads from then on. */
  readonly leads: readonly {
    readonly at: Instant;
    readonly partner: ExternalId | undefined;
    readonly eventId: string;
  }[];
  readonly subscriptions: readonly Subscription[];
  readonly orders: readonly Order[];
  readonly handoffs: readonly Handoff[];
  readonly journey: Journey;
}

const leadsOf = (facts: Facts): Engagement['leads'] =>
  facts.events.flatMap((event) => {
    const { eventId, occurredAt: at } = event;
    if (event.type === 'PartnerAssigned') return [{ at, partner: event.data.partner ?? undefined, eventId }];
    const partner = event.type === 'EngagementOpened' ? event.data.leadPartner : undefined;
    return partner === undefined ? [] : [{ at, partner, eventId }];
  });

/**
 * Folds an engagement from its standing events (see `standing`), in fold order. With `until`, Renew also opens by time
 * once a term's window has come. Without it, only facts change the stage.
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

/** The lead partner at an instant, as the facts name it; undefined if there was none. */
export const leadAt = ({ leads }: Pick<Engagement, 'leads'>, at: Instant): ExternalId | undefined =>
  lastBefore(leads, (lead) => lead.at > at)?.partner;

/** A value that a fact of the deal names, and its currency if it is known. */
export interface DealWorth {
  readonly event: RecordedEvent;
  readonly value: DealValue;
  readonly currency: string | undefined;
}

/**
 * Every value that a fact of the deal names, in fold order. If the fact names no currency, the currency is the latest
 * one that the same source had named by then, else the connection's.
 */
export const dealValues = (facts: Facts): readonly DealWorth[] => {
  const said = facts.events.flatMap((event) => {
    const value = dealValueOf(event);
    return value === undefined ? [] : [{ event, value }];
  });
  const named = new Map<string, string>();
  let heard = 0;
  return said.map(({ event, value }) => {
    // Values of the same instant count too.
    for (let next = said[heard]; next !== undefined && next.event.occurredAt <= event.occurredAt; next = said[heard]) {
      if (next.value.currency !== undefined) named.set(next.event.source, next.value.currency);
      heard += 1;
    }
    return { event, value, currency: value.currency ?? named.get(event.source) ?? event.connectionCurrency };
  });
};

/** A deal value as money. Undefined if no currency is known, or if the text has more decimals than the currency. */
export const moneyOfDeal = ({ value, currency }: DealWorth): Money | undefined =>
  currency === undefined ? undefined : moneyOf(value.amount, currency);

const dealValueOf = (event: RecordedEvent): DealValue | undefined => {
  switch (event.type) {
    case 'EngagementOpened':
      return event.data.expectedValue;
    case 'DealRevised':
      return event.data.value ?? undefined;
    case 'DealClosed':
    case 'SolutionProposed':
      return event.data.value;
    default:
      return undefined;
  }
};
