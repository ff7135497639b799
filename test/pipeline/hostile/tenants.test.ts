// What does a hostile client with a valid token get to see or change of other tenants and partners? Nothing, whatever it asks.
import { paginateScan } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRoutes } from '../../../functions/documents/readRoutes.ts';
import { type Api, createApi, eventsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { tenantId } from '../../support/histories/events.ts';
import { type FuzzedRequest, fuzzedRequests, readAs } from '../../support/hostile/fuzzedRequests.ts';
import type { Knowledge } from '../../support/hostile/knowledge.ts';
import {
  engagementOf,
  type Neighbours,
  type Owner,
  partyIdOf,
  rivalTenant,
  settleNeighbours,
} from '../../support/hostile/neighbours.ts';
import { requestOf } from '../../support/httpRequest.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

/** `THROUGHLINE_HOSTILE_REQUESTS=100000` sends many more than a usual run. */
const wanted = Number(process.env.THROUGHLINE_HOSTILE_REQUESTS ?? 2000);
/** So many requests come at once. */
const atOnce = 20;
/** So many come to one world, before what they recorded makes it slow. */
const aWorld = 2500;

let engine: TestEngine;
let issuer: TestIssuer;
let tokens: Readonly<Record<'p1' | 'p2' | 'vendor' | 'rival', string>>;
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

interface World {
  readonly api: Api;
  readonly neighbours: Neighbours;
  readonly knowledge: Knowledge;
}

const cursorsIn = (text: string): readonly string[] =>
  [...text.matchAll(/"cursor":"([\w-]+)"/g)].map(([, cursor]) => cursor ?? '');

/** Tokens end after some minutes, and a long run outlives them. */
const newTokens = async (): Promise<typeof tokens> => {
  const people = peopleOf(issuer);
  const [p1, p2, vendor, rival] = await Promise.all([
    people.partner(partyIdOf('p1')),
    people.partner(partyIdOf('p2')),
    people.vendor(),
    people.vendor({ tenant: rivalTenant }),
  ]);
  return { p1, p2, vendor, rival };
};

const aNewWorld = async (): Promise<World> => {
  tokens = await newTokens();
  const api = await createApi(engine, issuer);
  api.at('2028-06-01');
  const neighbours = await settleNeighbours(api, { own: tokens.vendor, rival: tokens.rival });
  const cursors: { path: string; cursor: string }[] = [];
  for (const { path } of readRoutes.filter((route) => !route.path.includes('{')))
    for (const token of Object.values(tokens))
      for (const cursor of cursorsIn((await api.ask(token, path.slice('/v1/'.length), { limit: '1' })).body))
        cursors.push({ path, cursor });
  const engagements = (['p1', 'p1', 'p2', 'direct', 'rival'] as const).map(engagementOf);
  return { api, neighbours, knowledge: { ids: Object.values(neighbours.idsOf).flat(), engagements, cursors } };
};

/** The commits of streams: each with its version, and its hash, which holds all before it. */
const commitsOf = async ({ api }: World, isTheirs: (stream: string) => boolean): Promise<readonly string[]> => {
  const asked = { TableName: api.eventsTable, ConsistentRead: true };
  const found: string[] = [];
  for await (const { Items = [] } of paginateScan({ client: engine.client }, asked))
    for (const { stream, version, hash } of Items)
      if (isTheirs(stream?.S ?? '')) found.push(`${stream?.S} ${version?.N} ${hash?.S}`);
  return found.sort();
};

interface Attacker {
  readonly token: 'p1' | 'vendor';
  /** Whose data it must not see. */
  readonly foreign: readonly Owner[];
  readonly isTheirs: (stream: string) => boolean;
  readonly saidBy: object;
}

const attackers: readonly Attacker[] = [
  {
    token: 'p1',
    foreign: ['p2', 'direct', 'rival'],
    isTheirs: (stream) =>
      stream.startsWith(`${rivalTenant}/`) || /canary/.test(stream) || stream.endsWith(partyIdOf('p2')),
    saidBy: { role: 'partner', partyId: partyIdOf('p1') },
  },
  {
    token: 'vendor',
    foreign: ['rival'],
    isTheirs: (stream) => !stream.startsWith(`${tenantId}/`),
    saidBy: { role: 'vendor' },
  },
];

const send = async ({ api }: World, token: string, request: FuzzedRequest) => {
  const { method, path, asked, body } = request;
  const headers = { ...request.headers, authorization: `Bearer ${token}` };
  const event = requestOf(method, path, { headers, asked, ...(body !== undefined && { body }) });
  return body === undefined ? await api.query(event) : await api.recordOf(event);
};

/** What one world was told by the client, and how many of its requests were not refused. */
interface Told {
  readonly told: Set<string>;
  readonly counts: { read: number; recorded: number };
}

/** What is wrong with an answer; empty where nothing is. */
const wrongWith = async (
  world: World,
  attacker: Attacker,
  request: FuzzedRequest,
  { told, counts }: Told,
): Promise<readonly string[]> => {
  const { statusCode, headers, body } = await send(world, tokens[attacker.token], request);
  const asked = readAs(`${request.path} ${Object.entries(request.asked).flat().join(' ')} ${request.body ?? ''}`);
  // What the client itself has recorded, it may read again.
  if (statusCode === 200 && request.body !== undefined)
    for (const name of world.neighbours.found(asked).keys()) told.add(name);
  const seen = [...world.neighbours.found(body)].filter(
    ([name, owner]) => attacker.foreign.includes(owner) && !asked.includes(name) && !told.has(name),
  );
  if (statusCode === 200) counts[request.body === undefined ? 'read' : 'recorded'] += 1;
  const wrong = seen.map(([name, owner]) => `shows ${name} of ${owner}`);
  if (statusCode >= 500) wrong.push(`answers ${statusCode} ${body.slice(0, 300)}`);
  if (statusCode >= 400) {
    const { status, reason, detail } = JSON.parse(body);
    if (headers['content-type'] !== 'application/problem+json' || status !== statusCode || !reason || !detail)
      wrong.push(`answers no problem document: ${body.slice(0, 300)}`);
  } else if (request.path === 'facts' && request.body !== undefined) {
    for (const event of eventsOf({ status: statusCode, contentType: '', body: JSON.parse(body) })) {
      const { tenantId: tenant, streamId, saidBy, actor, source } = event;
      const isOurs = tenant === tenantId && streamId.startsWith(`${tenantId}/`) && !attacker.isTheirs(streamId);
      if (!isOurs || JSON.stringify(saidBy) !== JSON.stringify(attacker.saidBy) || source !== `people:${actor}`)
        wrong.push(`records ${JSON.stringify(event)}`);
    }
  }
  return wrong;
};

const prototypeKeys = Reflect.ownKeys(Object.prototype).length;

test.each(attackers)(
  '$token',
  async (attacker) => {
    const counts = { read: 0, recorded: 0 };
    const perAttacker = Math.ceil(wanted / attackers.length);
    for (let sent = 0; sent < perAttacker; sent += aWorld) {
      const world = await aNewWorld();
      const before = await commitsOf(world, attacker.isTheirs);
      expect(before.length).toBeGreaterThan(5);
      const told = new Set<string>();
      const requests = fc.array(fuzzedRequests(world.knowledge), { minLength: atOnce, maxLength: atOnce });
      await fc.assert(
        fc.asyncProperty(requests, async (batch) => {
          const answers = await Promise.all(
            batch.map((request) => wrongWith(world, attacker, request, { told, counts })),
          );
          const wrong = answers.flatMap((found, index) => found.map((what) => [what, batch[index]]));
          expect(wrong).toEqual([]);
          expect(world.api.reported).toEqual([]);
        }),
        { numRuns: Math.ceil(Math.min(aWorld, perAttacker - sent) / atOnce), endOnFailure: true },
      );
      expect(await commitsOf(world, attacker.isTheirs)).toEqual(before);
    }
    expect(Reflect.ownKeys(Object.prototype)).toHaveLength(prototypeKeys);
    // Requests that are all refused at the door would prove nothing.
    expect(counts.read).toBeGreaterThan(perAttacker / 20);
    expect(counts.recorded).toBeGreaterThan(0);
  },
  3_600_000,
);

test('honest requests of each do find what is theirs, so that a mark that is not found proves something', async () => {
  const { api, neighbours } = await aNewWorld();
  for (const [name, owner] of [
    ['p1', 'p1'],
    ['p2', 'p2'],
    ['rival', 'rival'],
    ['vendor', 'direct'],
  ] as const) {
    const texts = await Promise.all(
      [
        `engagements/${engagementOf(owner)}`,
        `engagements/${engagementOf(owner)}/events`,
        'tables/engagements',
        'flags',
      ].map(async (path) => (await api.ask(tokens[name], path)).body),
    );
    for (const text of texts)
      expect([name, [...neighbours.found(text).values()].includes(owner)]).toEqual([name, true]);
  }
});
