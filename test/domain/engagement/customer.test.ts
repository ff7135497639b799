// Which customer does an engagement name, where its messages, orders, subscriptions and partners name several?
import { expect, it } from 'vitest';
import { customerOf } from '../../../domain/engagement/customer.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, type RecordedOptions, recorded } from '../../support/histories/events.ts';

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const partner = { saidBy: { role: 'partner', partyId: 'p1' } } as const;
const customer = (...events: readonly RecordedEvent[]) => customerOf(foldEngagement([...events].sort(inFoldOrder)))?.id;
const opened = (id?: string, more: Partial<RecordedOptions> = {}) =>
  recorded('EngagementOpened', id === undefined ? {} : { customer: org(id) }, { at: '2026-01-01', ...more });
const placed = (
  orderId: string,
  id?: string,
  more: Partial<RecordedOptions> = {},
  claimedBy: 'crm' | 'distributor' = 'crm',
) =>
  recorded(
    'OrderPlaced',
    { claimedBy, orderId, ...(id !== undefined && { customer: org(id) }) },
    { at: '2026-02-01', ...more },
  );
const subscribed = (subscriptionId: string, id?: string) =>
  recorded(
    'SubscriptionStarted',
    { subscriptionId, termStart: instant('2026-03-01'), ...(id !== undefined && { customer: org(id) }) },
    { at: '2026-03-01' },
  );

it('is the last one that its own messages name', () => {
  expect(customer(opened())).toBeUndefined();
  expect(customer(opened('C'), placed('o1', 'D'), subscribed('s1', 'E'))).toBe('C');
  const again = recorded('CustomerIdentified', { customer: org('F') }, { at: '2026-04-01' });
  expect(customer(opened('C'), again)).toBe('F');
});

it('else is one of an order, else of a subscription', () => {
  expect(customer(opened(), placed('o1'), placed('o2', 'D'), subscribed('s1', 'E'))).toBe('D');
  expect(customer(opened(), placed('o1'), subscribed('s0'), subscribed('s1', 'E'))).toBe('E');
  const unstarted = recorded('SubscriptionChanged', { subscriptionId: 's0', quantity: 2 }, { at: '2026-02-01' });
  expect(customer(opened(), unstarted, subscribed('s1', 'E'))).toBe('E');
});

it('is one that only a partner names last of all', () => {
  expect(customer(opened('C', partner), placed('o1', 'D'))).toBe('D');
  expect(customer(opened('C', partner), placed('o1', 'D', partner), subscribed('s1', 'E'))).toBe('E');
  expect(customer(opened('C', partner), placed('o1', 'D', partner))).toBe('C');
  expect(customer(opened(), placed('o0'), placed('o1', 'D', partner))).toBe('D');
});

it('takes an order that the vendor names the customer of, whoever else claims it', () => {
  const both = [placed('o1', 'D', partner, 'distributor'), placed('o1', 'D')];
  expect(customer(opened(), ...both, subscribed('s1', 'E'))).toBe('D');
  const silent = [placed('o1', 'D', partner, 'distributor'), placed('o1')];
  expect(customer(opened(), ...silent, subscribed('s1', 'E'))).toBe('E');
});
