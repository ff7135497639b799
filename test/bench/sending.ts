// Who sends a bench's messages? A thread of its own, as an outside system would: signed, sixteen at once, until all are kept.
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import { inParallel } from '../../functions/aws/parallel.ts';

/** What the thread is asked to send, and to whom. */
export const Sending = z.object({
  url: z.string(),
  secret: z.string(),
  bodies: z.array(z.object({ id: z.string(), text: z.string() })),
  /** Of every body; absent: that of one CloudEvent. */
  contentType: z.string().optional(),
});
export type Sending = z.infer<typeof Sending>;

const atOnce = 16;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

const post = (url: string, headers: Readonly<Record<string, string>>, text: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end(text);
  });

parentPort?.on('message', async (message: unknown) => {
  const { url, secret, bodies, contentType = 'application/cloudevents+json' } = Sending.parse(message);
  const webhook = new Webhook(secret);
  await inParallel(bodies, atOnce, async ({ id, text }) => {
    for (;;) {
      const at = new Date();
      const status = await post(
        url,
        {
          'content-type': contentType,
          'content-length': String(Buffer.byteLength(text)),
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': webhook.sign(id, at, text),
        },
        text,
      );
      if (status === 202) return;
      // Too many at once: a sender comes again.
      if (status !== 429 && status !== 503) throw new Error(`a message was answered ${status}`);
      await wait(200);
    }
  });
  parentPort?.postMessage('sent');
});
