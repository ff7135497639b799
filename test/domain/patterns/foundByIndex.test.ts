// Do the rules that search by index find the same as a plain search through all facts?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionAt } from '../../../domain/context/offer.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { factsOf } from '../../../domain/engagement/facts.ts';
import { handoffsOf, missingParts } from '../../../domain/engagement/handoffs.ts';
import { namingsOf, sellabilityMoments } from '../../../domain/engagement/offerAsSold.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import { verdictsOf } from '../../../domain/patterns/evaluate.ts';
import { addDays, type Instant } from '../../../events/instant.ts';
import { contextOf, offersOf } from '../../support/contexts.ts';
import { recorded } from '../../support/histories/events.ts';
import { beginning } from '../../support/histories/histories.ts';

const someAt: fc.Arbitrary<Instant> = fc.integer({ min: 0, max: 12 }).map((days) => addDays(beginning, days));

describe('an incomplete handoff', () => {
  const stage = fc.constantFrom('sell' as const, 'procure' as const, 'deliver' as const);
  const offer = fc.record({ id: fc.nat(3), at: someAt, fromStage: stage, complete: fc.boolean() });

  it('is completed by the first complete offer of the same handoff, or of its pair and cycle', () => {
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 15 }), (made) => {
        const complete = { toOwner: 'person:1', contextRef: 'doc:1', expectations: [{ textRef: 'wiki:1' }] };
        const events = made.map(({ id, at, fromStage, complete: whole }) =>
          recorded(
            'HandoffOffered',
            { handoffId: `h${id}`, fromStage, toStage: 'deliver', ...(whole ? complete : {}) },
            { at },
          ),
        );
        const offers = [...new Map(events.map((event) => [event.eventId, event])).values()].sort(inFoldOrder);
        // By the default policy a handoff from Sell stands for one from Procure; one cycle, since nothing renews.
        const pairOf = ({ data }: (typeof offers)[number]) => (data.fromStage === 'deliver' ? 'own' : 'sell+procure');
        const plain = handoffsOf(factsOf(offers)).flatMap(({ handoffId }) => {
          const lacks: { by: string; clearedBy: string | undefined }[] = [];
          for (const [index, event] of offers.entries()) {
            const taken = offers.findIndex(({ eventId }) => eventId === lacks.at(-1)?.clearedBy);
            const open = lacks.length > 0 && (taken < 0 || taken > index);
            if (open || event.data.handoffId !== handoffId || missingParts(event).length === 0) continue;
            const completion = offers
              .slice(index + 1)
              .find(
                (other) =>
                  missingParts(other).length === 0 &&
                  (other.data.handoffId === handoffId || pairOf(other) === pairOf(event)),
              );
            lacks.push({ by: event.eventId, clearedBy: completion?.eventId });
          }
          return lacks;
        });
        const now = addDays(beginning, 20);
        const view = { engagement: foldEngagement(offers, now), context: contextOf(), now };
        const flags = verdictsOf(view).flatMap((verdict) =>
          verdict.rule === 'P3.4' && verdict.state === 'raised'
            ? [{ by: verdict.openedBy.eventId, clearedBy: verdict.cleared?.eventId }]
            : [],
        );
        expect(flags).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });
});

describe('whether an offer can be sold by the route', () => {
  const routes = ['direct', 'two_tier', 'marketplace'] as const;
  const someSales = fc.array(
    fc.tuple(someAt, fc.constantFrom('route', 'opening', 'proposal', 'version'), fc.nat(1), fc.nat(2), fc.boolean()),
    { minLength: 5, maxLength: 30 },
  );
  const eventOf = ([at, kind, version, which, named]: readonly [Instant, string, number, number, boolean]) => {
    const offerId = `offer ${which % 2}`;
    const naming = { offerId, ...(named ? { offerVersion: version + 1 } : {}) };
    switch (kind) {
      case 'route':
        return recorded('RouteAgreed', { route: routes[which] ?? 'direct' }, { at });
      case 'opening':
        return recorded('EngagementOpened', naming, { at });
      case 'proposal':
        return recorded('SolutionProposed', naming, { at });
      default:
        return recorded(
          'OfferPublished',
          {
            offerId,
            version: version + 1,
            components: [{ componentId: 'c', kind: 'base_licence' }],
            routes: routes.filter((_, index) => (version + index + (named ? 1 : 0)) % 2 === 0),
          },
          { at, stream: `acme/offer/${offerId}` },
        );
    }
  };

  it('after each instant is the same as in a look at that instant alone', () => {
    fc.assert(
      fc.property(someSales, (sales) => {
        const all = [...new Map(sales.map(eventOf).map((event) => [event.eventId, event])).values()].sort(inFoldOrder);
        const facts = factsOf(all.filter(({ type }) => type !== 'OfferPublished'));
        const offers = offersOf(...all.filter((event) => event.type === 'OfferPublished'));
        const stateAt = (at: Instant): string => {
          const route = facts.of('RouteAgreed').findLast(({ occurredAt }) => occurredAt <= at);
          const naming = namingsOf(facts).findLast(({ occurredAt }) => occurredAt <= at);
          const offer = offers.get(naming?.data.offerId ?? '');
          if (route === undefined || naming === undefined || offer === undefined) return 'unknown';
          const agreed = route.occurredAt > naming.occurredAt ? route.occurredAt : naming.occurredAt;
          const { offerVersion } = naming.data;
          const sold = offerVersion === undefined ? versionAt(offer, agreed) : versionAt(offer, at, offerVersion);
          if (sold === undefined || sold.data.routes.length === 0) return 'unknown';
          const sells = (each: typeof sold) =>
            each.data.routes.length === 0 || each.data.routes.includes(route.data.route);
          const mended = offer.versions.some(
            (each) =>
              each.data.version > sold.data.version && each.occurredAt > agreed && each.occurredAt <= at && sells(each),
          );
          return sells(sold) || mended ? 'sellable' : 'unsellable';
        };
        const now = addDays(beginning, 10);
        for (const { event, sellability } of sellabilityMoments(facts, contextOf({ offers }), now))
          expect(sellability.state).toBe(stateAt(event.occurredAt));
      }),
      { numRuns: 300 },
    );
  });
});
