// How does each source sign what it sends, so that a forger can come close to it?
import { createHmac } from 'node:crypto';

/** A request to a webhook: the exact bytes, and the headers. */
export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Signing {
  readonly body: Buffer;
  readonly secret: string;
  /** Seconds from now at which it is signed. */
  readonly later?: number;
  readonly id?: string;
}

/** A source that sends over HTTP. */
export interface SenderKind {
  readonly source: string;
  readonly accepted: 200 | 202;
  /** The header that holds the signature. */
  readonly signedIn: string;
  /** All headers without which nothing is signed. */
  readonly needed: readonly string[];
  sign(signing: Signing): Readonly<Record<string, string>>;
  /** A message that opens an engagement or, where the source can't, says something that means nothing. */
  message(id: string): Readonly<Record<string, unknown>>;
}

const seconds = (later = 0): number => Math.floor(Date.now() / 1000) + later;

export const stripe: SenderKind = {
  source: 'stripe',
  accepted: 200,
  signedIn: 'stripe-signature',
  needed: ['stripe-signature'],
  sign: ({ body, secret, later }) => {
    const at = seconds(later);
    const made = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
    return { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${made}` };
  },
  message: (id) => {
    const object = { id: `in_${id}`, object: 'invoice', customer: 'cus_1', currency: 'eur', amount_paid: 1200 };
    return {
      id: `evt_${id}`,
      object: 'event',
      type: 'invoice.paid',
      created: seconds(),
      livemode: true,
      data: { object },
    };
  },
};

export const cloudevents: SenderKind = {
  source: 'cloudevents',
  accepted: 202,
  signedIn: 'webhook-signature',
  needed: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  sign: ({ body, secret, later, id = 'msg_1' }) => {
    const at = seconds(later);
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const made = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64');
    return {
      'content-type': 'application/cloudevents+json',
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${made}`,
    };
  },
  message: (id) => ({
    ...{ specversion: '1.0', id, source: 'https://tools.example', type: 'throughline.EngagementOpened' },
    ...{ time: '2026-03-01T09:00:00Z', subject: `engagement/REF-${id}`, data: { segment: 'retail' } },
  }),
};

export const senderKinds: readonly SenderKind[] = [stripe, cloudevents];

export const bytesOf = (content: unknown): Buffer =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
