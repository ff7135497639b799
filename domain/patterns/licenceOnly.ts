// Does a customer still have nothing but a licence, months after the deal was won?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { ComponentKind } from '../../events/fields.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import { winsOf } from '../engagement/closings.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { oncePer } from '../oncePer.ts';
import { awaited, cites, measured, silence } from './awaited.ts';
import type { Rule } from './pattern.ts';

const licenceOnlyThresholds = z.object({ days: z.number().positive().max(3650).default(90) });

/** The categories of money that are earned with more than a licence. */
const beyondLicence: ReadonlySet<string | undefined> = new Set(['managed_service', 'implementation', 'value_added']);

/** Since when offers publish a component as more than a licence, by its id. Offers are looked through once for each context. */
const moreThanLicence = oncePer((offers: Context['offers']): ReadonlyMap<string, Instant> => {
  const since = new Map<string, Instant>();
  for (const { versions } of offers.values())
    for (const { occurredAt, data } of versions)
      for (const { componentId, kind } of data.components) {
        const known = since.get(componentId);
        if (kind !== 'base_licence' && (known === undefined || occurredAt < known)) since.set(componentId, occurredAt);
      }
  return since;
});

/** Whether an order sells more than a licence: by the name of a component, or by the offers that were published by then. */
const sellsMore = ({ occurredAt, data }: RecordedOf<'OrderPlaced'>, offers: Context['offers']): boolean =>
  data.legs?.some(({ component }) => {
    const named = ComponentKind.safeParse(component);
    if (named.success) return named.data !== 'base_licence';
    const since = moreThanLicence(offers).get(component);
    return since !== undefined && since <= occurredAt;
  }) ?? false;

/** Whether an event shows that the customer gets more than a licence. A subscription of unknown kind may be anything, so it counts. */
const addsValue = (event: RecordedEvent, offers: Context['offers']): boolean => {
  switch (event.type) {
    case 'SubscriptionStarted':
      return event.data.kind !== 'base_licence';
    case 'OrderPlaced':
      return sellsMore(event, offers);
    case 'WorkLogged':
      return event.data.category === 'implementation' || event.data.category === 'managed';
    case 'LedgerEntryRecorded':
      return event.data.direction === 'revenue' && beyondLicence.has(event.data.category);
    case 'OutcomeAgreed':
      return true;
    default:
      return false;
  }
};

/** The first base licence that an engagement's facts name; undefined if there is none. */
const firstLicenceOf = (engagement: Engagement): RecordedEvent | undefined =>
  engagement.of('SubscriptionStarted').find(({ data }) => data.kind === 'base_licence');

/**
 * P1.4: `days` days after a cycle's first win the customer has a base licence, and no add-on, no service (started,
 * ordered, worked on or paid) and no agreed outcome. What any cycle added counts. The days of a licence that starts after the win count from its
 * start. The rule is quiet while no licence is known.
 */
export const licenceOnly: Rule<typeof licenceOnlyThresholds> = {
  id: 'P1.4',
  title: 'Licence only',
  opens: ['DealClosed'],
  thresholds: licenceOnlyThresholds,
  verdicts: (view, { days }) => {
    const { engagement, context } = view;
    const licence = firstLicenceOf(engagement);
    if (licence === undefined) return [];
    const answer = engagement.events.find((event) => addsValue(event, context.offers));
    return winsOf(engagement).flatMap(({ cycle, event: won }) => {
      const from = won.occurredAt > licence.occurredAt ? won.occurredAt : licence.occurredAt;
      const dueAt = addDays(from, days);
      return awaited(view, {
        subject: `cycle:${cycle}`,
        openedBy: won,
        awaits: ['SubscriptionStarted', 'OutcomeAgreed'],
        dueAt,
        answer,
        waitsFor: 'an add-on, a service or an agreed outcome',
        severity: 'low',
        evidence: [
          cites(won, 'the deal was won'),
          cites(licence, 'the customer got a licence'),
          silence('SubscriptionStarted', {
            from,
            until: dueAt,
            armedBy: won,
            says: 'no add-on and no service was added, and no outcome was agreed',
          }),
          measured('days with a licence only', days, days),
        ],
        clearsWhen: 'An add-on or a service starts, or an outcome is agreed.',
        nextStep: 'Ask the customer what the licence is to achieve, and offer the service that gets them there.',
        reason: 'valueAdded',
      });
    });
  },
};
