// What was known of an order's shape at each claim, and which orders did a claim join?
import { expect, it } from 'vitest';
import { factsOf } from '../../../domain/engagement/facts.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import { orderSteps } from '../../../domain/patterns/orderSteps.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { recorded, type Said } from '../../support/histories/events.ts';

const partner = { role: 'partner', partyId: 'p1' } as const;
type Claimed = Partial<Said<'OrderPlaced'>>;
const placed = (at: string, said: Claimed, saidBy?: typeof partner) =>
  recorded(
    'OrderPlaced',
    { claimedBy: 'crm', orderId: 'o1', ...said },
    { at, ...(saidBy !== undefined && { saidBy }) },
  );
const steps = (...events: readonly RecordedEvent[]) => orderSteps(factsOf([...events].sort(inFoldOrder)));

it('a claim joins the orders whose keys it names, and they are one from then on', () => {
  const a = placed('2026-01-01', { orderId: 'o1', route: 'direct' });
  const b = placed('2026-01-02', { orderId: 'o2', agreementId: 'a2', poNumber: 'p2', marketplace: 'aws' });
  const joining = placed('2026-01-03', { orderId: 'o1', agreementId: 'a2' });
  const after = placed('2026-01-04', { orderId: 'o9', poNumber: 'p2' });
  const [first, second, third, fourth] = steps(a, b, joining, after);
  expect([first?.first, second?.first, third?.first, fourth?.first]).toEqual([a, b, b, b]);
  expect([first?.joins, second?.joins, third?.joins, fourth?.joins]).toEqual([[], [], [a], []]);
  expect(third?.said).toMatchObject({ route: 'direct', marketplace: 'aws' });
  expect(first?.said).toMatchObject({ route: 'direct', marketplace: undefined });
});

it('an order that was joined is found by all its keys, and the one with more keys is the first', () => {
  const small = placed('2026-01-01', { orderId: 'o1' });
  const large = placed('2026-01-02', { orderId: 'o2', agreementId: 'a2' });
  const joining = placed('2026-01-03', { orderId: 'o2', poNumber: 'o1' });
  const byOld = placed('2026-01-04', { orderId: 'o1' });
  const further = placed('2026-01-05', { orderId: 'o3', agreementId: 'a3' });
  const all = placed('2026-01-06', { orderId: 'o3', agreementId: 'o1' });
  expect(steps(small, large, joining, byOld, further, all).map(({ first }) => first)).toEqual([
    ...[small, large, large, large, further, large],
  ]);
});

it('a partner’s word that nobody confirmed joins no orders, and ranks below the others', () => {
  const a = placed('2026-01-01', { orderId: 'o1', route: 'direct' });
  const b = placed('2026-01-02', { orderId: 'o2', route: 'direct' });
  const claim = placed('2026-01-03', { orderId: 'o1', agreementId: 'o2', poNumber: 'p1', route: 'two_tier' }, partner);
  const third = placed('2026-01-04', { orderId: 'o3', poNumber: 'p1', marketplace: 'aws' });
  const [, , claimed, later] = steps(a, b, claim, third);
  expect(claimed).toMatchObject({ first: a, joins: [], said: { route: 'direct' } });
  expect(later).toMatchObject({ first: a, joins: [], said: { route: 'direct', marketplace: 'aws' } });
  expect(steps(a, b, claim, placed('2026-01-05', { orderId: 'o2' })).at(-1)?.first).toBe(b);
});

it('of two claimants the one with precedence is believed, and silence takes nothing back', () => {
  const crm = placed('2026-01-01', { claimedBy: 'crm', route: 'direct', routeReason: 'r' });
  const seller = placed('2026-01-02', { claimedBy: 'seller_of_record', route: 'two_tier' });
  expect(steps(crm, seller).at(-1)?.said).toMatchObject({ route: 'two_tier', routeReason: 'r' });
  const late = placed('2026-01-03', { claimedBy: 'crm', route: 'direct' });
  expect(steps(seller, late).at(-1)?.said).toMatchObject({ route: 'two_tier' });
});
