// Which facts does the event store of a data directory hold, and any of them twice? Every commit is read, and every chain verified.
import { paginateScan } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { onTarget } from '../../infra/commands/target.ts';
import { verify } from '../../infra/commands/verifyStore.ts';

const Stored = z.array(z.object({ type: z.string(), factId: z.string(), source: z.string() }));

export interface RecordedOnce {
  /** How many facts of outside systems there are. */
  readonly facts: number;
  /** How many of them have more than one event. */
  readonly doubled: number;
  /** What `verify` finds. */
  readonly faults: number;
}

/** What reactions of the pipeline itself say is left out: it comes of the facts. */
const isOwn = (type: string): boolean => ['StageEntered', 'CustomerIdentified', 'IdentityLinked'].includes(type);

export const recordedOnce = (dataDir: string): Promise<RecordedOnce> =>
  onTarget({ dataDir }, async ({ dynamo: client, output }) => {
    const eventsTable = output('EventsTable');
    const events = new Map<string, number>();
    const scan = {
      TableName: eventsTable,
      ProjectionExpression: '#events',
      ExpressionAttributeNames: { '#events': 'events' },
    };
    for await (const { Items = [] } of paginateScan({ client }, scan)) {
      for (const { events: text } of Items) {
        for (const { type, factId } of Stored.parse(JSON.parse(text?.S ?? '[]'))) {
          if (!isOwn(type)) events.set(factId, (events.get(factId) ?? 0) + 1);
        }
      }
    }
    const { faults } = await verify({ client, eventsTable, rootsTable: output('RootsTable') });
    const doubled = [...events.values()].filter((count) => count > 1).length;
    return { facts: events.size, doubled, faults: faults.length };
  });
