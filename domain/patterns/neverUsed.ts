// Is a subscription used within its first weeks?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { endKnownAt, type Subscription } from '../engagement/subscriptions.ts';
import { dashboardViews } from '../engagement/value/adoption.ts';
import { firstUseOf, quietMonthsOf, rampsOf } from '../engagement/value/rollOut.ts';
import { inFoldOrder } from '../history.ts';
import { addDaysOutside } from '../time/months.ts';
import { startedSubscriptions } from './askedFor.ts';
import { cites, clearedBy, measured, silence, tolerated } from './awaited.ts';
import { listenedFrom, type Need, notObserved, unheard } from './observed.ts';
import { postponed, sourceQuiet } from './outages.ts';
import type { Clearing, Rule, Verdict, View } from './pattern.ts';

const neverUsedThresholds = z.object({ days: z.number().positive().max(3650).default(45) });

/** What cleared the flag of a subscription: its first use, or its own end, whichever came first. */
const neverUsedClearing = (
  used: RecordedOf<'UsageMeasured'> | undefined,
  ended: Subscription['ended'],
): Clearing | undefined => {
  if (used !== undefined && (ended === undefined || used.occurredAt <= endKnownAt(ended)))
    return clearedBy(used, 'used');
  return ended === undefined
    ? undefined
    : {
        at: endKnownAt(ended),
        eventId: ended.event.eventId,
        reason: ended.event.data.reason === 'merged' ? 'closedMoot' : 'closedRealised',
      };
};

/** The verdict while the rule can't tell: if usage was never measured, the telemetry itself may be missing. */
const notMeasured = (openedBy: RecordedOf<'SubscriptionStarted'>, since: Instant): Verdict => ({
  state: 'suspended',
  subject: subjectOf(openedBy),
  openedBy,
  since,
  reason: 'notMeasured',
  because: `no usage of subscription ${openedBy.data.subscriptionId} was ever measured, so nobody knows whether it is used`,
  changesAt: undefined,
});

const subjectOf = (started: RecordedOf<'SubscriptionStarted'>): string => `subscription:${started.data.subscriptionId}`;

/**
 * For each subscription, the first measurement that found use, and the first that found none. The pool of an add-on is used where its
 * base is, since licences are often counted at the base alone.
 */
interface FirstUses {
  readonly used: ReadonlyMap<string, RecordedOf<'UsageMeasured'>>;
  readonly unused: ReadonlyMap<string, RecordedOf<'UsageMeasured'>>;
}

/** The first use of each subscription, its own or that of the subscriptions that it is based on. */
const withBases = (subscriptions: readonly Subscription[], own: FirstUses['used']): FirstUses['used'] => {
  const bases = new Map(
    subscriptions.map(({ subscriptionId, started }) => [subscriptionId, started?.data.baseSubscriptionId]),
  );
  const used = new Map<string, RecordedOf<'UsageMeasured'> | undefined>();
  for (const { subscriptionId } of subscriptions) {
    const path: string[] = [];
    for (let id: string | undefined = subscriptionId; id !== undefined && !used.has(id); id = bases.get(id)) {
      path.push(id);
      used.set(id, own.get(id));
    }
    for (const id of path.reverse()) {
      const found = [own.get(id), used.get(bases.get(id) ?? id)].filter((event) => event !== undefined);
      used.set(id, found.sort(inFoldOrder)[0]);
    }
  }
  return new Map([...used].flatMap(([id, event]) => (event === undefined ? [] : [[id, event] as const])));
};

const firstUsesOf = (engagement: Engagement): FirstUses => {
  const latestFirst = engagement
    .of('UsageMeasured')
    .filter(({ data }) => data.metric !== dashboardViews)
    .toReversed();
  const bySubscription = (measured: readonly RecordedOf<'UsageMeasured'>[]) =>
    new Map(measured.map((event) => [event.data.subscriptionId, event]));
  return {
    used: withBases(
      engagement.subscriptions,
      bySubscription(latestFirst.filter((event) => event.data.activeUnits > 0)),
    ),
    unused: bySubscription(latestFirst.filter((event) => event.data.activeUnits === 0)),
  };
};

/** When a first use of a subscription is due, and from when on its days count. */
type DueOf = (started: RecordedOf<'SubscriptionStarted'>) => { readonly from: Instant; readonly dueAt: Instant };

const needOf = (started: RecordedOf<'SubscriptionStarted'>, at: Instant = started.occurredAt): Need => ({
  awaits: ['UsageMeasured'],
  at,
  by: started,
});

/**
 * Finds when first uses are due: `days` days after the start, or after the first use that a ramp plans, if the ramp was declared
 * before that. Days in quiet months don't count, nor those before anybody listened.
 */
const duesOf = (view: View, days: number): DueOf => {
  const { engagement, context } = view;
  const ramps = rampsOf(engagement);
  const quietAt = quietMonthsOf(engagement, context);
  return (started) => {
    const from = listenedFrom(view, needOf(started));
    const dueAfter = (at: Instant): Instant => addDaysOutside(at, days, quietAt(tolerated(addDays(from, days))));
    const start = dueAfter(from);
    let dueAt = start;
    for (const ramp of ramps) {
      const first = firstUseOf(ramp);
      const { declaredBy, until } = ramp;
      if (first === undefined || first <= from || declaredBy.occurredAt > dueAt) continue;
      // A plan that is rejected while there is time leaves what was due before.
      if (until !== undefined && until <= dueAt) continue;
      // A later plan replaces an earlier one, and makes nothing late that was in time until then.
      const planned = dueAfter(first);
      dueAt = planned > dueAt ? planned : ([start, planned, declaredBy.occurredAt].sort().at(-1) ?? planned);
    }
    return { from, dueAt };
  };
};

const neverUsedVerdicts = (
  { started, ended }: Subscription,
  { used: allUsed, unused: allUnused }: FirstUses,
  { view, days, dueOf }: { readonly view: View; readonly days: number; readonly dueOf: DueOf },
): readonly Verdict[] => {
  if (started === undefined) return [];
  const { subscriptionId } = started.data;
  const { from, dueAt: first } = dueOf(started);
  const { awaits } = needOf(started);
  const { dueAt, quiet } = postponed(view, { awaits, dueAt: first });
  const used = allUsed.get(subscriptionId);
  const unused = allUnused.get(subscriptionId);
  const believedFrom = tolerated(dueAt);
  if (used !== undefined && (quiet !== undefined || used.occurredAt <= believedFrom)) return [];
  if (ended !== undefined && (quiet !== undefined || endKnownAt(ended) <= believedFrom)) return [];
  const subject = subjectOf(started);
  const because = unheard(view, needOf(started, from));
  if (because !== undefined)
    return used === undefined && ended === undefined ? [notObserved({ subject, openedBy: started }, because)] : [];
  if (quiet !== undefined) return [sourceQuiet({ subject, openedBy: started }, { awaits, dueAt, quiet })];
  if (view.now < believedFrom) {
    return [
      { state: 'armed', subject, openedBy: started, dueAt, waitsFor: `a first use of subscription ${subscriptionId}` },
    ];
  }
  if (unused === undefined) return used === undefined && ended === undefined ? [notMeasured(started, dueAt)] : [];
  const raisedAt = unused.occurredAt > believedFrom ? unused.occurredAt : believedFrom;
  if (used !== undefined && used.occurredAt <= unused.occurredAt) return [];
  if (ended !== undefined && endKnownAt(ended) <= raisedAt) return [];
  return [
    {
      state: 'raised',
      subject,
      openedBy: started,
      dueAt,
      raisedAt,
      severity: 'high',
      evidence: [
        cites(started, `subscription ${subscriptionId} started`),
        cites(unused, 'usage was measured, and it was zero'),
        silence('UsageMeasured', {
          from,
          until: raisedAt,
          armedBy: started,
          says: 'no measurement found an active unit',
        }),
        measured('days without use', days, days),
      ],
      clearsWhen: 'A measurement finds at least one active unit of the subscription.',
      nextStep: 'Ask the customer why they have not started, and plan the onboarding of the first users.',
      cleared: neverUsedClearing(used, ended),
      changesAt: undefined,
    },
  ];
};

/**
 * P1.3: a subscription is not used within `days` days after its start, and its usage was measured as zero at least
 * once. A ramp that plans its first use later, and quiet months of the customer's segment, give it more time.
 */
export const neverUsed: Rule<typeof neverUsedThresholds> = {
  id: 'P1.3',
  title: 'Subscription never used',
  thresholds: neverUsedThresholds,
  verdicts: (view, { days }) => {
    const { engagement } = view;
    const asked = startedSubscriptions(view);
    if (asked.length === 0) return [];
    const uses = firstUsesOf(engagement);
    const dueOf = duesOf(view, days);
    return asked.flatMap((subscription) => neverUsedVerdicts(subscription, uses, { view, days, dueOf }));
  },
};
