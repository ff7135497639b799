// What stands around receive and translate in their tests? Real tables, a clock, and stages that record what comes.
import { randomUUID } from 'node:crypto';
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { type Fact, parseFact, type RecordedEvent } from '../../../events/catalog.ts';
import { epochOf } from '../../../events/instant.ts';
import { sources } from '../../../events/sources/catalog.ts';
import { createTranslateAgain } from '../../../functions/again/translateAgain.ts';
import type { Bus, BusEntry } from '../../../functions/aws/eventBridge.ts';
import { createKeepFailure } from '../../../functions/aws/failureLog.ts';
import { createConnections } from '../../../functions/intake/connections.ts';
import { createIdentityResolver } from '../../../functions/intake/identityResolver.ts';
import { createPartnerBus } from '../../../functions/intake/partnerBus.ts';
import { createPutFacts } from '../../../functions/intake/putFacts.ts';
import { createReceiveHandler } from '../../../functions/intake/receiveHandler.ts';
import type { SecretsOf } from '../../../functions/intake/secrets.ts';
import { createSettleReceipt } from '../../../functions/intake/settleReceipt.ts';
import { createSourceActivity } from '../../../functions/intake/sourceActivity.ts';
import { createTranslateHandler } from '../../../functions/intake/translateHandler.ts';
import { createTranslateReceipts } from '../../../functions/intake/translateReceipts.ts';
import { createWaitingIndex } from '../../../functions/intake/waitingIndex.ts';
import { createWakeReceipts } from '../../../functions/intake/wakeReceipts.ts';
import { createWebhook } from '../../../functions/intake/webhook.ts';
import { ReceiptKey } from '../../../functions/receipts/receipt.ts';
import { createReceipts } from '../../../functions/receipts/receipts.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import type { EventStore } from '../../../functions/store/eventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { connectionItem, org, standardSecret, stripeSecret } from './intakeRequests.ts';
import { makeTables, putItem, scan } from './intakeTables.ts';

const Pack = z.object({ facts: z.array(z.unknown()).min(1) });

export const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** An item as the event of a table's stream says it: bytes in base64. */
const asInStream = (item: Record<string, AttributeValue>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
    ]),
  );

export interface IntakeOptions {
  readonly client: DynamoDBClient;
  readonly bus?: Bus;
  readonly secretsOf?: SecretsOf;
  /** In memory where absent. */
  readonly store?: EventStore;
  /** The most receipts of a page that are translated again. */
  readonly pageSize?: number;
}

/** An intake with a connection to each source. */
export const startIntake = async (options: IntakeOptions) => {
  const { client, bus, secretsOf, store = createMemoryEventStore(), pageSize = 2 } = options;
  const tables = await makeTables(client);
  let time = '2026-12-01T00:00:00.000Z';
  const now = (): string => time;
  for (const { name } of sources) {
    await putItem(client, tables.connections, connectionItem(name));
  }
  await putItem(client, tables.connections, { connection: `salesforce#${org}`, connectionId: 'c-salesforce' });

  const put: BusEntry[] = [];
  const offeredAgain: ReceiptKey[] = [];
  const sentAgain: object[] = [];
  const recordFacts = createRecordFacts({ store, now, random: () => 0.5 });
  const receipts = createReceipts({ client, table: tables.receipts, now });
  const waiting = createWaitingIndex({ client, table: tables.receipts });
  const connections = createConnections({ client, table: tables.connections, now });
  const keepFailure = createKeepFailure({ client, table: tables.failures, functionName: 'intake', now });
  const heard = createSourceActivity({ client, table: tables.sources, report: () => undefined });

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
    const identities = createIdentityResolver({ store, now });
    const twin: Bus = {
      put: async (entries) => {
        put.push(...entries);
        return [];
      },
    };
    const putFacts = createPutFacts({ bus: bus ?? twin, identities });
    const translate = createTranslateReceipts({
      connectionOf: connections.byId,
      identities,
      putFacts,
      settle: createSettleReceipt({ receipts, waiting, identities, putFacts, now, waitingDays: 400 }),
    });
    const translateAgain = createTranslateAgain({
      ...{ client, table: tables.receipts, store, putFacts, now },
      freshConnections: () => createConnections({ client, table: tables.connections, now }).byId,
      newIdentities: () => createIdentityResolver({ store, now }),
      translateBy: (connectionOf) =>
        createTranslateReceipts({
          ...{ connectionOf, identities, putFacts },
          settle: createSettleReceipt({ receipts, waiting, identities, putFacts, now, waitingDays: 400 }),
        }),
      send: async (message) => void sentAgain.push(message),
      pageSize,
    });
    return createTranslateHandler({
      translateAgain,
      translate,
      identities,
      receipts: createWakeReceipts({ translate, receipts, waiting }),
      offerAgain: async (keys) => void offeredAgain.push(...keys),
      keepFailure,
      logger: quiet,
    });
  };

  const stored = async () => (await scan(client, tables.receipts)).filter(({ kind }) => kind?.S === 'receipt');

  const rowOf = async (item: Record<string, AttributeValue>): Promise<Readonly<Record<string, unknown>>> => {
    const row = unmarshall(item);
    const receipt = await receipts.get(ReceiptKey.parse(row));
    return { ...row, body: receipt?.message.body };
  };

  /** All receipts, the oldest first, as they stand. */
  const receiptRows = async (): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    (await Promise.all((await stored()).map(rowOf))).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));

  /** The batch that the table's stream shows of pending receipts. */
  const newReceipts = async () => {
    const items = (await stored()).filter(({ status }) => status?.S === 'pending');
    const sorted = items.sort((a, b) => (String(a.id?.S) < String(b.id?.S) ? -1 : 1));
    return {
      Records: sorted.map((NewImage, index) => ({
        eventSource: 'aws:dynamodb',
        dynamodb: {
          SequenceNumber: String(index + 1),
          Keys: { partition: NewImage.partition, id: NewImage.id },
          NewImage: asInStream(NewImage),
        },
      })),
    };
  };

  const factsOf = (entries: readonly BusEntry[]): readonly Fact[] =>
    entries
      .flatMap(({ detail }) => Pack.parse(JSON.parse(detail)).facts)
      .map((fact) => {
        const parsed = parseFact(fact);
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
      const [answer] = await recordFacts(fact.streamId, [fact]);
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

  /** What the rule of translate's queue takes of recorded events: links, and words on who leads. */
  const linkEvents = (events: readonly RecordedEvent[]) =>
    events
      .filter(
        ({ type, data }) =>
          ['IdentityLinked', 'PartnerAssigned'].includes(type) ||
          (type === 'EngagementOpened' && 'leadPartner' in data),
      )
      .map((detail) => ({ source: 'throughline', 'detail-type': detail.type, detail }));

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
    ...{ client, tables, store, recordFacts, receive, newTranslate, receiptRows, newReceipts, record, queued, settle },
    now,
    /** The receipts that translate has set aside to its own queue. */
    offeredAgain,
    /** The pages of receipts to translate again that translate has sent to its own queue. */
    sentAgain,
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
