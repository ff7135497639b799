// Which value does a customer of several engagements get, and what decides that?
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { recorded, tenantId } from '../../support/histories/events.ts';
import { monthsAt } from '../../support/rolledUp.ts';
import { org, partyId } from '../../support/tabled.ts';

const inEngagement = (id: string, ...events: readonly RecordedEvent[]): readonly RecordedEvent[] => [
  ...[recorded('EngagementOpened', { customer: org('c') }, { at: '2026-01-05' }), ...events].map((event) => ({
    ...event,
    streamId: streamIdOf(tenantId, 'engagement', id),
  })),
];
const won = () => recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
const agreed = () => recorded('OutcomeAgreed', { outcomeId: 'o', baseline: 1, target: 2 }, { at: '2026-01-10' });
const met = () => recorded('OutcomeMeasured', { outcomeId: 'o', value: 2 }, { at: '2026-03-20' });
const live = () => recorded('MilestoneReached', { milestone: 'go_live' }, { at: '2026-03-01' });
const impact = () => recorded('ValueReported', { reportId: 'r', sections: ['business_impact'] }, { at: '2026-03-25' });

const none = (id: string) => inEngagement(id, won());
const full = (id: string) => inEngagement(id, agreed(), won(), live(), met(), impact());
const unsold = (id: string) => inEngagement(id, agreed());
const over = (id: string) => inEngagement(id, won(), recorded('EngagementWithdrawn', {}, { at: '2026-03-01' }));

const valueIn = (...engagements: readonly (readonly RecordedEvent[])[]) =>
  monthsAt('customer_values', '2026-04-01', engagements.flat()).get(partyId('c'));

test.each([
  ['uncertain', [none('e1'), none('e2')]],
  ['continuous', [full('e1'), full('e2'), unsold('e3'), over('e4')]],
  ['improving', [full('e1'), none('e2')]],
] as const)('is %s where the evidence of its engagements is none, full, or partial', (valueState, engagements) => {
  expect(valueIn(...engagements)).toMatchObject({ valueState, valueReason: null, engagements: engagements.length });
});

test('is unknown, with the reason, where nothing was bought or all has ended', () => {
  expect(valueIn(unsold('e1'), over('e2'))).toMatchObject({ valueState: null, valueReason: 'nothingBought', known: 0 });
  expect(valueIn(over('e1'))).toMatchObject({ valueState: null, valueReason: 'ended', evidence: [] });
});

test('shows what decides it, engagement by engagement', () => {
  const first = none('e1');
  const row = valueIn(first, full('e2'));
  expect(row).toMatchObject({ customer: 'crm/account/c', known: 2, leadPartnerId: null });
  const evidence = Array.isArray(row?.evidence) ? row.evidence : [];
  expect(evidence[0]).toMatchObject({ engagementId: 'e1', state: 'uncertain', eventId: first[1]?.eventId });
  expect(evidence.slice(1)).toMatchObject([
    { engagementId: 'e2', state: 'continuous', type: 'OutcomeMeasured' },
    { engagementId: 'e2', state: 'continuous', type: 'ValueReported' },
  ]);
});
