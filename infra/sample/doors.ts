// How does the sample send its messages? As webhooks over HTTP with each system's signature, and over the CRM's partner bus.
// playSample.ts and the faults call it; it sends HTTP requests and puts events on the local bus.
import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { patientFetch } from '../local/http/patientFetch.ts';
import type { Runtime } from '../local/runtime.ts';
import type { ProgressMark } from './progressMark.ts';
import type { BusMessage, SampleMessage, Webhook } from './sampleMessage.ts';
import { systems } from './systems.ts';

export type DoorRuntime = Pick<Runtime, 'url' | 'clock' | 'putPartnerEvent'>;

/** Sends one message; rejects with the answer if the message is not accepted. */
export type Send = (message: SampleMessage) => Promise<void>;

const attempts = 6;

/** Standard Webhooks: over id, time and body, with the secret's bytes. */
const standardHeaders = (secret: string, { id, time, body }: Readonly<Record<'id' | 'time' | 'body', string>>) => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` };
};

const stripeHeaders = (secret: string, { time, body }: Readonly<Record<'time' | 'body', string>>) => {
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${signature}` };
};

const cloudEventsType = (body: object): string =>
  Array.isArray(body) ? 'application/cloudevents-batch+json' : 'application/cloudevents+json';

/** Makes the sender for the sample's connections. */
export const openDoors = (runtime: DoorRuntime, connections: ProgressMark['connections']): Send => {
  const putOnBus = ({ detailType, detail, at }: BusMessage): void => {
    const source = connections.crm?.url ?? '';
    const result = runtime.putPartnerEvent({ source, detailType, detail, time: Date.parse(at) + 2_000 });
    if ('errorCode' in result) throw new Error(`the partner bus took no ${detailType}: ${result.errorMessage}`);
  };

  const post = async ({ system, id, body: said }: Webhook): Promise<Response> => {
    const { connection = '', secret = '' } = connections[system] ?? {};
    const { source } = systems[system];
    const body = JSON.stringify(said);
    // The signature has the sender's current time, although the message is about the past.
    const time = String(Math.floor(runtime.clock.outside() / 1_000));
    const headers =
      source === 'stripe'
        ? stripeHeaders(secret, { time, body })
        : { 'content-type': cloudEventsType(said), ...standardHeaders(secret, { id, time, body }) };
    return await patientFetch(`${runtime.url}/webhooks/${source}/${connection}`, { method: 'POST', headers, body });
  };

  return async (message) => {
    if (message.system === 'crm') {
      putOnBus(message);
      return;
    }
    for (let attempt = 1; ; attempt += 1) {
      const response = await post(message);
      const answer = await response.text();
      if (response.ok) return;
      // A sender signs each attempt anew, so one whose time ran out on its way comes again.
      const isLate = response.status === 401 && answer.includes('signatureOutOfTime');
      if ((response.status < 500 && !isLate) || attempt === attempts) {
        throw new Error(`message ${message.id} of ${message.system} was answered ${response.status}: ${answer}`);
      }
      await wait(2 ** attempt * 25);
    }
  };
};
