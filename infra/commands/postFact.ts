// What does the API say of a fact? It is posted, and the events or the problem are told in plain words.
// `npm run record` calls it; it sends one HTTP request to the API.
import { isObject, type JsonObject, properties } from '../local/core/json.ts';
import { Refusal, refuse } from '../local/core/refusal.ts';
import { patientFetch } from '../local/http/patientFetch.ts';
import { type Access, reasonOf } from './access.ts';
import { printable } from './printable.ts';

export interface Posting {
  readonly fact: JsonObject;
  readonly key: string;
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const eventText = (event: unknown): readonly string[] => {
  const read = properties(event, 'an event');
  const said = read.object('data').entries();
  return [
    `Recorded: ${read.text('type')}, which occurred at ${read.text('occurredAt')}`,
    ...said.map(([name, value]) => `  ${name.padEnd(18)} ${shown(value)}`),
    `  as event ${read.text('eventId')}, number ${read.number('version')} of ${read.text('streamId')}`,
  ];
};

/** What is wrong, line by line, and whether the same request may be sent again. */
const problemText = (status: number, body: JsonObject, key: string): readonly string[] => {
  const read = properties(body, 'the answer');
  const issues = read
    .objects('issues')
    .map((issue) => `  ${issue.text('path', '') || 'the whole fact'}: ${issue.text('message')}`);
  const again = status === 429 || status >= 500 ? [`Send the same again, with --key ${key}.`] : [];
  return [
    `Not recorded (${status}, ${read.text('reason', 'no reason given')}): ${read.text('detail', read.text('message', 'no detail'))}`,
    ...issues,
    ...again,
  ];
};

const jsonIn = (text: string): JsonObject => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return { detail: text };
  }
};

/** Posts a fact and answers the events in words; refuses with the problem, in words. */
export async function postFact({ url, token }: Access, { fact, key }: Posting): Promise<string> {
  const answer = await patientFetch(`${url}/v1/facts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(fact),
  }).catch((error: unknown) =>
    refuse(
      [
        `${url} could not be reached: ${reasonOf(error)}`,
        `Whether it was recorded is not known: send the same again, with --key ${key}.`,
      ].join('\n'),
      error,
    ),
  );
  const body = jsonIn(await answer.text());
  if (!answer.ok) throw new Refusal(problemText(answer.status, body, key));
  const events = Array.isArray(body.events) ? body.events : [];
  return events.flatMap(eventText).map(printable).join('\n');
}
