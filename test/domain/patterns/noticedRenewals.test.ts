// Does a notice that a term renews by itself give P4.7 its days of grace?
import { describe, expect, test } from 'vitest';
import { subscribed, subscriptionId } from '../../support/histories/engagementFacts.ts';
import { recorded, type Said } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const term = subscribed('2025-06-01', { to: '2026-06-01' });
const raised = '2026-06-01T00:05:00.000Z';
const automatic = recorded('SubscriptionChanged', { subscriptionId, autoRenew: true }, { at: '2025-06-02' });

describe('P4.7: that a term renews by itself is known by a notice', () => {
  const noticed = (autoRenew: boolean, of: Partial<Said<'RenewalNoticed'>> = { subscriptionIds: [subscriptionId] }) =>
    recorded('RenewalNoticed', { endsAt: '2026-06-01T00:00:00.000Z', autoRenew, ...of }, { at: '2026-05-01' });
  const graced = '2026-06-04T00:05:00.000Z';

  test.each([
    ['of the subscription', noticed(true), graced],
    ['of all, because it names none', noticed(true, {}), graced],
    ['of another subscription', noticed(true, { subscriptionIds: ['sub_9'] }), raised],
    ['of an order that nobody knows', noticed(true, { orderId: 'o-9' }), raised],
    ['that it does not renew by itself', noticed(false), raised],
  ])('%s', (_, notice, at) => {
    expect(given(term, notice).flagAt('2026-12-01', 'P4.7').raisedAt).toBe(at);
  });

  test('of the order that started it, or was fulfilled by it', () => {
    const notice = noticed(true, { orderId: 'o-1' });
    const fulfilled = recorded(
      'OrderFulfilled',
      { orderId: 'o-1', subscriptionIds: [subscriptionId] },
      { at: '2025-06-01' },
    );
    expect(given(term, fulfilled, notice).flagAt('2026-12-01', 'P4.7').raisedAt).toBe(graced);
  });

  test('which holds in place of what was said before it', () => {
    expect(given(term, automatic, noticed(false)).flagAt('2026-12-01', 'P4.7').raisedAt).toBe(raised);
  });
});
