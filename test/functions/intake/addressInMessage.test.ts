// Is an e-mail address kept out of every event, whatever the source and the field that holds it?
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../events/sources/source.ts';
import { readReceipt } from '../../../functions/intake/readReceipt.ts';
import type { Receipt } from '../../../functions/receipts/receipt.ts';
import { subscription } from '../../support/intake/intakeMessages.ts';

const connection: Connection = {
  connection: 'c-stripe',
  source: 'stripe',
  tenantId: 'northwind',
  account: 'acct_1',
  allowedTypes: ['SubscriptionStarted'],
  mapping: { version: 0 },
};

const receiptOf = (body: string): Receipt => ({
  partition: 'p',
  id: 'r-1',
  status: 'pending',
  source: 'stripe',
  connectionId: 'c-stripe',
  tenantId: 'northwind',
  waitsUnder: [],
  message: { body, headers: {}, receivedAt: '2026-12-01T00:00:00.000Z' },
});

const readOf = (metadata: Readonly<Record<string, string>>) =>
  readReceipt(receiptOf(subscription(metadata)), connection);

describe('metadata of a Stripe subscription', () => {
  it.each([
    ['engagement_id', 'subject.secondary.id'],
    ['order_id', 'data.orderId'],
    ['partner_id', 'data.partner.id'],
    ['base_subscription_id', 'data.baseSubscriptionId'],
  ])('is refused where %s is an address', (key, path) => {
    const read = readOf({ engagement_id: 'ENG-1', [key]: 'ann@example.com' });
    expect(read).toMatchObject({
      drafts: [],
      claims: [],
      parts: [{ status: 'refused', reason: 'addressInData', issues: [{ path }] }],
    });
    expect(JSON.stringify({ ...read, receipt: undefined })).not.toContain('ann');
  });

  it('is read where it holds references', () => {
    expect(readOf({ engagement_id: 'ENG-1', order_id: 'PO-1' })).toMatchObject({ outcome: 'facts', parts: [] });
  });
});
