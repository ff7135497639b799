// Are the healthy elements of a partner sums over its engagements, with how many could be judged, and with no flag averaged away?
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { recorded } from '../../support/histories/events.ts';
import { monthsAt } from '../../support/rolledUp.ts';
import { org, partyId } from '../../support/tabled.ts';

const inEngagement = (id: string, ...events: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  events.map((event) => ({ ...event, streamId: streamIdOf(tenantOf(event), 'engagement', id) }));
const tenantOf = ({ streamId }: RecordedEvent): string => streamId.split('/')[0] ?? '';

const opened = (partner?: string) =>
  recorded('EngagementOpened', partner === undefined ? {} : { leadPartner: org(partner) }, { at: '2026-01-05' });
const won = () => recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
const agreed = () => recorded('OutcomeAgreed', { outcomeId: 'o', baseline: 1, target: 2 }, { at: '2026-01-10' });
const met = () => recorded('OutcomeMeasured', { outcomeId: 'o', value: 2 }, { at: '2026-02-20' });

const channel = [
  ...inEngagement('e1', opened('p'), agreed(), won(), met()),
  ...inEngagement('e2', opened('p'), won()),
  ...inEngagement('e3', opened('q'), won()),
  ...inEngagement('e4', opened(), won()),
];
const healthAt = (now: string, events: readonly RecordedEvent[] = channel) => monthsAt('partner_health', now, events);
const of = (partner: string, now = '2026-03-01', events = channel) => healthAt(now, events).get(partyId(partner));

test('each partner has its own row, and what nobody leads has none', () => {
  expect([...healthAt('2026-03-01').keys()].sort()).toEqual([partyId('p'), partyId('q')].sort());
  expect(of('p')).toMatchObject({ engagements: 2, partner: 'crm/account/p', leadPartnerId: partyId('p') });
});

test('a score is made of what all engagements count together, and says how many could be judged', () => {
  const row = of('p');
  expect(row?.parts).toContainEqual({ part: 'winsWithOutcome', sum: 1, of: 2, value: 0.5 });
  expect(row?.parts).toContainEqual({ part: 'outcomesWithTarget', sum: 1, of: 1, value: 1 });
  // Half of the wins have an outcome, and every outcome has a target.
  expect(row).toMatchObject({ h2: 75, h4: null, judged: 0 });
  expect(row?.elements).toContainEqual({ element: 'h2', judged: 1, lowest: 100, lowestOf: 'e1' });
  expect(row?.elements).toContainEqual({ element: 'h4', judged: 0, lowest: null, lowestOf: null });
});

test('open flags stand beside the scores by severity, with the worst of them', () => {
  const row = of('p');
  // P1.1 of the win without an outcome, and P3.2 of both: no handoff was offered.
  const flags = Array.isArray(row?.flags) ? row.flags : [];
  expect(flags).toContainEqual({ severity: 'critical', open: 0, engagements: 0 });
  expect(row).toMatchObject({ worstSeverity: 'medium' });
  const counted = monthsAt('flags', '2026-03-01', channel);
  const open = [...counted.values()].filter(
    ({ leadPartnerId, status }) => leadPartnerId === partyId('p') && status === 'open',
  );
  expect(row?.openFlags).toBe(open.length);
  expect(open.length).toBeGreaterThan(2);
});

test('it counts the engagements by the value that their customers get', () => {
  expect(of('p')?.values).toEqual([
    { state: 'uncertain', engagements: 1 },
    { state: 'improving', engagements: 1 },
    { state: 'continuous', engagements: 0 },
    { state: null, engagements: 0 },
  ]);
});

test('an engagement counts for who leads it now', () => {
  const moved = recorded('PartnerAssigned', { partner: org('q'), by: 'person' }, { at: '2026-02-10' });
  const events = [...channel, ...inEngagement('e1', moved)];
  expect([of('p', '2026-03-01', events)?.engagements, of('q', '2026-03-01', events)?.engagements]).toEqual([1, 2]);
});
