// Which engagements might there be? Random histories of plausible facts for property tests, anchored to one subscription.
import fc from 'fast-check';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { derivedPartyOf, parseStreamId } from '../../../events/identifiers.ts';
import { instantOf } from '../../../events/instant.ts';
import { offerPublished, partner, policyPublished, retracted, subscribed } from './engagementFacts.ts';
import { type Said, tenantId } from './events.ts';
import { recovered, wentQuiet } from './outageFacts.ts';

import { around, lifetime, type Make, plain, term, turns } from './plausibleFacts.ts';

const first = Date.UTC(2025, 0, 1);
const hour = 3_600_000;
const lastHour = 24 * 800;

/** Instants on a grid of hours, now and then minutes beside it, so that limits and ties are met. */
export const anInstant: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.nat(lastHour),
      fc.nat(lastHour / 24 / 5).map((fiveDays) => fiveDays * 24 * 5),
    ),
    fc.constantFrom(0, 0, 0, 4 * 60_000, 5 * 60_000, 5 * 60_000 + 1, -3 * 60_000),
  )
  .map(([hours, beside]) => instantOf(first + hours * hour + beside));

/** What a policy may say of when events are recorded. */
const anObservation: fc.Arbitrary<Observed> = fc.oneof(
  fc.constant(undefined),
  fc.constant({ '*': '2024-01-01T00:00:00.000Z' }),
  fc.dictionary(
    fc.constantFrom('*', 'HandoffOffered', 'ValueReported', 'OutcomeAgreed', 'UsageMeasured', 'SubscriptionRenewed'),
    fc.oneof(anInstant, fc.constant('never' as const)),
    { maxKeys: 3 },
  ),
);

/** Policies, of which each may be milder or stricter than the one before, and observe more or less. */
const somePolicies: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .array(
    fc.record({
      at: anInstant,
      days: fc.constantFrom(10, 40, 200),
      share: fc.constantFrom(0.05, 0.2, 0.4),
      offered: fc.constantFrom(1, 10),
      observedFrom: anObservation,
    }),
    { maxLength: 3 },
  )
  .map((made) =>
    made.map(({ at, days, share, offered, observedFrom }, index) =>
      policyPublished(
        {
          thresholds: {
            ...{ 'P1.3': { days }, 'P4.1': { days }, 'P5.5': { direct: days, two_tier: days } },
            'P2.2': { medium: share, clear: share / 2, minimumMinutes: 100 },
          },
          handoffs: [{ fromStages: ['sell'], toStage: 'deliver', withinBusinessDays: offered }],
          observedFrom,
        },
        // Version 1 is left to a policy that fixes when everything is observed.
        { from: at.slice(0, 10), version: index + 2 },
      ),
    ),
  );

type Observed = Said<'PolicyPublished'>['observedFrom'];

/**
 * The history under policies that fix since when each type is observed, so that the arrival of the first event decides nothing: each policy
 * that says nothing of it observes everything since ever.
 */
export const observedByPolicy = (events: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  const all = { '*': '2024-01-01T00:00:00.000Z' };
  return [
    policyPublished({ observedFrom: all }, { from: '2024-01-01' }),
    ...events.map((event) =>
      event.type === 'PolicyPublished'
        ? { ...event, data: { ...event.data, observedFrom: { ...all, ...event.data.observedFrom } } }
        : event,
    ),
  ];
};

/** Silences of two connections, one of which speaks for a partner alone; some last, some overlap. */
const someOutages: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .array(
    fc.record({
      at: anInstant,
      connectionId: fc.constantFrom('c-1', 'c-2'),
      hours: fc.constantFrom(undefined, 0, 30, 24 * 9),
      types: fc.constantFrom(undefined, ['UsageMeasured', 'HandoffAccepted'], ['ValueReported', 'OrderFulfilled']),
    }),
    { maxLength: 3 },
  )
  .map((made) =>
    made.flatMap(({ at, connectionId, hours, types }) => {
      const knownAt = instantOf(Date.parse(at) + 24 * hour);
      const owner = connectionId === 'c-2' ? { partner: parseStreamId(derivedPartyOf(tenantId, partner)).id } : {};
      return [
        wentQuiet(at, knownAt, { connectionId, ...(types !== undefined && { types: [...types] }), ...owner }),
        ...(hours === undefined ? [] : [recovered(instantOf(Date.parse(knownAt) + hours * hour), connectionId)]),
      ];
    }),
  );

const of = (makes: readonly Make[], max: number): fc.Arbitrary<readonly RecordedEvent[]> =>
  fc
    .array(fc.tuple(fc.constantFrom(...makes), anInstant), { maxLength: max })
    .map((made) => made.map(([make, at]) => make(at)));

const together = (
  ...parts: readonly fc.Arbitrary<readonly RecordedEvent[]>[]
): fc.Arbitrary<readonly RecordedEvent[]> => fc.tuple(...parts).map((lists) => lists.flat());

/** The history, in which up to two facts are retracted at some time, even before they occur. */
const partlyRetracted = (events: readonly RecordedEvent[]): fc.Arbitrary<readonly RecordedEvent[]> =>
  events.length === 0
    ? fc.constant(events)
    : fc
        .array(fc.tuple(anInstant, fc.constantFrom(...events)), { maxLength: 2 })
        .map((taken) => [
          ...events,
          ...taken.map(([at, event]) => ({ ...retracted(at, event), streamId: event.streamId })),
        ]);

/** Any history, with offers, policies and outages around it. */
export const aHistory = together(
  ...[of(plain, 24), of(lifetime, 5), of(turns, 5), of(around, 3)],
  fc.oneof(fc.constant([]), somePolicies),
  fc.oneof(fc.constant([]), someOutages),
).chain(partlyRetracted);

/** A history in one cycle that never ends: what was raised in it stays raised, or clears, also when policies change. */
export const anUnbrokenHistory = together(
  of(plain, 24),
  anInstant.map((at) => [subscribed(at, term(at))]),
  fc.constant([offerPublished('2024-06-01', { routes: ['direct', 'marketplace'], capabilities: ['backup'] })]),
  somePolicies,
);
