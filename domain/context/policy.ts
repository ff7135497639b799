// Which policy is in force at an instant, and which ones were before?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Money } from '../../events/money.ts';
import type { Stage } from '../../events/stage.ts';

/**
 * A handoff that every engagement needs: one of `fromStages` must offer it within so many business days after it is
 * armed.
 */
export interface RequiredHandoff {
  readonly fromStages: readonly Stage[];
  readonly toStage: Stage;
  readonly withinBusinessDays: number;
}

export interface Policy {
  readonly version: number;
  /** The thresholds that the policy sets, by rule id. The rule's own schema holds the defaults. */
  readonly thresholds: RecordedOf<'PolicyPublished'>['data']['thresholds'];
  readonly handoffs: readonly RequiredHandoff[];
  /** Below these amounts, one a currency, a deal on the direct route needs no handoffs. */
  readonly smallDeals: readonly Money[];
  /** What an hour of a partner's work costs, one amount a currency. */
  readonly labourRates: readonly Money[];
  /** Days after a flag is raised until which a partner's word may still unmake it. */
  readonly lateClaimAfter: number;
  /** By segment of customers, the months (1 to 12) in which little use is no sign of anything. */
  readonly quietMonths: Readonly<Record<string, readonly number[]>>;
  /** The days within which a report of value is due, by tier. */
  readonly reportingDays: Readonly<Record<string, number>>;
  /** By event type, or `everyType`, since when events of it are recorded here; `never`: nobody records them. */
  readonly observedFrom: Readonly<Record<string, Instant | 'never'>>;
  /** Holidays (`YYYY-MM-DD`) by calendar id. */
  readonly calendars: Readonly<Record<string, { readonly holidays: readonly string[] }>>;
}

/**
 * The days before a term's end in which its renewal is near: Renew opens, and open flags become more severe. A term
 * that is shorter opens no Renew and counts no cycle.
 */
export const renewalDays = 90;

/** Stands in `observedFrom` for each type that has no entry of its own. */
export const everyType = '*';

/** The handoffs that are required by default, due within one working week. */
const defaultHandoffs: readonly RequiredHandoff[] = [
  { fromStages: ['sell', 'procure'], toStage: 'deliver', withinBusinessDays: 5 },
  { fromStages: ['deliver'], toStage: 'report', withinBusinessDays: 5 },
  { fromStages: ['report'], toStage: 'renew', withinBusinessDays: 5 },
];

export const defaultPolicy: Policy = {
  version: 0,
  thresholds: {},
  handoffs: defaultHandoffs,
  smallDeals: [],
  labourRates: [],
  lateClaimAfter: 0,
  quietMonths: {},
  reportingDays: {},
  observedFrom: {},
  calendars: {},
};

type Published = RecordedOf<'PolicyPublished'>;

const published = (events: readonly RecordedEvent[]): readonly Published[] =>
  events.filter((event) => event.type === 'PolicyPublished');

const policyOf = ({ data }: Published): Policy => {
  const { policyVersion, thresholds, handoffs, smallDeals, labourRates } = data;
  const { lateClaimAfter, quietMonths, reportingDays, observedFrom, calendars } = data;
  return {
    version: policyVersion,
    thresholds,
    handoffs:
      handoffs?.map((pair) => ({ ...pair, withinBusinessDays: pair.withinBusinessDays ?? 5 })) ?? defaultHandoffs,
    smallDeals: smallDeals ?? [],
    labourRates: labourRates ?? [],
    lateClaimAfter: lateClaimAfter ?? 0,
    quietMonths: quietMonths ?? {},
    reportingDays: reportingDays ?? {},
    observedFrom: observedFrom ?? {},
    calendars: calendars ?? {},
  };
};

/** A policy, and since when it is in force; undefined: since ever. It holds until the next one does. */
export interface PolicyInForce {
  readonly policy: Policy;
  readonly from: Instant | undefined;
}

/**
 * The policies by the time at which they come into force, up to an instant, from the standing events of a policy stream. The
 * defaults hold first, as version 0. Of several in force, the one with the greatest version holds, so that a lower version
 * that comes into force later never does. When a policy was published does not count: one that is dated back holds from its date.
 */
export const policiesUntil = (events: readonly RecordedEvent[], until: Instant): readonly PolicyInForce[] => {
  const byDate = published(events)
    .filter(({ data }) => data.effectiveFrom <= until)
    .map((event, place) => ({ event, place, from: event.data.effectiveFrom }))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.place - b.place));
  const inForce: PolicyInForce[] = [{ policy: defaultPolicy, from: undefined }];
  let holds: (typeof byDate)[number] | undefined;
  for (const next of byDate) {
    const version = next.event.data.policyVersion;
    const held = holds?.event.data.policyVersion ?? defaultPolicy.version;
    if (version < held || (version === held && holds !== undefined && next.place < holds.place)) continue;
    holds = next;
    if (inForce.at(-1)?.from === next.from) inForce.pop();
    inForce.push({ policy: policyOf(next.event), from: next.from });
  }
  return inForce;
};

/**
 * The policy in force at an instant, from the standing events of a policy stream: the greatest version that is in force
 * by then. Without one, the defaults hold as version 0.
 */
export const policyAt = (events: readonly RecordedEvent[], at: Instant): Policy =>
  policiesUntil(events, at).at(-1)?.policy ?? defaultPolicy;

/** The instants, past and future, at which published policies come into force. */
export const policyTurns = (events: readonly RecordedEvent[]): readonly Instant[] =>
  published(events).map((event) => event.data.effectiveFrom);
