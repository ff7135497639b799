// Which policy is in force? The published one of the greatest version whose time has come; without one, the defaults as version 0.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Stage } from '../../events/stage.ts';

/** A handoff that every engagement needs: offered by any of `fromStages` within so many business days of its arming. */
export interface RequiredHandoff {
  readonly fromStages: readonly Stage[];
  readonly toStage: Stage;
  readonly withinBusinessDays: number;
}

export interface Policy {
  readonly version: number;
  /** By rule id, what the policy says of its thresholds; the rule's own schema holds the defaults. */
  readonly thresholds: RecordedOf<'PolicyPublished'>['data']['thresholds'];
  readonly handoffs: readonly RequiredHandoff[];
  /** Holidays (`YYYY-MM-DD`) by calendar id. */
  readonly calendars: Readonly<Record<string, { readonly holidays: readonly string[] }>>;
}

/**
 * A renewal is near in the last so many days of a term: Renew opens, and what is open grows worse. A shorter term renews in
 * passing: it opens no Renew and counts no cycle (design, part 4).
 */
export const renewalDays = 90;

/** The handoffs required by default (design, part 4), due within one working week. */
const defaultHandoffs: readonly RequiredHandoff[] = [
  { fromStages: ['sell', 'procure'], toStage: 'deliver', withinBusinessDays: 5 },
  { fromStages: ['deliver'], toStage: 'report', withinBusinessDays: 5 },
  { fromStages: ['report'], toStage: 'renew', withinBusinessDays: 5 },
];

export const defaultPolicy: Policy = { version: 0, thresholds: {}, handoffs: defaultHandoffs, calendars: {} };

const published = (events: readonly RecordedEvent[]): readonly RecordedOf<'PolicyPublished'>[] =>
  events.filter((event) => event.type === 'PolicyPublished');

/** The policy in force at an instant, of a policy stream's standing events. */
export const policyAt = (events: readonly RecordedEvent[], at: Instant): Policy => {
  const inForce = published(events)
    .filter((event) => event.data.effectiveFrom <= at)
    .sort((a, b) => a.data.policyVersion - b.data.policyVersion)
    .at(-1);
  if (inForce === undefined) return defaultPolicy;
  const { policyVersion, thresholds, handoffs, calendars } = inForce.data;
  return {
    version: policyVersion,
    thresholds,
    handoffs:
      handoffs?.map((pair) => ({ ...pair, withinBusinessDays: pair.withinBusinessDays ?? 5 })) ?? defaultHandoffs,
    calendars: calendars ?? {},
  };
};

/** When published policies come into force, whether past or to come. */
export const policyTurns = (events: readonly RecordedEvent[]): readonly Instant[] =>
  published(events).map((event) => event.data.effectiveFrom);
