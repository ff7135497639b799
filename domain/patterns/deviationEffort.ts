// Does customisation take too much of the effort of an implementation?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Context } from '../context/context.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { inFoldOrder } from '../history.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import { cites, clearedBy, measured } from './awaited.ts';
import type { Clearing, Rule, View } from './pattern.ts';
import { isNewOffer, type Promotions, promotionsOf } from './promotedDeviations.ts';

const effortThresholds = z.object({
  /** The share of the implementation's minutes that customisation may take: above it the flag is medium, or high. */
  medium: z.number().min(0).max(10).default(0.2),
  high: z.number().min(0).max(10).default(0.35),
  /** From go-live on, the flag clears at this share or less. */
  clear: z.number().min(0).max(10).default(0.15),
  /** The implementation minutes that must be logged before the share counts. */
  minimumMinutes: z.number().min(0).default(480),
  /** Days after the first publication of an offer in which its deliveries are learning, and are not judged. */
  learningDays: z.number().min(0).max(3650).default(0),
});

/** The efforts so far, in minutes, and whether the engagement is live. */
interface Efforts {
  readonly customised: number;
  readonly logged: number;
  readonly live: boolean;
}

/** The customisations that a version takes in after they were recorded, in minutes. */
type TakenIn = ReadonlyMap<RecordedEvent, number>;

const takenInBy = (promotions: Promotions): TakenIn => {
  const minutes = new Map<RecordedEvent, number>();
  for (const [deviation, version] of promotions)
    if (deviation.type === 'DeviationRecorded' && inFoldOrder(version, deviation) > 0)
      minutes.set(version, (minutes.get(version) ?? 0) + (deviation.data.minutes ?? 0));
  return minutes;
};

/** Whether a deviation is customisation that no version of the offer listed by then. */
const isCustom = (event: RecordedOf<'DeviationRecorded'>, promotions: Promotions): boolean => {
  const version = promotions.get(event);
  return event.data.kind === 'customisation' && (version === undefined || inFoldOrder(version, event) > 0);
};

const withEffort = (
  efforts: Efforts,
  event: RecordedEvent,
  { promotions, takenIn }: { readonly promotions: Promotions; readonly takenIn: TakenIn },
): Efforts => {
  switch (event.type) {
    case 'DeviationRecorded':
      if (!isCustom(event, promotions)) return efforts;
      return { ...efforts, customised: efforts.customised + (event.data.minutes ?? 0) };
    case 'OfferPublished':
      return { ...efforts, customised: efforts.customised - (takenIn.get(event) ?? 0) };
    case 'WorkLogged':
      if (event.data.category !== 'implementation') return efforts;
      return { ...efforts, logged: efforts.logged + event.data.minutes };
    case 'MilestoneReached':
      return event.data.milestone === 'go_live' ? { ...efforts, live: true } : efforts;
    default:
      return efforts;
  }
};

const shareOf = ({ customised, logged }: Efforts): number => (logged === 0 ? 0 : customised / logged);

/** The efforts after each instant that changes them; `event` is the last one of that instant. */
const effortsOf = ({
  engagement,
  context,
  now,
}: View): readonly { readonly event: RecordedEvent; readonly efforts: Efforts }[] => {
  const promotions = promotionsOf(engagement, context, now);
  const takenIn = takenInBy(promotions);
  const events = takenIn.size === 0 ? engagement.events : [...engagement.events, ...takenIn.keys()].sort(inFoldOrder);
  const moments: { event: RecordedEvent; efforts: Efforts }[] = [];
  let efforts: Efforts = { customised: 0, logged: 0, live: false };
  for (const event of events) {
    const after = withEffort(efforts, event, { promotions, takenIn });
    if (after === efforts) continue;
    if (moments.at(-1)?.event.occurredAt === event.occurredAt) moments.pop();
    moments.push({ event, efforts: after });
    efforts = after;
  }
  return moments;
};

interface EffortEpisode {
  readonly openedBy: RecordedEvent;
  readonly atOpening: Efforts;
  readonly peak: number;
  readonly cleared: Clearing | undefined;
}

/** What clears an open episode: it went live with little customisation, or the offer took so much of it in. */
const clearingAt = (event: RecordedEvent, { live }: Efforts): Clearing | undefined => {
  if (event.type === 'OfferPublished') return clearedBy(event, 'promotedIntoOffer');
  return live ? clearedBy(event, 'effortBackToNormal') : undefined;
};

/** Tells whether an event belongs to a delivery that began while the offer was new. */
const learningIn = (engagement: Engagement, context: Context, days: number): ((event: RecordedEvent) => boolean) => {
  const starts = engagement.of('DeliveryStarted');
  return (event) => {
    const started = lastBefore(starts, ({ occurredAt }) => occurredAt > event.occurredAt) ?? event;
    return isNewOffer(engagement, context, { at: started.occurredAt, days });
  };
};

const effortEpisodes = (view: View, thresholds: z.infer<typeof effortThresholds>): readonly EffortEpisode[] => {
  const isLearning = learningIn(view.engagement, view.context, thresholds.learningDays);
  const episodes: EffortEpisode[] = [];
  for (const { event, efforts } of effortsOf(view)) {
    const share = shareOf(efforts);
    const last = episodes.at(-1);
    const open = last !== undefined && last.cleared === undefined ? last : undefined;
    if (open === undefined) {
      if (efforts.logged >= thresholds.minimumMinutes && share > thresholds.medium && !isLearning(event))
        episodes.push({ openedBy: event, atOpening: efforts, peak: share, cleared: undefined });
      continue;
    }
    episodes[episodes.length - 1] = {
      ...open,
      peak: Math.max(open.peak, share),
      cleared: share <= thresholds.clear ? clearingAt(event, efforts) : undefined,
    };
  }
  return episodes;
};

/**
 * P2.2: the share is customisation minutes / implementation minutes logged; it counts from the minimum on. An episode
 * opens at the event that takes the share above `medium`. Its severity follows its highest share. It clears at or after
 * go-live, once the share is at most `clear`. A customisation that a later version of the offer lists counts no more from the
 * publication on; if this takes the share to `clear`, the episode clears at once.
 */
export const deviationEffort: Rule<typeof effortThresholds> = {
  id: 'P2.2',
  title: 'Customisation takes too much of the effort',
  thresholds: effortThresholds,
  verdicts: (view, thresholds) => {
    return effortEpisodes(view, thresholds).map(({ openedBy, atOpening, peak, cleared }) => ({
      state: 'raised',
      subject: 'engagement',
      openedBy,
      raisedAt: openedBy.occurredAt,
      severity: peak > thresholds.high ? 'high' : 'medium',
      evidence: [
        cites(openedBy, 'with this event, customisation took more of the implementation effort than the threshold'),
        measured('customisation share of implementation', shareOf(atOpening), thresholds.medium),
        measured('highest share', peak, thresholds.high),
        measured('implementation minutes logged', atOpening.logged, thresholds.minimumMinutes),
      ],
      clearsWhen: `Once live, customisation is at most ${thresholds.clear} of the implementation effort.`,
      nextStep: 'Find which customisation recurs, and move it into the offer’s template or out of the scope.',
      cleared,
      changesAt: undefined,
    }));
  },
};
