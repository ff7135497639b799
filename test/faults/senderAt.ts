// Who says what a scenario says? A sender of CloudEvents and a person, each of whom sends the same again until it is answered.
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';

export interface ScenarioEvent {
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly data: object;
}

export interface ScenarioSender {
  /** Sends one message, of one event or of a batch. */
  send(...events: readonly ScenarioEvent[]): Promise<void>;
  /** Answers the ids of the events. */
  record(key: string, fact: Readonly<Record<string, unknown>>): Promise<readonly string[]>;
  /** Says who persons are; null: takes it back. */
  name(names: Readonly<Record<string, string | null>>): Promise<void>;
  /** Asks a question with a body; answers the text. */
  ask(path: string, body: Readonly<Record<string, unknown>>): Promise<string>;
  /** Reads what stands there. */
  read(path: string): Promise<string>;
}

export interface ScenarioDoors {
  readonly url: string;
  readonly secret: string;
  readonly api: string;
  readonly token: string;
  readonly now: () => number;
}

const attempts = 8;
const Recorded = z.object({ events: z.array(z.object({ eventId: z.string() })) });

/** The answer's text; a cut connection and a 5xx are tried again, anything else than 2xx throws. */
const taken = async (ask: () => Promise<Response>): Promise<string> => {
  let last = '';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      const answer = await ask();
      last = await answer.text();
      if (answer.ok) return last;
      if (answer.status < 500) throw new Error(`answered ${answer.status}: ${last}`, { cause: 'final' });
    } catch (error) {
      if (error instanceof Error && error.cause === 'final') throw error;
      last = String(error);
    }
  }
  throw new Error(`nobody took it in ${attempts} attempts: ${last}`);
};

const said = ({ type, time, subject, data }: ScenarioEvent): object => ({
  ...{ specversion: '1.0', source: 'https://tools.example', type: `throughline.${type}`, time, data },
  id: [type, subject ?? '', time, JSON.stringify(data)].join(' ').slice(0, 200),
  ...(subject !== undefined && { subject }),
});

export const senderAt = ({ url, secret, api, token, now }: ScenarioDoors): ScenarioSender => {
  const webhook = new Webhook(secret);
  return {
    send: async (...events) => {
      const all = events.map(said);
      const isBatch = all.length > 1;
      const body = JSON.stringify(isBatch ? all : all[0]);
      const signedAt = new Date(now());
      await taken(() =>
        fetch(url, {
          method: 'POST',
          body,
          headers: {
            'content-type': `application/cloudevents${isBatch ? '-batch' : ''}+json`,
            'webhook-id': 'msg',
            'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1000)),
            'webhook-signature': webhook.sign('msg', signedAt, body),
          },
        }),
      );
    },
    record: async (key, fact) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'idempotency-key': key,
        'content-type': 'application/json',
      };
      const answer = await taken(() =>
        fetch(`${api}/v1/facts`, { method: 'POST', headers, body: JSON.stringify(fact) }),
      );
      return Recorded.parse(JSON.parse(answer)).events.map(({ eventId }) => eventId);
    },
    name: async (names) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      await taken(() => fetch(`${api}/v1/names`, { method: 'PUT', headers, body: JSON.stringify({ names }) }));
    },
    ask: async (path, body) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return await taken(() => fetch(`${api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
    },
    read: async (path) => {
      const headers = { authorization: `Bearer ${token}` };
      return await taken(() => fetch(`${api}${path}`, { headers }));
    },
  };
};
