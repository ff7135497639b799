// Does an offered handoff lack what the next stage has to know?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Stage } from '../../events/stage.ts';
import type { Context } from '../context/context.ts';
import { cycleOf } from '../engagement/cycles.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { missingParts } from '../engagement/handoffs.ts';
import { type Decision, renewalDecisionsOf } from '../engagement/renewalDecisions.ts';
import { pairCovering } from '../engagement/requiredHandoffs.ts';
import { inFoldOrder } from '../history.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { cites, clearedBy, closedBy, measured } from './awaited.ts';
import type { Clearing, Rule } from './pattern.ts';
import { isSmallIn } from './smallDeals.ts';

const noThresholds = z.object({});

interface Lack {
  readonly offer: Offer;
  /** The event that cleared it. */
  readonly until: RecordedEvent | undefined;
  readonly cleared: Clearing | undefined;
}

type Offer = RecordedOf<'HandoffOffered'>;

/** Finds the first complete offer after an incomplete one: of the same handoff, or of the same pair and cycle. */
const completionsOf = (engagement: Engagement, context: Context): ((lacking: Offer) => Offer | undefined) => {
  const complete = engagement.of('HandoffOffered').filter((offer) => missingParts(offer).length === 0);
  const placeOf = (fromStage: Stage, toStage: Stage, offer: Offer): string =>
    `${fromStage}>${toStage}#${cycleOf(engagement.journey, offer)}`;
  const ofHandoff = Map.groupBy(complete, ({ data }) => data.handoffId);
  const inPlace = Map.groupBy(complete, (offer) => placeOf(offer.data.fromStage, offer.data.toStage, offer));
  return (lacking) => {
    const { fromStages, toStage } = pairCovering(context, lacking.data);
    const alike = fromStages.map((fromStage) => inPlace.get(placeOf(fromStage, toStage, lacking)));
    return [ofHandoff.get(lacking.data.handoffId), ...alike]
      .flatMap((offers = []) => firstWhere(offers, (offer) => inFoldOrder(offer, lacking) > 0) ?? [])
      .sort(inFoldOrder)[0];
  };
};

/**
 * The offers of one handoff that opened an episode. While an episode is open, a further incomplete offer opens none.
 */
const lacksOf = (
  offers: readonly Offer[],
  completionOf: (lacking: Offer) => Offer | undefined,
  decidedAfter: (offer: Offer) => Decision | undefined,
): readonly Lack[] => {
  const lacks: Lack[] = [];
  for (const offer of offers) {
    const last = lacks.at(-1);
    const stands = last !== undefined && (last.until === undefined || inFoldOrder(last.until, offer) > 0);
    if (stands || missingParts(offer).length === 0) continue;
    const completion = completionOf(offer);
    const decided = decidedAfter(offer);
    const reason = completion?.data.handoffId === offer.data.handoffId ? 'offeredComplete' : 'anotherOfferedComplete';
    if (decided !== undefined && (completion === undefined || inFoldOrder(decided.event, completion) < 0))
      lacks.push({ offer, until: decided.event, cleared: closedBy(decided) });
    else if (completion !== undefined) lacks.push({ offer, until: completion, cleared: clearedBy(completion, reason) });
    else lacks.push({ offer, until: undefined, cleared: undefined });
  }
  return lacks;
};

const partNames = { toOwner: 'the new owner', expectations: 'an expectation', contextRef: 'the context' } as const;

/**
 * P3.4: an offer lacks the new owner, an expectation or the context. This holds for any pair, also for a handoff to
 * oneself, unless the deal is small. Once the renewal is decided, a handoff to Renew lacks nothing any more.
 */
export const incomplete: Rule<typeof noThresholds> = {
  id: 'P3.4',
  title: 'Incomplete handoff',
  opens: ['HandoffOffered'],
  thresholds: noThresholds,
  verdicts: ({ engagement, context }) => {
    const isSmall = isSmallIn(engagement, context);
    const completionOf = completionsOf(engagement, context);
    const decisions = renewalDecisionsOf(engagement, engagement.subscriptions);
    // What is handed over to Renew belongs to the renewal that is next.
    const decidedAfter = ({ data, occurredAt }: Offer): Decision | undefined =>
      data.toStage === 'renew' ? decisions.ofAnchor(occurredAt) : undefined;
    return engagement.handoffs.flatMap(({ handoffId, fromStage, toStage, offers }) =>
      lacksOf(
        offers.filter(({ occurredAt }) => !isSmall(occurredAt)),
        completionOf,
        decidedAfter,
      ).map(({ offer, cleared }) => {
        const lacking = missingParts(offer).map((part) => partNames[part]);
        return {
          state: 'raised',
          subject: `handoff:${handoffId}`,
          openedBy: offer satisfies RecordedEvent,
          raisedAt: offer.occurredAt,
          severity: 'medium',
          evidence: [
            cites(offer, `the handoff from ${fromStage} to ${toStage} was offered without ${lacking.join(', ')}`),
            measured('parts missing', lacking.length, 0),
          ],
          clearsWhen: `The handoff is offered again with ${lacking.join(', ')}.`,
          nextStep: `Ask the owner who offered it to add ${lacking.join(', ')}.`,
          cleared,
          changesAt: undefined,
        };
      }),
    );
  },
};
