// Is what nobody can judge counted by rule and reason, over all engagements of a tenant that last?
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { contextOf } from '../../support/contexts.ts';
import {
  handoffOffered,
  opened,
  outcomeAgreed,
  subscribed,
  withdrawn,
  won,
} from '../../support/histories/engagementFacts.ts';
import { instant, tenantId } from '../../support/histories/events.ts';
import { observing } from '../../support/histories/observing.ts';
import { monthsAt } from '../../support/rolledUp.ts';

/** A deal of the past, of which all is imported on one day. */
const imported = (id: string, ...events: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  events.map((event) => ({
    ...event,
    ...{ streamId: streamIdOf(tenantId, 'engagement', id), recordedAt: instant('2026-06-01') },
  }));

const sale = [opened('2025-11-24'), won('2026-01-05')];
const channel = [
  ...imported('e1', ...sale, subscribed('2026-01-06')),
  ...imported(
    'e2',
    ...sale,
    subscribed('2026-01-06', { subscription: 'a' }),
    subscribed('2026-01-06', { subscription: 'b' }),
  ),
  ...imported('e3', ...sale, outcomeAgreed('2026-01-01'), handoffOffered('2026-01-06')),
  ...imported('e4', ...sale, withdrawn('2026-02-01')),
];

const countsAt = (now: string, ...rest: Parameters<typeof contextOf>) =>
  Object.fromEntries(
    [...monthsAt('suspended_rules', now, channel, contextOf(...rest))].map(([key, { engagements, verdicts }]) => [
      key,
      { engagements, verdicts },
    ]),
  );

test('each rule is counted by reason: engagements, and what is suspended in them', () => {
  const counts = countsAt('2026-12-01');
  expect(counts).toMatchObject({
    'P1.1#notObserved': { engagements: 2, verdicts: 2 },
    'P1.3#notMeasured': { engagements: 2, verdicts: 3 },
    'P3.2#notObserved': { engagements: 2, verdicts: 2 },
  });
  expect(counts).not.toHaveProperty('P1.3#notObserved');
});

test('a policy that observes history leaves nothing of it suspended', () => {
  const counts = countsAt('2026-12-01', { policy: observing });
  expect(Object.keys(counts).filter((key) => key.endsWith('notObserved'))).toEqual([]);
});

test('a row says its rule in words, and belongs to no partner', () => {
  expect(monthsAt('suspended_rules', '2026-12-01', channel).get('P3.2#notObserved')).toEqual({
    ...{ lastEventId: null, policyVersion: null, leadPartnerId: null },
    ...{ rule: 'P3.2', pattern: 'unclearHandoffs', title: 'Handoff not offered', suspended: 'notObserved' },
    ...{ engagements: 2, verdicts: 2 },
  });
});
