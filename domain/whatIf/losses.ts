// When was an engagement lost, in whole or in part, so that a flag might have told so before?
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { type Amount, recurringOf } from '../engagement/recurringRevenue.ts';
import { anchorOf } from '../engagement/subscriptions.ts';

/**
 * `anchorEnded`: the anchor subscription ended, and was not merged into another one. `arrFell`: the annual recurring revenue fell by a fifth or more at a renewal.
 * `dealLost`: the deal was lost; only the rules of P5 are held against it.
 */
export const lossKinds = ['anchorEnded', 'arrFell', 'dealLost'] as const;
export type LossKind = (typeof lossKinds)[number];

export interface Loss {
  readonly kind: LossKind;
  readonly at: Instant;
  /** The event that shows it. */
  readonly eventId: string;
}

/** Whether an amount fell by 20 % or more; false where one of them is not known, or their currencies differ. */
const fellByAFifth = (before: Amount, after: Amount): boolean => {
  if (!('money' in before) || !('money' in after) || before.money.currency !== after.money.currency) return false;
  const { amountMinor } = before.money;
  return amountMinor > 0 && BigInt(after.money.amountMinor) * 100n <= BigInt(amountMinor) * 80n;
};

const [earliest, latest] = [
  (a: Instant, b: Instant): Instant => (a < b ? a : b),
  (a: Instant, b: Instant): Instant => (a < b ? b : a),
];

/**
 * A renewal may be told before or after its term begins: the revenue before both is compared with the revenue after both.
 */
const fallsOf = (engagement: Engagement, now: Instant): readonly Loss[] => {
  const arrAt = recurringOf(engagement, engagement.subscriptions);
  return engagement.of('SubscriptionRenewed').flatMap(({ eventId, occurredAt, data }): readonly Loss[] => {
    const at = latest(occurredAt, data.termStart);
    if (at > now) return [];
    const before = arrAt(addMilliseconds(earliest(occurredAt, data.termStart), -1));
    return fellByAFifth(before, arrAt(at)) ? [{ kind: 'arrFell', at, eventId }] : [];
  });
};

/** What ends because it is merged into another subscription goes on there: the rules close as moot, and nothing is lost. */
const anchorEnd = ({ subscriptions }: Engagement, now: Instant): readonly Loss[] => {
  const ended = anchorOf(subscriptions)?.ended;
  return ended === undefined || ended.at > now || ended.event.data.reason === 'merged'
    ? []
    : [{ kind: 'anchorEnded', at: ended.at, eventId: ended.event.eventId }];
};

/** A closing that was undone is no loss; of several that stand, the first is. */
const lostDeal = ({ closings }: Engagement): readonly Loss[] => {
  const lost = closings.find(({ event, undoneBy }) => event.data.result === 'lost' && undoneBy === undefined);
  return lost === undefined ? [] : [{ kind: 'dealLost', at: lost.event.occurredAt, eventId: lost.event.eventId }];
};

/** The losses of an engagement up to an instant, in time's order; renewals of one instant are one loss. */
export const lossesOf = (engagement: Engagement, now: Instant): readonly Loss[] => {
  const found = [...anchorEnd(engagement, now), ...fallsOf(engagement, now), ...lostDeal(engagement)];
  return [...new Map(found.toReversed().map((loss) => [`${loss.kind} ${loss.at}`, loss])).values()].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  );
};
