// How is a case played? On a running instance, in a tenant of its own: its connections are made, its messages are sent through the real doors.
import { createHmac, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Connected } from '../../../functions/intake/connect.ts';
import { connectionRequest } from '../../../infra/local/connectionRequest.ts';
import { connectSource } from '../../../infra/local/connectSource.ts';
import { properties } from '../../../infra/local/core/json.ts';
import { mintToken } from '../../../infra/local/http/tokens.ts';
import type { Runtime } from '../../../infra/local/runtime.ts';
import type { MessageCase, Step } from './messageCase.ts';

export interface CaseAnswer {
  readonly status: number;
  readonly text: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** What a vendor of the case's tenant can see once all work is done. */
export interface Played {
  readonly tenant: string;
  readonly org: string;
  /** The answers to the messages over HTTP, in order. */
  readonly answers: readonly CaseAnswer[];
  get(path: string): Promise<Row>;
  text(path: string): Promise<string>;
  /** The items of a list. */
  list(path: string): Promise<readonly Row[]>;
  table(name: string): Promise<readonly Row[]>;
  /** The recorded events of every engagement of the tenant: type and data. */
  events(): Promise<readonly Row[]>;
  post(body: object): Promise<CaseAnswer>;
}

const Items = z.looseObject({ items: z.array(z.record(z.string(), z.unknown())) });

const ofConnect = (line: string, org: string): readonly object[] => {
  const [, source] = /connect (\w+)/.exec(line) ?? [];
  if (source === undefined) return [];
  const flag = (name: string): string | undefined =>
    new RegExp(`--${name} ('[^']*'|[^\\s;,]+(?:,\\w+)*)`).exec(line)?.[1];
  const account = source === 'salesforce' ? org : flag('account');
  const mapping = flag('mapping')?.slice(1, -1);
  const input = {
    source,
    ...(account !== undefined && !line.includes('without --account') && { account }),
    ...(flag('allow') !== undefined && { allow: flag('allow') }),
    ...(flag('currency') !== undefined && { currency: flag('currency') }),
    mapping: mapping === undefined ? {} : JSON.parse(mapping),
  };
  return line.includes('twice') ? [input, input] : [input];
};

const seconds = (runtime: Runtime): string => String(Math.floor(runtime.clock.now() / 1000));

const headersFor = (step: Step, { secret = '' }: Connected, body: string, time: string): Record<string, string> => {
  if (step.door === 'stripeWebhook') {
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    return { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${signature}` };
  }
  const id = `msg_${randomUUID()}`;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64');
  return {
    'content-type': `application/cloudevents${Array.isArray(step.body) ? '-batch' : ''}+json`,
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': step['webhook-signature']?.replace('{{signature}}', signature) ?? `v1,${signature}`,
  };
};

/** A large text stands in a case as a placeholder. */
const filled = (text: string, engagement: string): string =>
  text
    .replaceAll('{{engagement}}', engagement)
    .replace(/\{\{the letter (\w), (\d+) times\}\}/g, (_all, letter: string, times: string) =>
      letter.repeat(Number(times)),
    );

/** Plays a case to its end. `number` makes its tenant and its Salesforce org. */
export const playCase = async (runtime: Runtime, played: MessageCase, number: number): Promise<Played> => {
  const tenant = `case-${number}-${played.name}`.slice(0, 63);
  const org = `00D5e00000${String(number).padStart(5, '0')}`;
  const token = await mintToken(
    { issuer: runtime.issuer, functions: runtime.plan.functions },
    { role: 'vendor', tenant, subject: 'case', seconds: 3600 },
  );
  const authorization = { authorization: `Bearer ${token}` };
  const ask = async (path: string): Promise<CaseAnswer> => {
    const response = await fetch(`${runtime.url}${path}`, { headers: authorization });
    return { status: response.status, text: await response.text() };
  };
  const get = async (path: string): Promise<Row> =>
    z.record(z.string(), z.unknown()).parse(JSON.parse((await ask(path)).text));
  const postText = async (body: string, key: string): Promise<CaseAnswer> => {
    const headers = { ...authorization, 'content-type': 'application/json', 'idempotency-key': key };
    const response = await fetch(`${runtime.url}/v1/facts`, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text() };
  };
  const post = (body: object) => postText(JSON.stringify(body), randomUUID());

  const connections: Connected[] = [];
  for (const line of played.given) {
    for (const input of ofConnect(line, org)) {
      connections.push(await connectSource(runtime, connectionRequest(properties({ ...input, tenant }, 'the case'))));
    }
  }
  let engagement = '';
  if (played.given.some((line) => line.startsWith('a person opens'))) {
    const opened = await post({ type: 'EngagementOpened', occurredAt: '2026-01-05T09:00:00Z', data: { offerId: 'O' } });
    const Opened = z.looseObject({ events: z.array(z.looseObject({ streamId: z.string() })) });
    const stream = Opened.parse(JSON.parse(opened.text)).events[0]?.streamId ?? '';
    const external = { system: 'reference', kind: 'engagement', id: 'REF-CASE' };
    const linked = await post({ type: 'IdentityLinked', data: { external, to: { stream }, reason: 'the case' } });
    if (linked.status !== 200) throw new Error(linked.text);
  }

  const answers: CaseAnswer[] = [];
  const send = async (step: Step): Promise<void> => {
    if (step.drained === true) return await runtime.drained();
    const body = filled(step.rawBody ?? JSON.stringify(step.body ?? {}), engagement);
    if (step.door === 'partnerBus') {
      const source = `aws.partner/salesforce.com/${org}/throughline`;
      const detail = JSON.parse(filled(JSON.stringify(step.detail), engagement));
      const result = runtime.putPartnerEvent({
        source: connections[0]?.url ?? source,
        detailType: step['detail-type'] ?? '',
        detail,
      });
      if ('errorCode' in result) throw new Error(`the partner bus: ${result.errorMessage}`);
      return;
    }
    if (step.door === 'facts') {
      const answer = await postText(body, step['idempotency-key'] ?? randomUUID());
      engagement ||= /"streamId":"[^"]*\/engagement\/([^"]+)"/.exec(answer.text)?.[1] ?? '';
      answers.push(answer);
      return;
    }
    for (const connection of step.toEveryConnection === true ? connections : connections.slice(0, 1)) {
      const headers = headersFor(step, connection, body, seconds(runtime));
      const response = await fetch(connection.url, { method: 'POST', headers, body });
      answers.push({ status: response.status, text: await response.text() });
    }
  };
  for (const step of played.input) await send(step);
  await runtime.drained();

  const list = async (path: string): Promise<readonly Row[]> => Items.parse(await get(path)).items;
  const table = (name: string): Promise<readonly Row[]> => list(`/v1/tables/${name}?limit=1000`);
  return {
    ...{ tenant, org, answers, get, list, table, post },
    text: async (path) => (await ask(path)).text,
    events: async () => {
      const engagements = await table('engagements');
      const pages = engagements.map(({ engagementId }) => get(`/v1/engagements/${engagementId}/events`));
      return (await Promise.all(pages)).flatMap((page) => Items.parse(page).items);
    },
  };
};
