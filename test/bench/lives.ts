// Which long lives cost most to judge? Shapes of them, each of as many events as it is asked for, over four years.
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays, type Instant, instantOf } from '../../events/instant.ts';
import {
  deliveryStarted,
  ended,
  goLive,
  handoffAccepted,
  handoffOffered,
  handoffRejected,
  lost,
  opened,
  policyPublished,
  renewalProposed,
  renewed,
  reopened,
  reported,
  retracted,
  routeAgreed,
  subscribed,
  subscriptionId,
  won,
  worked,
} from '../support/histories/engagementFacts.ts';
import { recorded, stream } from '../support/histories/events.ts';

const start = instantOf(Date.UTC(2022, 0, 3));
const days = 1_460;

/** When all these lives are looked at. */
export const lookedAt = addDays(start, days + 10);

/** What a shape says in its turn: one event, or the few that only make sense together. */
type Turn = (at: Instant, turn: number) => readonly RecordedEvent[];

const year = (at: Instant): { readonly to: string } => ({ to: addDays(at, 365).slice(0, 10) });

const used = (at: Instant, activeUnits: number): RecordedEvent => {
  const window = { windowStart: addDays(at, -7), windowEnd: at };
  return recorded(
    'UsageMeasured',
    { subscriptionId, purchasedUnits: 10, activeUnits, metric: 'seats', ...window },
    { at },
  );
};

const work = (at: Instant, turn: number): RecordedEvent => (turn % 2 === 0 ? worked(at, 30) : used(at, turn % 10));

/** A handoff of its own, which is refused now and then, and offered again. */
const handedOver: Turn = (at, turn) => {
  const of = { id: `handoff-${Math.floor(turn / 4)}`, from: 'deliver', to: 'report' } as const;
  const says = [handoffOffered, handoffRejected, handoffOffered, handoffAccepted][turn % 4] ?? handoffAccepted;
  return [says(at, of)];
};

/** A deal that is lost and opened again, while work goes on. */
const lostAndReopened: Turn = (at, turn) => {
  if (turn % 10 === 8) return [lost(at)];
  if (turn % 10 === 9) return [reopened(at)];
  return [work(at, turn)];
};

/** Subscriptions that end, each followed by another. */
const endedAndStarted: Turn = (at, turn) => {
  const subscription = `sub-${Math.floor(turn / 10)}`;
  if (turn % 10 === 0) return [subscribed(at, { ...year(at), subscription })];
  if (turn % 10 === 1) return [deliveryStarted(at)];
  if (turn % 10 === 9) return [ended(at, { subscriptionId: subscription })];
  return [work(at, turn)];
};

const renewing: Turn = (at, turn) => {
  if (turn % 5 === 0) return [renewed(at, year(at))];
  if (turn % 5 === 1) return [renewalProposed(at)];
  if (turn % 5 === 2) return [reported(at, 'business_impact')];
  return [work(at, turn)];
};

const takenBack: Turn = (at, turn) => {
  const said = turn % 4 === 0 ? won(at) : work(at, turn);
  return turn % 2 === 0 ? [said, retracted(addDays(at, 0.01), said)] : [said];
};

const underPolicies: Turn = (at, turn) => {
  if (turn % 50 !== 0) return [turn % 3 === 0 ? routeAgreed(at) : work(at, turn)];
  const thresholds = { 'P4.1': { days: 20 + (turn % 7) }, 'P3.3': { days: 2 + (turn % 3) } };
  return [policyPublished({ thresholds }, { from: at.slice(0, 10), version: turn / 50 + 1 })];
};

const shapes = {
  quiet: (at, turn) => [work(at, turn)],
  'many handoffs': handedOver,
  'many renewals': renewing,
  'lost and reopened': lostAndReopened,
  'ended and started again': endedAndStarted,
  'many policies': underPolicies,
  'many retractions': takenBack,
} as const satisfies Record<string, Turn>;

export type Shape = keyof typeof shapes;
export const shapeNames: readonly Shape[] = [
  'quiet',
  'many handoffs',
  'many renewals',
  'lost and reopened',
  'ended and started again',
  'many policies',
  'many retractions',
];

/** A life of a shape: so many events in its streams, in the order of arrival. It begins as all do, with a sale and its delivery. */
export const lifeOf = (shape: Shape, count: number): readonly RecordedEvent[] => {
  const at = (day: number): Instant => addDays(start, day);
  const ends = shape === 'lost and reopened' || shape === 'ended and started again';
  const begins: readonly RecordedEvent[] = [
    ...[opened(at(0)), won(at(5)), deliveryStarted(at(7), 'template:1'), goLive(at(20))],
    // While a subscription lives, nothing ends the engagement.
    ...(ends ? [] : [subscribed(at(6), year(at(6)))]),
  ];
  const events: RecordedEvent[] = [...begins];
  const step = (days - 30) / (count - begins.length);
  for (let turn = 0; events.length < count; turn += 1)
    events.push(...shapes[shape](at(30 + events.length * step), turn).slice(0, count - events.length));
  return stream(events);
};
