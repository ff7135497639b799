// Do the sample's stories that only look like failures stay unflagged, and would they be flagged without what excuses them?
import { describe, expect, test } from 'vitest';
import type { Context } from '../../domain/context/context.ts';
import type { EventType, RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addDays } from '../../events/instant.ts';
import { type Innocent, innocents } from '../../infra/sample/innocents.ts';
import { partyOf } from '../../infra/sample/participants.ts';
import { sampleChannel } from '../../infra/sample/sampleChannel.ts';
import { isOf } from '../channel101/statement.ts';
import { instant } from '../support/histories/events.ts';
import { contextOf, episodesOf, judgedAt, worldOf } from './sampleWorld.ts';

const now = instant('2026-11-23T12:00:00.000Z');
const channel = sampleChannel({ seed: 1, today: '2026-11-23' });
const world = worldOf(channel, now);
const context = contextOf(world, now);

type Policy = Context['policy'];

/** What takes an excuse away: from the policy, or from each event (undefined: the event is left out). */
interface Without {
  readonly policy?: Partial<Policy>;
  readonly event?: (event: RecordedEvent) => RecordedEvent | undefined;
}

/** Changes the events of one type. */
const each =
  <Type extends EventType>(type: Type, change: (event: RecordedOf<Type>) => RecordedEvent | undefined) =>
  (event: RecordedEvent): RecordedEvent | undefined =>
    isOf(type)(event) ? change(event) : event;

const noMore = (type: EventType) => ({ event: each(type, () => undefined) });
const notMeasuredAs = (metric: string) => ({
  event: each('UsageMeasured', (event) => (event.data.metric === metric ? undefined : event)),
});

const excuses: Readonly<Record<Exclude<Innocent, 'telemetryMissing'>, Without>> = {
  rollOutInSteps: {
    event: each('HandoffOffered', ({ data: { ramp: _ramp, ...data }, ...event }) => ({ ...event, data })),
  },
  season: { policy: { quietMonths: {} } },
  productWithoutUsers: notMeasuredAs('protected_objects'),
  licencePool: {
    event: each('SubscriptionStarted', ({ data: { baseSubscriptionId: _base, ...data }, ...event }) => ({
      ...event,
      data,
    })),
  },
  promotedIntoOffer: {
    event: each('DeviationRecorded', ({ data: { feature: _feature, ...data }, ...event }) => ({ ...event, data })),
  },
  handoffToOneself: {
    event: each('HandoffOffered', ({ data: { self: _self, ...data }, ...event }) => ({ ...event, data })),
  },
  smallDeal: { policy: { smallDeals: [] } },
  workBeforeTheSale: {
    event: each('WorkLogged', (event) => ({ ...event, data: { ...event.data, category: 'implementation' } })),
  },
  clocksDiffer: {
    event: each('HandoffAccepted', (event) => ({ ...event, occurredAt: addDays(event.occurredAt, 0.01) })),
  },
  reportFromOutside: noMore('ValueReported'),
  liveDashboard: notMeasuredAs('dashboard_views'),
  yearlyReports: { policy: { reportingDays: {} } },
  monthToMonth: {
    event: each('SubscriptionStarted', ({ data: { termEnd, ...data }, ...event }) => ({
      ...event,
      data: { ...data, ...(termEnd === undefined ? {} : { termEnd: addDays(termEnd, 100) }) },
    })),
  },
  fiscalYear: {
    event: each('EngagementOpened', ({ data: { expectedClose: _close, ...data }, ...event }) => ({ ...event, data })),
  },
  secondStep: noMore('OrderFulfilled'),
  invoiceAfterEntitlement: noMore('OrderFulfilled'),
};

/** The rules that flag an engagement, with or without its excuse. */
const flaggedBy = (engagementId: string, { policy, event = (same) => same }: Without = {}): ReadonlySet<string> => {
  const own = [...world.streams].filter(([id]) => id.endsWith(`/engagement/${engagementId}`));
  const streams = new Map(own.map(([id, events]) => [id, events.flatMap((said) => event(said) ?? [])]));
  const judged = judgedAt({ streams }, now, { ...context, policy: { ...context.policy, ...policy } });
  return new Set(episodesOf(judged, now).map(({ rule }) => rule));
};

const found = (excuse: Innocent): string => {
  const [only, ...others] = channel.innocent.filter((each) => each.excuse === excuse);
  expect(others).toEqual([]);
  if (only === undefined) throw new Error(`no story has the excuse ${excuse}`);
  return only.engagementId;
};

test.each(Object.entries(excuses))('%s excuses one story, which would be flagged without it', (excuse, without) => {
  const name = Object.keys(innocents).find((known): known is keyof typeof excuses => known === excuse);
  if (name === undefined) throw new Error(`no excuse is called ${excuse}`);
  const engagementId = found(name);
  const [rule, ...others] = innocents[name];
  const flagged = flaggedBy(engagementId);
  expect([rule, ...others].filter((known) => flagged.has(known))).toEqual([]);
  expect(flaggedBy(engagementId, without)).toContain(rule);
});

test('where telemetry is missing, nobody knows whether anything is used', () => {
  const engagementId = found('telemetryMissing');
  const judged = judgedAt(world, now, context).filter((each) => each.engagementId === engagementId);
  const states = judged.flatMap(({ verdicts }) => verdicts.filter(({ rule }) => rule === 'P1.3'));
  expect(states).toMatchObject([{ state: 'suspended', reason: 'notMeasured' }]);
});

describe('deliveries that all differ', () => {
  const flagged = (limits: Policy['thresholds']): readonly (string | undefined)[] => {
    const policy = { ...context.policy, thresholds: limits };
    const episodes = episodesOf(judgedAt(world, now, { ...context, policy }), now);
    return episodes.filter(({ rule }) => rule === 'P2.4').map(({ partnerId }) => partnerId);
  };

  test.each([
    ['are the first of an offer', 'oakline', { skipFirst: 0 }],
    ['are the business of the partner', 'tidewater', { anyRole: true }],
  ])('are no failure where they %s', (_, partner, limits) => {
    expect(flagged({})).not.toContain(partyOf(partner));
    expect(flagged({ 'P2.4': limits })).toContain(partyOf(partner));
  });
});
