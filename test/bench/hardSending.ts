// What is answered, and when, to more messages than can be kept? A thread that sends them, at a rate or as fast as they are answered, and notes each answer.
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';

/** What the thread is asked to send. */
export const HardSending = z.object({
  url: z.string(),
  secret: z.string(),
  seconds: z.number(),
  /** So many a second, whether or not the last was answered; or so many at once, each after the answer to the one before. */
  pace: z.union([z.object({ perSecond: z.number() }), z.object({ atOnce: z.number() })]),
  /** Makes the ids of its messages its own. */
  round: z.string(),
});
export type HardSending = z.infer<typeof HardSending>;

/** The status of each answer (0: the connection ended without one), and the milliseconds from the instant at which the message was due. */
export const Answers = z.array(z.object({ status: z.number(), waited: z.number() }));
export type Answers = z.infer<typeof Answers>;

const agent = new Agent({ keepAlive: true });

const post = (url: string, headers: Readonly<Record<string, string>>, text: string): Promise<number> =>
  new Promise((resolve) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
      answer.once('error', () => resolve(0));
    });
    sent.once('error', () => resolve(0));
    sent.end(text);
  });

/** A message that opens an engagement of its own. */
const messageOf = (id: string): string =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: 'https://bench.example',
    type: 'throughline.EngagementOpened',
    subject: `crm/opportunity/${id}`,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    data: { segment: 'retail', country: 'NO' },
  });

parentPort?.on('message', async (message: unknown) => {
  const { url, secret, seconds, pace, round } = HardSending.parse(message);
  const webhook = new Webhook(secret);
  const answers: { status: number; waited: number }[] = [];
  let sent = 0;
  const send = async (due: number): Promise<void> => {
    sent += 1;
    const id = `${round}-${sent}`;
    const text = messageOf(id);
    const at = new Date();
    const headers = {
      'content-type': 'application/cloudevents+json',
      'content-length': String(Buffer.byteLength(text)),
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, at, text),
    };
    const status = await post(url, headers, text);
    answers.push({ status, waited: performance.now() - due });
  };
  const began = performance.now();
  const ends = began + seconds * 1000;
  if ('atOnce' in pace) {
    const one = async (): Promise<void> => {
      while (performance.now() < ends) await send(performance.now());
    };
    await Promise.all(Array.from({ length: pace.atOnce }, one));
  } else {
    const under: Promise<void>[] = [];
    const step = 1000 / pace.perSecond;
    for (let due = began; due < ends; due += step) {
      await delay(Math.max(0, due - performance.now()));
      under.push(send(due));
    }
    await Promise.all(under);
  }
  parentPort?.postMessage(answers);
});
