// Does a delivery take more effort than was planned for it?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { inFoldOrder } from '../history.ts';
import { cites, clearedBy, measured } from './awaited.ts';
import { type Delivery, deliveriesOf } from './deliveries.ts';
import type { Clearing, Rule, Verdict } from './pattern.ts';
import { isNewOffer, type Promotions, promotionsOf } from './promotedDeviations.ts';

const overrunThresholds = z.object({
  /** Actual by planned minutes: above it the flag is medium, or high. */
  medium: z.number().min(1).max(100).default(1.25),
  high: z.number().min(1).max(100).default(1.5),
  /** Days after the first publication of an offer in which its deliveries are learning, and are not judged. */
  learningDays: z.number().min(0).max(3650).default(0),
});

/** What an event adds to the minutes of a delivery, or plans for it. */
interface Change {
  readonly event: RecordedEvent;
  readonly minutes: number;
  readonly plan?: RecordedOf<'DeliveryStarted'>;
}

/** Customisation is logged as implementation work. It is taken off once it is part of the offer, but no longer after the go-live. */
const changesOf = ({ efforts, live }: Delivery, promotions: Promotions): readonly Change[] =>
  efforts
    .flatMap((event): readonly Change[] => {
      switch (event.type) {
        case 'WorkLogged':
          return [{ event, minutes: event.data.minutes }];
        case 'DeliveryStarted':
          return event.data.plannedMinutes === undefined ? [] : [{ event, minutes: 0, plan: event }];
        case 'DeviationRecorded': {
          const version = promotions.get(event);
          if (version === undefined || (live !== undefined && version.occurredAt > live.occurredAt)) return [];
          const from = inFoldOrder(version, event) > 0 ? version : event;
          return [{ event: from, minutes: -(event.data.minutes ?? 0) }];
        }
        default:
          return event satisfies never;
      }
    })
    .sort((a, b) => inFoldOrder(a.event, b.event));

/** The effort after an instant; `event` is the last one of that instant. */
interface Moment {
  readonly event: RecordedEvent;
  /** The last start that planned the minutes. */
  readonly plan: RecordedOf<'DeliveryStarted'> | undefined;
  readonly actual: number;
}

const momentsOf = (changes: readonly Change[]): readonly Moment[] => {
  const moments: Moment[] = [];
  for (const { event, minutes, plan } of changes) {
    const last = moments.at(-1);
    if (last?.event.occurredAt === event.occurredAt) moments.pop();
    moments.push({ event, plan: plan ?? last?.plan, actual: (last?.actual ?? 0) + minutes });
  }
  return moments;
};

/** Actual by planned minutes; 0 while nothing is planned. */
const ratioOf = ({ plan, actual }: Moment): number => {
  const planned = plan?.data.plannedMinutes ?? 0;
  return planned === 0 ? 0 : actual / planned;
};

interface Overrun {
  readonly opening: Moment;
  readonly peak: number;
  /** The version of the offer that took so much of the custom work in that the rest is no overrun. */
  readonly promotedBy: RecordedEvent | undefined;
}

const overrunsOf = (moments: readonly Moment[], medium: number): readonly Overrun[] => {
  const overruns: Overrun[] = [];
  for (const moment of moments) {
    const ratio = ratioOf(moment);
    const last = overruns.at(-1);
    const open = last !== undefined && last.promotedBy === undefined ? last : undefined;
    if (open === undefined) {
      if (ratio > medium) overruns.push({ opening: moment, peak: ratio, promotedBy: undefined });
      continue;
    }
    const isPromoted = moment.event.type === 'OfferPublished' && ratio <= medium;
    overruns[overruns.length - 1] = {
      ...open,
      peak: Math.max(open.peak, ratio),
      promotedBy: isPromoted ? moment.event : undefined,
    };
  }
  return overruns;
};

const clearingOf = ({ promotedBy }: Overrun, { live }: Delivery): Clearing | undefined => {
  if (promotedBy !== undefined) return clearedBy(promotedBy, 'promotedIntoOffer');
  return live === undefined ? undefined : clearedBy(live, 'completed');
};

const verdictsOn = (
  delivery: Delivery,
  moments: readonly Moment[],
  { medium, high }: z.infer<typeof overrunThresholds>,
): readonly Verdict[] => {
  const last = moments.at(-1);
  return overrunsOf(moments, medium).flatMap((found): readonly Verdict[] => {
    const { opening, peak, promotedBy } = found;
    if (opening.plan === undefined || last === undefined) return [];
    return [
      {
        state: 'raised',
        subject: 'engagement',
        openedBy: opening.event,
        raisedAt: opening.event.occurredAt,
        severity: peak > high ? 'high' : 'medium',
        evidence: [
          cites(opening.plan, 'the effort was planned'),
          cites(opening.event, 'with this event, the implementation took more effort than the threshold allows'),
          measured('actual by planned minutes', ratioOf(opening), medium),
          measured('highest ratio', peak, high),
          ...(delivery.live === undefined || promotedBy !== undefined
            ? []
            : [measured('ratio at go-live', ratioOf(last), medium)]),
        ],
        clearsWhen: 'The engagement goes live; the flag keeps the final value.',
        nextStep: 'Find what the plan left out, and correct the plan of the template before the next delivery.',
        cleared: clearingOf(found, delivery),
        changesAt: undefined,
      },
    ];
  });
};

/**
 * P2.3: the implementation minutes of a delivery are more than `medium` times those that its last start planned. The flag opens at the
 * event that takes them there, its severity follows the highest ratio, and it closes at the go-live with the final value. It clears
 * before that if a version of the offer takes in the custom work that made the difference. Without a plan the rule is quiet.
 */
export const overrun: Rule<typeof overrunThresholds> = {
  id: 'P2.3',
  title: 'Delivery takes more effort than planned',
  thresholds: overrunThresholds,
  verdicts: ({ engagement, context, now }, thresholds) => {
    const promotions = promotionsOf(engagement, context, now);
    const days = thresholds.learningDays;
    return deliveriesOf(engagement).flatMap((delivery) =>
      isNewOffer(engagement, context, { at: delivery.started.occurredAt, days })
        ? []
        : verdictsOn(delivery, momentsOf(changesOf(delivery, promotions)), thresholds),
    );
  },
};
