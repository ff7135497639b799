// Which lives are long enough to break every rule? Random ones along the lifecycle, whose steps come early, late, at a limit or never.
import type fc from 'fast-check';
import type { RecordedEvent } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { usedIn } from '../support/histories/adoptionFacts.ts';
import {
  blocked,
  fulfilled,
  goLive,
  lost,
  offerPublished,
  opened,
  placed,
  subscriptionId,
  unblocked,
  won,
} from '../support/histories/engagementFacts.ts';
import { recorded } from '../support/histories/events.ts';
import { correctionsOf } from './corrections.ts';
import { policyFacts, segment } from './randomPolicies.ts';
import { type Spine, spine } from './spine.ts';
import { agreements, type Make, orders, proposals, strays } from './strays.ts';

const beginning = '2025-01-01T09:00:00.000Z';

const subscriptionFacts = (life: Spine, won: Instant): readonly RecordedEvent[] => {
  const { subscription, addOn, renewals, end } = life;
  if (subscription === undefined) return [];
  const at = addDays(won, subscription.after);
  const { kind, quantity, autoRenew, term } = subscription;
  const termEnd = term === undefined ? undefined : addDays(at, term);
  const facts: RecordedEvent[] = [
    recorded('SubscriptionStarted', { subscriptionId, kind, quantity, autoRenew, termStart: at, termEnd }, { at }),
  ];
  let open = termEnd;
  let last = at;
  for (const renewal of renewals) {
    if (open === undefined) break;
    const when = addDays(open, -renewal.before);
    if (when <= last) break;
    const next = addDays(open, renewal.term);
    facts.push(
      recorded(
        'SubscriptionRenewed',
        { subscriptionId, termStart: open, termEnd: next, quantity: renewal.quantity },
        { at: when },
      ),
    );
    open = next;
    last = when;
  }
  if (addOn !== undefined) {
    const begins = addDays(at, addOn.after);
    const ends = addOn.term === undefined ? {} : { termEnd: addDays(begins, addOn.term) };
    facts.push(
      recorded(
        'SubscriptionStarted',
        {
          subscriptionId: 'sub_2',
          kind: 'add_on_service',
          baseSubscriptionId: subscriptionId,
          termStart: begins,
          ...ends,
        },
        { at: begins },
      ),
    );
  }
  if (end !== undefined) {
    const ends = addDays(at, end.after);
    const { reason } = end;
    if (ends > last)
      facts.push(
        recorded(
          'SubscriptionEnded',
          { subscriptionId, reason, ...(end.notice === 0 ? {} : { effectiveAt: addDays(ends, end.notice) }) },
          { at: ends },
        ),
      );
  }
  return facts;
};

const usageFacts = ({ usage }: Spine, from: Instant): readonly RecordedEvent[] => {
  if (usage === undefined) return [];
  return usage.shares.flatMap((share, index) => {
    const month = addDays(`${from.slice(0, 7)}-15T00:00:00.000Z`, (usage.from + index) * 30.4375).slice(0, 7);
    return share === undefined ? [] : [usedIn(month, share)];
  });
};

const reportFacts = ({ reports }: Spine, from: Instant): readonly RecordedEvent[] => {
  if (reports === undefined) return [];
  const { after, interval, sections, read } = reports;
  return sections.flatMap((covered, index): readonly RecordedEvent[] => {
    const at = addDays(from, after + index * interval);
    const reportId = `report ${index}`;
    const days = read[index];
    const report = recorded('ValueReported', { reportId, sections: [...covered] }, { at });
    return days === undefined
      ? [report]
      : [report, recorded('ReportAcknowledged', { reportId }, { at: addDays(at, days) })];
  });
};

const outcomeFacts = ({ outcome }: Spine, close: Instant): readonly RecordedEvent[] => {
  if (outcome === undefined) return [];
  const at = addDays(close, -outcome.before);
  const due = addDays(at, outcome.due);
  const said = { outcomeId: 'main', baseline: 1, target: 4, due: due.slice(0, 10) };
  return [
    recorded('OutcomeAgreed', said, { at }),
    ...outcome.measured.map(({ late, value }) =>
      recorded('OutcomeMeasured', { outcomeId: 'main', value }, { at: addDays(due, late) }),
    ),
  ];
};

const procureFacts = ({ routes, proposal, order }: Spine, close: Instant): readonly RecordedEvent[] => [
  ...routes.flatMap(({ before, said, beside: past }) => {
    const data = agreements[said];
    const at = addMilliseconds(addDays(close, -before), past);
    return data === undefined ? [] : [recorded('RouteAgreed', data, { at })];
  }),
  ...[proposal].flatMap((made) => {
    const data = made === undefined ? undefined : proposals[made.said];
    if (made === undefined || data === undefined) return [];
    const at = addDays(close, -made.before);
    const expiresAt = made.said === 0 ? { expiresAt: addDays(at, made.lasts).slice(0, 10) } : {};
    return [recorded('SolutionProposed', { ...data, ...expiresAt }, { at })];
  }),
  ...[order].flatMap((placedOrder): readonly RecordedEvent[] => {
    const data = placedOrder === undefined ? undefined : orders[placedOrder.said];
    if (placedOrder === undefined || data === undefined) return [];
    const at = addDays(close, placedOrder.after);
    const { blocked: reason, goesOn, fulfilled: done } = placedOrder;
    return [
      placed(at, data),
      ...(reason === undefined ? [] : [blocked(addDays(at, 1), reason), unblocked(addDays(at, 1 + goesOn))]),
      ...(done === undefined ? [] : [fulfilled(addDays(at, done))]),
    ];
  }),
];

const deliveryFacts = ({ delivery }: Spine, close: Instant): readonly RecordedEvent[] => {
  if (delivery === undefined) return [];
  const at = addDays(close, delivery.after);
  const { planned: plannedMinutes, templateRef, work, custom } = delivery;
  return [
    recorded('DeliveryStarted', { plannedMinutes, templateRef }, { at }),
    ...work.map(({ after, minutes }, index) =>
      recorded('WorkLogged', { workId: `w${index}`, category: 'implementation', minutes }, { at: addDays(at, after) }),
    ),
    ...custom.map(({ after, minutes }) =>
      recorded('DeviationRecorded', { kind: 'customisation', minutes }, { at: addDays(at, after) }),
    ),
  ];
};

const factsOf = (life: Spine): readonly RecordedEvent[] => {
  const close = addDays(beginning, life.toClose);
  const facts: RecordedEvent[] = [opened(beginning, { segment })];
  const offer = offerPublished('2024-06-01', {
    routes: ['direct', 'marketplace'],
    marketplaces: ['aws'],
    capabilities: ['backup'],
  });
  if (life.close === 'won') {
    facts.push(won(close), ...subscriptionFacts(life, close), ...usageFacts(life, close));
    facts.push(...reportFacts(life, close), ...outcomeFacts(life, close), ...deliveryFacts(life, close));
    facts.push(...procureFacts(life, close));
    if (life.goLive !== undefined) facts.push(goLive(addDays(close, life.goLive)));
  } else if (life.close !== 'never')
    facts.push(lost(close, life.close === 'procurement' ? { reason: 'procurement' } : {}));
  const points = facts.map(({ occurredAt }) => occurredAt).toSorted();
  const stray = life.strays.flatMap(({ make, point, days, beside: past }) => {
    const at = addMilliseconds(addDays(points[point % points.length] ?? beginning, days), past);
    const made: Make | undefined = strays[make];
    return made === undefined ? [] : [made(at)];
  });
  const said = [offer, ...policyFacts(life.policies, beginning), ...facts, ...stray];
  const all = [...said, ...correctionsOf(said, life.corrections)].toSorted((a, b) =>
    a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0,
  );
  return [...new Map(all.map((event) => [event.eventId, event])).values()];
};

export interface RandomLife {
  readonly events: readonly RecordedEvent[];
  readonly now: Instant;
}

/** A life, and an instant at which to look at it. */
export const aLife: fc.Arbitrary<RandomLife> = spine.map((life) => ({
  events: factsOf(life),
  now: addDays(beginning, life.now),
}));
