// Does every delivery need custom work, instead of following a template?
import * as z from 'zod';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { inFoldOrder } from '../history.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { cites, clearedBy, measured } from './awaited.ts';
import { bind, type Clearing, definePattern, type Rule, type Verdict } from './pattern.ts';

const noThresholds = z.object({});

/** P2.1: a delivery starts and names no template. The flag clears when delivery starts again on a template. */
const noTemplate: Rule<typeof noThresholds> = {
  id: 'P2.1',
  title: 'Delivery without a template',
  thresholds: noThresholds,
  verdicts: ({ engagement }) => {
    const starts = engagement.of('DeliveryStarted');
    const templated = starts.filter((event) => event.data.templateRef !== undefined);
    return starts.flatMap((start): readonly Verdict[] => {
      if (start.data.templateRef !== undefined) return [];
      const rebased = firstWhere(templated, (event) => inFoldOrder(event, start) > 0);
      return [
        {
          state: 'raised',
          subject: `delivery:${start.factId}`,
          openedBy: start,
          raisedAt: start.occurredAt,
          severity: 'low',
          evidence: [cites(start, 'delivery started without a template')],
          clearsWhen: 'Delivery starts again on a template.',
          nextStep: "Base the delivery on the offer's template, or write a template from this delivery.",
          cleared: rebased === undefined ? undefined : clearedBy(rebased, 'rebasedOnTemplate'),
          changesAt: undefined,
        },
      ];
    });
  },
};

const effortThresholds = z.object({
  /** The share of the implementation's minutes that customisation may take: above it the flag is medium, or high. */
  medium: z.number().min(0).max(10).default(0.2),
  high: z.number().min(0).max(10).default(0.35),
  /** From go-live on, the flag clears at this share or less. */
  clear: z.number().min(0).max(10).default(0.15),
  /** The implementation minutes that must be logged before the share counts. */
  minimumMinutes: z.number().min(0).default(480),
});

/** The efforts so far, in minutes, and whether the engagement is live. */
interface Efforts {
  readonly customised: number;
  readonly logged: number;
  readonly live: boolean;
}

const withEffort = (efforts: Efforts, event: RecordedEvent): Efforts => {
  if (event.type === 'DeviationRecorded' && event.data.kind === 'customisation')
    return { ...efforts, customised: efforts.customised + (event.data.minutes ?? 0) };
  if (event.type === 'WorkLogged' && event.data.category === 'implementation')
    return { ...efforts, logged: efforts.logged + event.data.minutes };
  if (event.type === 'MilestoneReached' && event.data.milestone === 'go_live') return { ...efforts, live: true };
  return efforts;
};

const shareOf = ({ customised, logged }: Efforts): number => (logged === 0 ? 0 : customised / logged);

/** The efforts after each instant that changes them; `event` is the last one of that instant. */
const effortsOf = (engagement: Engagement): readonly { readonly event: RecordedEvent; readonly efforts: Efforts }[] => {
  const moments: { event: RecordedEvent; efforts: Efforts }[] = [];
  let efforts: Efforts = { customised: 0, logged: 0, live: false };
  for (const event of engagement.events) {
    const after = withEffort(efforts, event);
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

const effortEpisodes = (
  engagement: Engagement,
  thresholds: z.infer<typeof effortThresholds>,
): readonly EffortEpisode[] => {
  const episodes: EffortEpisode[] = [];
  for (const { event, efforts } of effortsOf(engagement)) {
    const share = shareOf(efforts);
    const last = episodes.at(-1);
    const open = last !== undefined && last.cleared === undefined ? last : undefined;
    if (open === undefined) {
      if (efforts.logged >= thresholds.minimumMinutes && share > thresholds.medium)
        episodes.push({ openedBy: event, atOpening: efforts, peak: share, cleared: undefined });
      continue;
    }
    const clears = efforts.live && share <= thresholds.clear;
    episodes[episodes.length - 1] = {
      ...open,
      peak: Math.max(open.peak, share),
      cleared: clears ? clearedBy(event, 'effortBackToNormal') : undefined,
    };
  }
  return episodes;
};

/**
 * P2.2: the share is customisation minutes / implementation minutes logged; it counts from the minimum on. An episode
 * opens at the event that takes the share above `medium`. Its severity follows its highest share. It clears at or after
 * go-live, once the share is at most `clear`.
 */
const deviationEffort: Rule<typeof effortThresholds> = {
  id: 'P2.2',
  title: 'Customisation takes too much of the effort',
  thresholds: effortThresholds,
  verdicts: ({ engagement }, thresholds) =>
    effortEpisodes(engagement, thresholds).map(({ openedBy, atOpening, peak, cleared }) => ({
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
    })),
};

export const customEveryTime = definePattern({
  name: 'customEveryTime',
  title: 'Custom work every time',
  rules: [bind(noTemplate), bind(deviationEffort)],
});
