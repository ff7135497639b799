// Which episodes are asked for, where an earlier ending has left the others?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Subscription } from '../engagement/subscriptions.ts';
import { turningPoint } from '../time/sortedSearch.ts';
import type { BoundRule, View } from './pattern.ts';

/** Whether an episode that an event opens is asked for. */
export const isAskedFor = ({ openedFrom }: Pick<View, 'openedFrom'>, { occurredAt }: RecordedEvent): boolean =>
  openedFrom === undefined || occurredAt >= openedFrom;

/** Whether any event may have opened an episode of a rule that is asked for. */
export const mayOpen = ({ opens }: Pick<BoundRule, 'opens'>, view: View): boolean =>
  opens === undefined ||
  opens.some((type) => {
    const last = view.engagement.of(type).at(-1);
    return last !== undefined && isAskedFor(view, last);
  });

/** The events, of some in fold order, whose episodes are asked for. */
export const askedOf = <E extends RecordedEvent>(view: Pick<View, 'openedFrom'>, events: readonly E[]): readonly E[] =>
  view.openedFrom === undefined ? events : events.slice(turningPoint(events, (event) => isAskedFor(view, event)));

/** The subscriptions that opened an episode that is asked for by their start, if they opened any. */
export const startedSubscriptions = (view: View): readonly Subscription[] =>
  view.engagement.subscriptions.filter(({ started }) => started !== undefined && isAskedFor(view, started));

/** The subscriptions that opened one by their start or by a measurement, if they opened any. */
export const startedOrUsed = (view: View): readonly Subscription[] => {
  const { of, subscriptions } = view.engagement;
  if (view.openedFrom === undefined) return subscriptions;
  const used = new Set(askedOf(view, of('UsageMeasured')).map(({ data }) => data.subscriptionId));
  return subscriptions.filter(
    ({ started, subscriptionId }) => used.has(subscriptionId) || (started !== undefined && isAskedFor(view, started)),
  );
};
