// What stands around receive and translate in their tests? Real tables, a clock, senders that sign, and stages that record what comes.
import { createHmac, randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { Webhook } from 'standardwebhooks';
import { type Fact, parseFact, type RecordedEvent } from '../../events/catalog.ts';
import { epochOf } from '../../events/instant.ts';
import type { Bus, BusEntry } from '../../functions/runtime/bus.ts';
import { createConnections } from '../../functions/runtime/connections.ts';
import { createKeepFailure } from '../../functions/runtime/failures.ts';
import { createHeard } from '../../functions/runtime/heard.ts';
import { createIdentities } from '../../functions/runtime/identities.ts';
import { createMemoryEventStore } from '../../functions/runtime/memoryEventStore.ts';
import { createPartnerBus } from '../../functions/runtime/partnerBus.ts';
import { createReceipts } from '../../functions/runtime/receipts.ts';
import { createReceiveHandler } from '../../functions/runtime/receiveHandler.ts';
import { createRunStage } from '../../functions/runtime/runStage.ts';
import type { SecretsOf } from '../../functions/runtime/secrets.ts';
import { createTranslateHandler } from '../../functions/runtime/translateHandler.ts';
import { createTranslateReceipts } from '../../functions/runtime/translateReceipts.ts';
import { createWaiting } from '../../functions/runtime/waiting.ts';
import { createWebhook } from '../../functions/runtime/webhook.ts';

export const tenant = 'northwind';
export const org = '00DHp00000TqkABMAZ';
export const stripeSecret = 'whsec_5f1c0a1de9b7';
export const standardSecret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
export const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

const keys = (hash: string, range?: string): Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'KeySchema'> => ({
  AttributeDefinitions: [hash, ...(range === undefined ? [] : [range])].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' } as const]),
  ],
});

/** Empty tables of the intake, as the template describes them. */
export const makeTables = async (client: DynamoDBClient) => {
  const made = randomUUID().slice(0, 8);
  const make = async (name: string, input: Partial<CreateTableCommandInput>): Promise<string> => {
    const TableName = `${name}-${made}`;
    await client.send(new CreateTableCommand({ ...keys('id'), BillingMode: 'PAY_PER_REQUEST', ...input, TableName }));
    return TableName;
  };
  const receiptKeys = keys('partition', 'id');
  const headKeys = keys('tenantId', 'rowKey');
  const texts = (...names: readonly string[]) =>
    names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }) as const);
  return {
    receipts: await make('receipts', {
      ...receiptKeys,
      AttributeDefinitions: [...(receiptKeys.AttributeDefinitions ?? []), ...texts('pending')],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'pending',
          KeySchema: [
            { AttributeName: 'pending', KeyType: 'HASH' },
            { AttributeName: 'id', KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['kind', 'status', 'reason', 'source', 'connectionId', 'tenantId', 'receivedAt'],
          },
        },
      ],
    }),
    connections: await make('connections', keys('connection')),
    sources: await make('sources', keys('tenantId', 'connectionId')),
    failures: await make('failures', keys('eventId', 'at')),
    engagements: await make('engagements', {
      ...headKeys,
      AttributeDefinitions: [...(headKeys.AttributeDefinitions ?? []), ...texts('ix_due', 'nextDueAt')],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [
            { AttributeName: 'ix_due', KeyType: 'HASH' },
            { AttributeName: 'nextDueAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  };
};

export const putItem = (client: DynamoDBClient, table: string, item: Record<string, unknown>) =>
  client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));

export const scan = async (client: DynamoDBClient, table: string): Promise<readonly Record<string, AttributeValue>[]> =>
  (await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];

/** A connection's item; give what differs. */
export const connectionItem = (source: string, given: Readonly<Record<string, unknown>> = {}) => ({
  connection: `c-${source}`,
  source,
  tenantId: tenant,
  account: source === 'salesforce' ? org : 'acct_1',
  currency: 'EUR',
  mapping: '{"version":3}',
  mappingVersion: 3,
  active: true,
  createdAt: '2026-01-01T00:00:00.000Z',
  ...given,
});

/** The request of a Stripe endpoint, signed at `at`. */
export const stripeRequest = (body: string, at: string, connection = 'c-stripe') => {
  const seconds = Math.floor(epochOf(at) / 1000);
  const signature = createHmac('sha256', stripeSecret).update(`${seconds}.${body}`).digest('hex');
  return request('stripe', connection, body, { 'stripe-signature': `t=${seconds},v1=${signature}` });
};

/** The request of a sender of CloudEvents, signed at `at`. */
export const cloudEventsRequest = (body: string, at: string, connection = 'c-cloudevents') => {
  const id = 'msg_1';
  const date = new Date(epochOf(at));
  return request('cloudevents', connection, body, {
    'content-type': 'application/cloudevents+json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(epochOf(at) / 1000)),
    'webhook-signature': new Webhook(standardSecret).sign(id, date, body),
  });
};

/** An HTTP request as API Gateway shows it. */
export const request = (
  source: string,
  connection: string,
  body: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  method = 'POST',
) => ({
  version: '2.0',
  requestContext: { http: { method, path: `/webhooks/${source}/${connection}` } },
  pathParameters: { source, connection },
  headers,
  ...(body !== undefined && { body }),
  isBase64Encoded: false,
});

export interface IntakeOptions {
  readonly client: DynamoDBClient;
  readonly bus?: Bus;
  readonly secretsOf?: SecretsOf;
}

/** An intake with connections to Stripe, Salesforce and a sender of CloudEvents. */
export const startIntake = async ({ client, bus, secretsOf }: IntakeOptions) => {
  const tables = await makeTables(client);
  let time = '2026-12-01T00:00:00.000Z';
  const now = (): string => time;
  for (const source of ['stripe', 'salesforce', 'cloudevents']) {
    await putItem(client, tables.connections, connectionItem(source));
  }
  await putItem(client, tables.connections, { connection: `salesforce#${org}`, connectionId: 'c-salesforce' });

  const put: BusEntry[] = [];
  const store = createMemoryEventStore();
  const runStage = createRunStage({ store, now, random: () => 0.5 });
  const receipts = createReceipts({ client, table: tables.receipts, now });
  const waiting = createWaiting({ client, table: tables.receipts });
  const connections = createConnections({ client, table: tables.connections, now });
  const keepFailure = createKeepFailure({ client, table: tables.failures, functionName: 'intake', now });
  const heard = createHeard({ client, table: tables.sources, report: () => undefined });

  const receive = createReceiveHandler({
    webhook: createWebhook({
      connections,
      secretsOf: secretsOf ?? (async (id) => [id.includes('stripe') ? stripeSecret : standardSecret]),
      receipts,
      heard,
      now,
      newId: randomUUID,
      logger: quiet,
    }),
    partnerBus: createPartnerBus({ connections, receipts, heard, now }),
    keepFailure,
    logger: quiet,
  });

  /** A translate function of its own: a new one knows nothing that an earlier one remembers. */
  const newTranslate = () => {
    const identities = createIdentities({ store, now });
    const twin: Bus = {
      put: async (entries) => {
        put.push(...entries);
        return [];
      },
    };
    const translate = createTranslateReceipts({
      connectionOf: connections.byId,
      identities,
      receipts,
      waiting,
      bus: bus ?? twin,
    });
    return createTranslateHandler({ translate, identities, receipts, waiting, keepFailure, logger: quiet });
  };

  const stored = async () => (await scan(client, tables.receipts)).filter(({ kind }) => kind?.S === 'receipt');

  /** All receipts, the oldest first, as they stand. */
  const receiptRows = async (): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    (await stored()).map((item) => unmarshall(item)).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));

  /** The batch that the table's stream shows of pending receipts. */
  const newReceipts = async () => {
    const items = (await stored()).filter(({ status }) => status?.S === 'pending');
    const sorted = items.sort((a, b) => (String(a.id?.S) < String(b.id?.S) ? -1 : 1));
    return {
      Records: sorted.map((NewImage, index) => ({
        eventSource: 'aws:dynamodb',
        dynamodb: { SequenceNumber: String(index + 1), NewImage },
      })),
    };
  };

  const factsOf = (entries: readonly BusEntry[]): readonly Fact[] =>
    entries.map(({ detail }) => {
      const parsed = parseFact(JSON.parse(detail));
      if (!parsed.ok) throw new Error(`not a fact: ${JSON.stringify(parsed.issues)}`);
      return parsed.value;
    });

  let recordedUpTo = 0;
  /** Records what is on the bus as the stages and control would; answers the events that are new. */
  const record = async (): Promise<readonly RecordedEvent[]> => {
    const fresh = factsOf(put.slice(recordedUpTo));
    recordedUpTo = put.length;
    const events: RecordedEvent[] = [];
    for (const fact of fresh) {
      const [answer] = await runStage(fact.streamId, [fact]);
      if (answer?.outcome === 'recorded') events.push(...answer.events);
    }
    return events;
  };

  const queued = (bodies: readonly unknown[]) => ({
    Records: bodies.map((body) => ({
      messageId: randomUUID(),
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: { SentTimestamp: String(epochOf(time)), ApproximateReceiveCount: '1' },
    })),
  });

  const linkEvents = (events: readonly RecordedEvent[]) =>
    events
      .filter(({ type }) => type === 'IdentityLinked')
      .map((detail) => ({ source: 'throughline', 'detail-type': 'IdentityLinked', detail }));

  /** Lets everything that waits for nothing else come to its end. */
  const settle = async (translate = newTranslate()): Promise<void> => {
    for (let round = 0; round < 20; round += 1) {
      const batch = await newReceipts();
      if (batch.Records.length > 0) await translate(batch);
      const links = linkEvents(await record());
      if (links.length > 0) await translate(queued(links));
      if (batch.Records.length === 0 && links.length === 0 && recordedUpTo === put.length) return;
    }
    throw new Error('the intake does not come to rest');
  };

  return {
    ...{ client, tables, store, runStage, receive, newTranslate, receiptRows, newReceipts, record, queued, settle },
    now,
    setTime: (to: string): void => {
      time = to;
    },
    /** The facts on the bus by now. */
    facts: () => factsOf(put),
    linkEvents,
    pointers: async () =>
      (await scan(client, tables.receipts))
        .filter(({ kind }) => kind?.S === 'wait')
        .map(({ partition }) => partition?.S),
  };
};

export type Intake = Awaited<ReturnType<typeof startIntake>>;
