// How long do messages wait for their answer when they come at a steady rate, whether or not the last was answered? A thread that sends them so.
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';

/** What the thread is asked to send, to whom, and how many a second. */
export const Arrivals = z.object({
  url: z.string(),
  secret: z.string(),
  perSecond: z.number(),
  bodies: z.array(z.object({ id: z.string(), text: z.string() })),
});
export type Arrivals = z.infer<typeof Arrivals>;

/** The milliseconds that each waited, from the instant at which it was due to the end of its answer. */
export const Waits = z.array(z.number());

const agent = new Agent({ keepAlive: true });

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
  const { url, secret, perSecond, bodies } = Arrivals.parse(message);
  const webhook = new Webhook(secret);
  const began = performance.now();
  const waits = bodies.map(async ({ id, text }, index) => {
    const due = began + (index * 1000) / perSecond;
    await delay(due - performance.now());
    const at = new Date();
    const headers = {
      'content-type': 'application/cloudevents+json',
      'content-length': String(Buffer.byteLength(text)),
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, at, text),
    };
    const status = await post(url, headers, text);
    if (status < 200 || status > 299) throw new Error(`a message was answered ${status}`);
    return performance.now() - due;
  });
  parentPort?.postMessage(await Promise.all(waits));
});
