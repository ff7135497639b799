// Is the route to market ignored: agreed late, not sold by the offer, changed too late, or too slow for the order?
import * as z from 'zod';
import type { RecordedEvent } from '../../events/catalog.ts';
import { winsOf } from '../engagement/closings.ts';
import { firstOfCycles } from '../engagement/cycles.ts';
import { type Sellability, sellabilityMoments } from '../engagement/offerAsSold.ts';
import { againstPreference } from './againstPreference.ts';
import { awaited, cites, clearedBy, measured, silence, tolerated } from './awaited.ts';
import { blockedOrder } from './blockedOrder.ts';
import { expiredOffer } from './expiredOffer.ts';
import { lateRouteChange } from './lateRouteChange.ts';
import { lostAtProcurement } from './lostAtProcurement.ts';
import { orderUnlikeAgreement } from './orderUnlikeAgreement.ts';
import { bind, type Clearing, definePattern, type Rule, type Verdict } from './pattern.ts';
import { stalledOrder } from './stalledOrder.ts';

const noThresholds = z.object({});

/**
 * P5.1: a cycle's first proposal was made before any route was agreed. The flag is more severe once the deal is won without a route,
 * which is believed after the tolerance.
 */
const routeLate: Rule<typeof noThresholds> = {
  id: 'P5.1',
  title: 'Route agreed late',
  opens: ['SolutionProposed'],
  thresholds: noThresholds,
  verdicts: (view) => {
    const { engagement } = view;
    const wins = new Map(winsOf(engagement).map(({ cycle, event }) => [cycle, event]));
    const [agreed] = engagement.of('RouteAgreed');
    return firstOfCycles(engagement.journey, engagement.of('SolutionProposed')).flatMap(
      ({ cycle, event: proposed }) => {
        const won = wins.get(cycle);
        const believedAt = won === undefined ? undefined : tolerated(won.occurredAt);
        const isLacking = believedAt !== undefined && (agreed === undefined || agreed.occurredAt > believedAt);
        const wonWithout = isLacking && view.now >= believedAt;
        const dueAt = proposed.occurredAt;
        const verdicts = awaited(view, {
          subject: `cycle:${cycle}`,
          openedBy: proposed,
          awaits: ['RouteAgreed'],
          dueAt,
          answer: agreed,
          waitsFor: 'a route to market agreed with the customer',
          severity: wonWithout ? 'medium' : 'low',
          evidence: [
            cites(proposed, 'a solution was proposed'),
            silence('RouteAgreed', {
              from: engagement.events[0]?.occurredAt ?? proposed.occurredAt,
              until: dueAt,
              armedBy: proposed,
              says: 'no route to market was agreed by the time of the proposal',
            }),
            ...(wonWithout && won !== undefined ? [cites(won, 'the deal was won, still without a route')] : []),
          ],
          clearsWhen: 'A route to market is agreed.',
          nextStep:
            'Ask the customer how they want to buy: directly, through a reseller, through a marketplace, or by co-sell.',
          reason: 'routeAgreed',
        });
        if (!isLacking || wonWithout) return verdicts;
        return verdicts.map((verdict) =>
          verdict.state === 'raised' ? { ...verdict, changesAt: believedAt } : verdict,
        );
      },
    );
  },
};

const mendedBy = (event: RecordedEvent): Clearing => {
  switch (event.type) {
    case 'RouteAgreed':
      return clearedBy(event, 'sellableRouteAgreed');
    case 'OfferPublished':
      return clearedBy(event, 'offerSellsRoute');
    default:
      return clearedBy(event, 'otherOfferProposed');
  }
};

const unsellableFlag = (
  openedBy: RecordedEvent,
  { route, version, fault }: Extract<Sellability, { readonly state: 'unsellable' }>,
): Extract<Verdict, { readonly state: 'raised' }> => {
  const { offerId, version: number, routes } = version.data;
  const wanted = fault === 'route' ? route.data.route : (route.data.marketplace ?? '');
  // The offer may be another partner's: a flag says its id, its version and its routes, and nothing else of it.
  const offered = fault === 'route' ? routes.join(', ') : 'another marketplace';
  const lacks = fault === 'route' ? `is sold by ${offered} only` : `is not listed in ${wanted}`;
  return {
    state: 'raised',
    subject: 'engagement',
    openedBy,
    raisedAt: openedBy.occurredAt,
    severity: 'high',
    evidence: [
      cites(route, `the agreed ${fault} is ${wanted}`),
      cites(version, `version ${number} of offer ${offerId} ${lacks}`),
      measured(fault, wanted, offered),
    ],
    clearsWhen:
      'The agreed route is one that the offer is sold by, or a new version of the offer is sold by this route.',
    nextStep: `Agree on ${offered} with the customer, or publish a version of the offer for ${wanted}.`,
    cleared: undefined,
    changesAt: undefined,
  };
};

/** P5.3: the offer as sold can't be bought by the agreed route, or in the agreed marketplace. */
const unsellableRoute: Rule<typeof noThresholds> = {
  id: 'P5.3',
  title: 'Offer not sold by the agreed route',
  thresholds: noThresholds,
  verdicts: ({ engagement, context, now }) => {
    const flags: Extract<Verdict, { readonly state: 'raised' }>[] = [];
    for (const { event, sellability } of sellabilityMoments(engagement, context, now)) {
      const last = flags.at(-1);
      const open = last !== undefined && last.cleared === undefined ? last : undefined;
      if (sellability.state === 'unsellable') {
        if (open === undefined) flags.push(unsellableFlag(event, sellability));
      } else if (open !== undefined) flags[flags.length - 1] = { ...open, cleared: mendedBy(event) };
    }
    return flags;
  },
};

export const ignoredRoutes = definePattern({
  name: 'ignoredRoutes',
  title: 'Procurement routes ignored',
  rules: [
    bind(routeLate),
    bind(againstPreference),
    bind(unsellableRoute),
    bind(lateRouteChange),
    bind(stalledOrder),
    bind(blockedOrder),
    bind(orderUnlikeAgreement),
    bind(lostAtProcurement),
    bind(expiredOffer),
  ],
});
