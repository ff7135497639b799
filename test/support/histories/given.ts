// How does a test speak of the domain? Given events, at an instant: the verdicts; given events, when a fact comes: the decision.
import { expect } from 'vitest';
import type { Context } from '../../../domain/context/context.ts';
import { foldOffer, standingOffer } from '../../../domain/context/offer.ts';
import { outagesOf } from '../../../domain/context/outages.ts';
import { foldParty } from '../../../domain/context/party.ts';
import { defaultPolicy, policiesUntil, policyTurns } from '../../../domain/context/policy.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { historyOf, standing } from '../../../domain/history.ts';
import type { RuledVerdict } from '../../../domain/patterns/evaluate.ts';
import { heardFromOf } from '../../../domain/patterns/observed.ts';
import type { View } from '../../../domain/patterns/pattern.ts';
import { engagementViewOf } from '../../../domain/rows/engagementRows.ts';
import { nextDueAt } from '../../../domain/rows/nextDueAt.ts';
import { rowContextAt } from '../../../domain/rows/rowContext.ts';
import { type Decision, decide } from '../../../domain/stages/decider.ts';
import type { Fact, RecordedEvent } from '../../../events/catalog.ts';
import { parseStreamId, type StreamKind } from '../../../events/identifiers.ts';
import type { Instant } from '../../../events/instant.ts';
import { instant, stream, tenantId } from './events.ts';

export type Raised = Extract<RuledVerdict, { readonly state: 'raised' }>;

/** A decision held against what the test expects of it. */
export interface Decided {
  readonly decision: Decision;
  readonly isAccepted: () => void;
  readonly isUnchanged: () => void;
  readonly isRefused: (reason: string) => void;
}

/** Events that have been recorded, of one engagement (or other stream) and of what surrounds it. */
export interface Given {
  readonly events: readonly RecordedEvent[];
  and(...further: readonly RecordedEvent[]): Given;
  /** What the rules look at. Instants may be as short as `2026-03-01`. */
  viewAt(now: string): View;
  /** The verdicts, of one rule where one is named. */
  verdictsAt(now: string, rule?: string): readonly RuledVerdict[];
  /** The flags of a rule, open or cleared. */
  flagsAt(now: string, rule: string): readonly Raised[];
  /** The one flag of a rule; fails where there is none or several. */
  flagAt(now: string, rule: string): Raised;
  nextDueAt(now: string): Instant | undefined;
  /** Decides a fact against the events of its own stream. */
  when(fact: Fact): Decided;
}

const ofKind = (events: readonly RecordedEvent[], kind: StreamKind): ReadonlyMap<string, readonly RecordedEvent[]> => {
  const byId = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const parsed = parseStreamId(event.streamId);
    if (parsed.kind !== kind) continue;
    byId.set(parsed.id, [...(byId.get(parsed.id) ?? []), event]);
  }
  return byId;
};

const contextAt = (events: readonly RecordedEvent[], now: Instant): Context => {
  const until = (found: readonly RecordedEvent[]) => standing({ events: found }, { occurredUntil: now });
  const policies = standing({ events: [...ofKind(events, 'policy').values()].flat() });
  const inForce = policiesUntil(policies, now);
  // Outages name their own turns.
  const around = events.filter((event) => !['engagement', 'source'].includes(parseStreamId(event.streamId).kind));
  return {
    tenantId,
    policy: inForce.at(-1)?.policy ?? defaultPolicy,
    policies: inForce,
    offers: new Map(
      [...ofKind(events, 'offer')].flatMap(([id, found]) => {
        const offer = foldOffer(standingOffer(found, { occurredUntil: now }));
        return offer === undefined ? [] : [[id, offer] as const];
      }),
    ),
    parties: new Map([...ofKind(events, 'party')].map(([id, found]) => [id, foldParty(until(found))])),
    links: new Map(),
    outages: [...ofKind(events, 'source').values()].flatMap((found) => outagesOf(standing({ events: found }))),
    turns: [...policyTurns(policies), ...around.map((event) => event.occurredAt)].filter((turn) => turn > now),
  };
};

const engagementEvents = (events: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  [...ofKind(events, 'engagement').values()][0] ?? [];

const viewOf = (events: readonly RecordedEvent[], now: Instant): View => ({
  engagement: foldEngagement(standing({ events: engagementEvents(events) }, { occurredUntil: now }), now),
  context: contextAt(events, now),
  now,
  heardFrom: heardFromOf(engagementEvents(events)),
});

const judgedAt = (all: readonly RecordedEvent[], now: Instant): readonly RuledVerdict[] => {
  const events = engagementEvents(all);
  return events.length === 0 ? [] : engagementViewOf({ events, context: contextAt(all, now), now }).rowContext.verdicts;
};

const decided = (decision: Decision): Decided => ({
  decision,
  isAccepted: () => expect(decision).toMatchObject({ outcome: 'accepted' }),
  isUnchanged: () => expect(decision).toMatchObject({ outcome: 'unchanged' }),
  isRefused: (reason) => expect(decision).toMatchObject({ outcome: 'refused', reason }),
});

/** Given events as their streams hold them, in the order of arrival. */
export const given = (...arrived: readonly RecordedEvent[]): Given => {
  const events = stream(arrived);
  const verdictsAt = (now: string, rule?: string): readonly RuledVerdict[] =>
    judgedAt(events, instant(now)).filter((verdict) => rule === undefined || verdict.rule === rule);
  const flagsAt = (now: string, rule: string): readonly Raised[] =>
    verdictsAt(now, rule).filter((verdict) => verdict.state === 'raised');
  return {
    events,
    and: (...further) => given(...arrived, ...further),
    viewAt: (now) => viewOf(events, instant(now)),
    verdictsAt,
    flagsAt,
    flagAt: (now, rule) => {
      const [flag, ...others] = flagsAt(now, rule);
      if (flag === undefined)
        throw new Error(`${rule} is not raised at ${now}: ${JSON.stringify(verdictsAt(now, rule))}`);
      expect(others, `flags of ${rule} beside the first`).toEqual([]);
      return flag;
    },
    nextDueAt: (now) =>
      nextDueAt(rowContextAt(viewOf(events, instant(now))), standing({ events: engagementEvents(events) })),
    when: (fact) => decided(decide(historyOf(events.filter((event) => event.streamId === fact.streamId)), fact)),
  };
};
