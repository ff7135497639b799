// How does an outside system speak to the pipeline? CloudEvents signed as Standard Webhooks, sent until they are kept.
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';

export interface Message {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Sender {
  /** One delivery, of one event or of a batch: the answer's status, or undefined where nobody answered. */
  deliver(...messages: readonly Message[]): Promise<number | undefined>;
}

const Connected = z.looseObject({ url: z.string(), secret: z.string() });

const envelope = (message: Message): object => ({
  ...{ specversion: '1.0', source: 'https://tools.example', datacontenttype: 'application/json' },
  ...message,
});

/** A sender for what `connect` printed; `now` is its clock. */
export const senderOf = (connected: string, now: () => Date = () => new Date()): Sender => {
  const { url, secret } = Connected.parse(JSON.parse(connected));
  const webhook = new Webhook(secret);
  return {
    deliver: async (...messages) => {
      const said = messages.map(envelope);
      const isBatch = said.length > 1;
      const body = JSON.stringify(isBatch ? said : said[0]);
      const id = messages.map((message) => message.id).join(', ');
      const at = now();
      const headers = {
        'content-type': `application/cloudevents${isBatch ? '-batch' : ''}+json`,
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, at, body),
      };
      try {
        const answer = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(10_000) });
        await answer.text();
        return answer.status;
      } catch {
        return undefined;
      }
    },
  };
};
