// Who sends a bench's messages? A thread of its own, as an outside system would: signed, sixteen at once or at a pace, until all are kept.
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
  /** So many a second, whether or not those before were answered; absent: sixteen at once. */
  perSecond: z.number().optional(),
  bodies: z.array(z.object({ id: z.string(), text: z.string() })),
  /** Of every body; absent: that of one CloudEvent. */
  contentType: z.string().optional(),
});
export type Sending = z.infer<typeof Sending>;

/** What the thread answers: when each message was due, in milliseconds since 1970, by its id. */
export const Sent = z.record(z.string(), z.number());
export type Sent = z.infer<typeof Sent>;

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

const deliver = async (
  { url, webhook, contentType }: { readonly url: string; readonly webhook: Webhook; readonly contentType: string },
  { id, text }: Sending['bodies'][number],
): Promise<void> => {
  for (;;) {
    const at = new Date();
    const headers = {
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(text)),
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, at, text),
    };
    const status = await post(url, headers, text);
    if (status === 202) return;
    // Too many at once: a sender comes again.
    if (status !== 429 && status !== 503) throw new Error(`a message was answered ${status}`);
    await wait(200);
  }
};

parentPort?.on('message', async (message: unknown) => {
  const { url, secret, bodies, perSecond, contentType = 'application/cloudevents+json' } = Sending.parse(message);
  const webhook = new Webhook(secret);
  const sent: Record<string, number> = {};
  const begun = Date.now();
  const send = async (body: Sending['bodies'][number], due: number): Promise<void> => {
    sent[body.id] = due;
    await deliver({ url, webhook, contentType }, body);
  };
  if (perSecond === undefined) await inParallel(bodies, atOnce, (body) => send(body, Date.now()));
  else {
    const dueOf = (place: number): number => begun + (place * 1000) / perSecond;
    const sending: Promise<void>[] = [];
    for (const [place, body] of bodies.entries()) {
      await wait(Math.max(0, dueOf(place) - Date.now()));
      sending.push(send(body, dueOf(place)));
    }
    await Promise.all(sending);
  }
  parentPort?.postMessage(sent satisfies Sent);
});
