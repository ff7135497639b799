// How does a test ask the API? Its own handlers on a real engine, called with the events that the HTTP API makes, with tokens of a real issuer.
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { partiesNamed } from '../../domain/stages/partyNamed.ts';
import type { Fact } from '../../events/catalog.ts';
import type { RunMessage } from '../../functions/answer/runSteps.ts';
import type { Caller } from '../../functions/http/caller.ts';
import type { HttpAnswer } from '../../functions/http/problem.ts';
import { createProjectionStore } from '../../functions/project/projectionStore.ts';
import { createProjector } from '../../functions/project/projector.ts';
import { createQueryHandler } from '../../functions/query/queryHandler.ts';
import type { QueueDepth } from '../../functions/query/queueDepths.ts';
import { createRecordHandler } from '../../functions/record/recordHandler.ts';
import { createProjectGroup } from '../../functions/rollup/projectGroup.ts';
import { createRollupStore } from '../../functions/rollup/rollupStore.ts';
import { namingParties } from '../../functions/stages/namingParties.ts';
import { createRecordFacts } from '../../functions/stages/recordFacts.ts';
import { createCachedStreams, createGrown } from '../../functions/store/cachedStreams.ts';
import { createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import type { EventStore } from '../../functions/store/eventStore.ts';
import type { TestEngine } from './engine.ts';
import { fedGroups, rollUpAll } from './fedGroups.ts';
import { instant, tenantId } from './histories/events.ts';
import { requestOf } from './httpRequest.ts';
import { keys, receiptsKeyed } from './intake/intakeTables.ts';
import { audience, type TestIssuer } from './issuer.ts';
import { createProjections } from './projections.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Api {
  readonly store: EventStore;
  readonly eventsTable: string;
  readonly receiptsTable: string;
  readonly sourcesTable: string;
  /** The engagements' table. */
  readonly tableOf: (table: string) => string;
  /** Sets the present, as short as `2026-03-01`. */
  at(now: string): void;
  /** What systems say, recorded at the present. */
  record(...facts: readonly Fact[]): Promise<void>;
  /** Brings the rows of every stream that was written here up to the present. */
  project(): Promise<void>;
  projectOnly(stream: string): Promise<void>;
  /** Brings the rows of every group up to what those rows feed. */
  rollUp(): Promise<void>;
  post(token: string | undefined, body: unknown, key?: string): Promise<Answer>;
  /** `PUT /v1/names` */
  putNames(token: string | undefined, body: unknown): Promise<Answer>;
  get(token: string | undefined, path: string, asked?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The handlers themselves, for requests that no client of ours would make. */
  readonly query: (event: APIGatewayProxyEventV2) => Promise<HttpAnswer>;
  readonly recordOf: (event: APIGatewayProxyEventV2) => Promise<HttpAnswer>;
  /** The answer as the handler gives it, whatever its content type. */
  ask(token: string | undefined, path: string, asked?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** Every item of a list, by its cursor to the end, with the length of each page. */
  all(
    token: string,
    path: string,
    asked?: Readonly<Record<string, string>>,
  ): Promise<{ readonly items: readonly Item[]; readonly pages: readonly number[] }>;
  /** What could not be answered. */
  readonly reported: readonly unknown[];
  /** What waits in queues. */
  readonly depths: QueueDepth[];
  readonly answersTable: string;
  /** The messages of runs that wait for answer. */
  readonly sent: RunMessage[];
  /** A request that is no GET. */
  send(method: 'POST' | 'DELETE', token: string | undefined, path: string, body?: unknown): Promise<Answer>;
  readonly now: () => string;
}

const Item = z.record(z.string(), z.unknown());
export type Item = Readonly<z.infer<typeof Item>>;

/** The items of an answer that lists them. */
export const itemsOf = ({ body }: Answer): readonly Item[] => z.array(Item).parse(body.items);

const Posted = z.object({ events: z.array(z.looseObject({ streamId: z.string(), eventId: z.string() })) });

/** The events that an answer to a fact carries. */
export const eventsOf = ({ body }: Answer) => Posted.parse(body).events;

const answerOf = ({ statusCode, headers, body }: HttpAnswer): Answer => ({
  status: statusCode,
  contentType: headers['content-type'] ?? '',
  body: Item.parse(JSON.parse(body)),
});

let made = 0;

const table = async ({ client }: TestEngine, name: string, input: Omit<CreateTableCommandInput, 'TableName'>) => {
  made += 1;
  const TableName = `${name}-api-${made}`;
  await client.send(new CreateTableCommand({ ...input, TableName, BillingMode: 'PAY_PER_REQUEST' }));
  return TableName;
};

/** Tables that hold something already, and how many engagements a request folds itself. */
type Given = Partial<Pick<Api, 'eventsTable' | 'receiptsTable' | 'sourcesTable' | 'tableOf'>> & {
  readonly directly?: number;
};

/** An API on new, empty tables, save for those given. */
export const createApi = async (engine: TestEngine, issuer: TestIssuer, given: Given = {}): Promise<Api> => {
  const { client } = engine;
  let now = instant('2026-06-30T12:00');
  const clock = () => now;
  const eventsTable = given.eventsTable ?? (await engine.eventsTable());
  const receiptsTable = given.receiptsTable ?? (await table(engine, 'receipts', receiptsKeyed));
  const sourcesTable = given.sourcesTable ?? (await table(engine, 'sources', keys('tenantId', 'connectionId')));
  const namesTable = await table(engine, 'names', keys('tenantId', 'reference'));
  const answersTable = await table(engine, 'answers', keys('run', 'item'));
  const sent: RunMessage[] = [];
  const { tableOf } = given.tableOf === undefined ? await createProjections(client) : { tableOf: given.tableOf };
  const store = createDynamoEventStore({ client, table: eventsTable });
  const recordFacts = namingParties(createRecordFacts({ store, now: clock, random: Math.random }));
  const writer = {
    wake: async () => undefined,
    rows: createProjectionStore({ client, tableOf, random: Math.random }),
    now: clock,
    random: Math.random,
    release: 1,
    computedBy: 'code',
  };
  const cache = createCachedStreams({ store, grown: createGrown({ client, table: eventsTable, random: Math.random }) });
  const project = createProjector({ ...writer, cache });
  const contributions = tableOf('contributions');
  const projectGroup = createProjectGroup({ ...writer, groups: createRollupStore({ client, table: contributions }) });
  const reported: unknown[] = [];
  const depths: QueueDepth[] = [];
  const settings = {
    client,
    eventsTable,
    receiptsTable,
    sourcesTable,
    namesTable,
    answersTable,
    sendRun: async (messages: readonly RunMessage[]) => void sent.push(...messages),
    newId: randomUUID,
    ...(given.directly !== undefined && { directly: given.directly }),
    tableOf,
    queueDepths: async () => depths,
    waitingDays: 400,
    tokens: { issuer: issuer.url, audience, claims: { role: 'role', tenant: 'tenant', partner: 'partner' } },
    now: clock,
    random: Math.random,
    computedBy: 'code',
    measure: () => undefined,
    report: (error: unknown) => void reported.push(error),
  };
  const recordHandler = createRecordHandler(settings);
  const queryHandler = createQueryHandler(settings);
  const streams = new Set<string>();
  const bearer = (token: string | undefined): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };

  const ask: Api['ask'] = (token, path, asked = {}) =>
    queryHandler(requestOf('GET', path, { headers: bearer(token), asked }));
  const get: Api['get'] = async (token, path, asked) => answerOf(await ask(token, path, asked));

  return {
    store,
    eventsTable,
    receiptsTable,
    sourcesTable,
    tableOf,
    reported,
    depths,
    answersTable,
    sent,
    now: clock,
    send: async (method, token, path, said) => {
      const body = said === undefined ? {} : { body: typeof said === 'string' ? said : JSON.stringify(said) };
      return answerOf(await queryHandler(requestOf(method, path, { headers: bearer(token), ...body })));
    },
    at: (text) => {
      now = instant(text);
    },
    record: async (...facts) => {
      for (const [stream, ofStream] of Map.groupBy(facts, ({ streamId }) => streamId)) {
        for (const { streamId } of [...ofStream, ...partiesNamed(ofStream)]) streams.add(streamId);
        await recordFacts(stream, ofStream);
      }
    },
    project: async () => {
      for (const stream of streams) await project(stream);
    },
    projectOnly: async (stream) => {
      await project(stream);
    },
    rollUp: () => rollUpAll(projectGroup, () => fedGroups(client, contributions)),
    post: async (token, said, key) => {
      const headers = { ...bearer(token), ...(key !== undefined && { 'idempotency-key': key }) };
      const body = typeof said === 'string' ? said : JSON.stringify(said);
      const answer = answerOf(await recordHandler(requestOf('POST', 'facts', { headers, body })));
      if (answer.status === 200) for (const { streamId } of eventsOf(answer)) streams.add(streamId);
      return answer;
    },
    putNames: async (token, said) => {
      const body = typeof said === 'string' ? said : JSON.stringify(said);
      return answerOf(await recordHandler(requestOf('PUT', 'names', { headers: bearer(token), body })));
    },
    query: queryHandler,
    recordOf: recordHandler,
    ask,
    get,
    all: async (token, path, asked = {}) => {
      const items: Item[] = [];
      const pages: number[] = [];
      let cursor: string | undefined;
      do {
        const answer = await get(token, path, { ...asked, ...(cursor !== undefined && { cursor }) });
        if (answer.status !== 200) throw new Error(`${path} was answered ${JSON.stringify(answer)}`);
        const page = itemsOf(answer);
        items.push(...page);
        pages.push(page.length);
        cursor = z.string().optional().parse(answer.body.cursor);
      } while (cursor !== undefined);
      return { items, pages };
    },
  };
};

export interface People {
  /** A token of the tenant's own people. */
  vendor(claims?: { readonly sub?: string; readonly tenant?: string }): Promise<string>;
  /** A token of a partner's people, by the partner's party id. */
  partner(
    partnerId: Caller['partnerId'],
    claims?: { readonly sub?: string; readonly tenant?: string },
  ): Promise<string>;
}

/** Tokens of people of the tests' tenant. */
export const peopleOf = (issuer: TestIssuer): People => ({
  vendor: (claims) => issuer.token({ sub: 'vera', role: 'vendor', tenant: tenantId, ...claims }),
  partner: (partner, claims) => issuer.token({ sub: 'paul', role: 'partner', tenant: tenantId, partner, ...claims }),
});
