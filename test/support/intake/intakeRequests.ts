// Who sends what to receive in its tests? Connected senders, whose requests are signed as theirs are.
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { epochOf } from '../../../events/instant.ts';

export const tenant = 'northwind';
export const org = '00DHp00000TqkABMAZ';
export const stripeSecret = 'whsec_5f1c0a1de9b7';
export const standardSecret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

/** A connection's item; give what differs. */
export const connectionItem = (source: string, given: Readonly<Record<string, unknown>> = {}) => ({
  connection: `c-${source}`,
  source,
  tenantId: tenant,
  account: source === 'salesforce' ? org : 'acct_1',
  currency: 'EUR',
  mapping: '{"version":3}',
  mappingVersion: 3,
  active: true,
  createdAt: '2026-01-01T00:00:00.000Z',
  ...given,
});

/** The request of a Stripe endpoint, signed at `at`. */
export const stripeRequest = (body: string, at: string, connection = 'c-stripe') => {
  const seconds = Math.floor(epochOf(at) / 1000);
  const signature = createHmac('sha256', stripeSecret).update(`${seconds}.${body}`).digest('hex');
  return request('stripe', connection, body, { 'stripe-signature': `t=${seconds},v1=${signature}` });
};

/** The request of a sender of CloudEvents, signed at `at`. */
export const cloudEventsRequest = (body: string, at: string, connection = 'c-cloudevents') => {
  const id = 'msg_1';
  const date = new Date(epochOf(at));
  return request('cloudevents', connection, body, {
    'content-type': 'application/cloudevents+json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(epochOf(at) / 1000)),
    'webhook-signature': new Webhook(standardSecret).sign(id, date, body),
  });
};

/** An HTTP request as API Gateway shows it. */
export const request = (
  source: string,
  connection: string,
  body: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  method = 'POST',
) => ({
  version: '2.0',
  requestContext: { http: { method, path: `/webhooks/${source}/${connection}` } },
  pathParameters: { source, connection },
  headers,
  ...(body !== undefined && { body }),
  isBase64Encoded: false,
});
