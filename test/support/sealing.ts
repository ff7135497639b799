// How do tests record on days of their choice, have the days sealed by seal's own handler, and verify? On the engine's tables.
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { createDailyRoots } from '../../functions/seal/dailyRoots.ts';
import { createSealHandler } from '../../functions/seal/sealHandler.ts';
import { createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import { createTipBefore } from '../../functions/store/tipBefore.ts';
import { type Verified, verify } from '../../infra/commands/verifyStore.ts';
import type { TestEngine } from './engine.ts';
import { fact } from './histories/events.ts';
import { quiet } from './intake/intake.ts';

export interface Sealing {
  readonly eventsTable: string;
  readonly rootsTable: string;
  /** Appends an event to each stream at that instant. */
  record(at: string, ...streams: readonly string[]): Promise<void>;
  /** The clock's tick at that instant, and every page that follows from it. */
  seal(at: string): Promise<void>;
  /** Hands seal's handler messages; answers how many it failed, and leaves what it sends in `sent`. */
  handle(at: string, ...bodies: readonly unknown[]): Promise<number>;
  /** What seal has sent to its own queue, and nobody has taken. */
  readonly sent: unknown[];
  /** Why messages failed. */
  readonly reasons: string[];
  /** Sends fail while it is set. */
  failing: boolean;
  verify(keptRoot?: string): Promise<Verified>;
}

let made = 0;

export const startSealing = async ({ client, eventsTable: newTable }: TestEngine, pageSize = 2): Promise<Sealing> => {
  made += 1;
  const rootsTable = `roots-${made}`;
  const [eventsTable] = await Promise.all([
    newTable(),
    client.send(
      new CreateTableCommand({
        TableName: rootsTable,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['part', 'id'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'part', KeyType: 'HASH' },
          { AttributeName: 'id', KeyType: 'RANGE' },
        ],
      }),
    ),
  ]);
  const store = createDynamoEventStore({ client, table: eventsTable, pageSize });
  let recorded = 0;
  const sealing: Sealing = {
    eventsTable,
    rootsTable,
    sent: [],
    reasons: [],
    failing: false,
    record: async (at, ...streams) => {
      for (const stream of streams) {
        recorded += 1;
        const { tip } = await store.load(stream);
        const said = fact(
          'CustomerIdentified',
          { customer: { system: 'crm', kind: 'account', id: `a-${recorded}` } },
          { at, stream },
        );
        const { outcome } = await store.append(stream, tip, [said], at);
        if (outcome !== 'appended') throw new Error(`nothing was appended to ${stream}`);
      }
    },
    handle: async (at, ...bodies) => {
      const handle = createSealHandler({
        store,
        tipBefore: createTipBefore({ client, table: eventsTable }),
        roots: createDailyRoots({ client, table: rootsTable }),
        send: async (_queue, messages) => {
          if (sealing.failing) throw new Error('the queue can’t be reached');
          sealing.sent.push(...messages.map(({ body }) => body));
        },
        queue: 'seal',
        now: () => at,
        keepFailure: async ({ reason }) => void sealing.reasons.push(reason),
        logger: quiet,
        pageSize,
      });
      const Records = bodies.map((body, index) => ({ messageId: `m-${index}`, body: JSON.stringify(body) }));
      return (await handle({ Records })).batchItemFailures.length;
    },
    seal: async (at) => {
      for (let open: readonly unknown[] = [{ seal: 'day' }]; open.length > 0; open = sealing.sent.splice(0)) {
        if ((await sealing.handle(at, ...open)) > 0) throw new Error('seal failed');
      }
    },
    verify: (keptRoot) => verify({ client, eventsTable, rootsTable, ...(keptRoot !== undefined && { keptRoot }) }),
  };
  return sealing;
};
