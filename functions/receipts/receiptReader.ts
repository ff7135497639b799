// What became of one message: its status, its reasons, for which ids it waits, and the facts that came of it?
// The queries of receipts call it; it reads one receipt without its body, and streams through the cache.

import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { standing } from '../../domain/history.ts';
import { builtOnce } from '../../events/builtOnce.ts';
import { type ExternalId, identityStreamOf } from '../../events/identifiers.ts';
import { externalIdOfWait } from '../intake/waitingIndex.ts';
import type { CachedStreams, ReadStream } from '../store/cachedStreams.ts';
import { type ReceiptKey, tenantOfKey } from './receipt.ts';
import { type ReceiptFact, storedFacts } from './receiptFacts.ts';
import { type ListedReceipt, listedIn } from './receiptLists.ts';
import { mendingOf } from './receiptMending.ts';
import { waitsUntil } from './waitingAge.ts';

const issues = () => z.array(z.looseObject({ path: z.string(), message: z.string() })).default([]);

const Told = builtOnce(() =>
  z.object({
    issues: issues(),
    parts: z
      .array(z.looseObject({ path: z.string(), status: z.string(), reason: z.string().optional(), issues: issues() }))
      .default([]),
    unknownKeys: z.array(z.string()).default([]),
    freeTexts: z.array(z.string()).default([]),
    waitsUnder: z.array(z.string()).default([]),
    factsLeftOut: z.number().default(0),
    expiresAt: z.number().optional(),
  }),
);

/** A fact of a receipt, held against its stream. */
export interface ShownFact extends ReceiptFact {
  /** Whether its stream has an event of this fact; null where the stream can't be read. */
  readonly recorded: boolean | null;
  /** Whether the event that this receipt said is the one that counts. */
  readonly stands: boolean | null;
  /** The event of the fact that counts now; null where none does. */
  readonly standing: string | null;
}

/** An external id for which the receipt waits, or has waited. */
export interface AwaitedId extends ExternalId {
  readonly linked: boolean;
}

export interface ShownReceipt
  extends ListedReceipt,
    Pick<z.infer<ReturnType<typeof Told>>, 'issues' | 'parts' | 'unknownKeys' | 'freeTexts' | 'factsLeftOut'> {
  /** What to do, so that it becomes facts; null where nothing is to be done. */
  readonly mend: string | null;
  readonly waitsUnder: readonly AwaitedId[];
  readonly facts: readonly ShownFact[];
  /** When it ends as expired if it still waits then; null where it does not wait. */
  readonly waitsUntil: string | null;
  /** When it is deleted; null while it is open. */
  readonly expiresAt: string | null;
}

/** The receipt, read consistently; undefined where there is none. */
export type ReceiptReader = (key: ReceiptKey) => Promise<ShownReceipt | undefined>;

export interface ReceiptReaderSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly cache: Pick<CachedStreams, 'read'>;
  /** The days that a receipt may wait. */
  readonly waitingDays: number;
}

/** Everything but the message itself: it may name people. */
const attributes = [
  ...[
    'partition',
    'id',
    'kind',
    'status',
    'reason',
    'source',
    'issues',
    'parts',
    'unknownKeys',
    'freeTexts',
    'waitsUnder',
  ],
  ...['facts', 'streams', 'factsLeftOut', 'expiresAt'],
];

/** A receipt has few streams. A batch may have very many; of their facts only those of so many streams are held against them. */
const mostStreams = 100;

const shownFact = (fact: ReceiptFact, read: ReadStream | undefined): ShownFact => {
  if (read === undefined) return { ...fact, recorded: null, stands: null, standing: null };
  const { events } = read.history;
  const current = standing({ events }).find(({ factId }) => factId === fact.factId)?.eventId ?? null;
  return {
    ...fact,
    recorded: events.some(({ factId }) => factId === fact.factId),
    stands: current === fact.eventId,
    standing: current,
  };
};

export const createReceiptReader = ({ client, table, cache, waitingDays }: ReceiptReaderSettings): ReceiptReader => {
  const stream = async (id: string): Promise<ReadStream | undefined> => {
    try {
      return (await cache.read([id])).get(id);
    } catch {
      // The receipt is shown also where a stream of it is damaged; /v1/health counts such streams.
      return undefined;
    }
  };

  const awaited = async (tenantId: string, partitions: readonly string[]): Promise<readonly AwaitedId[]> => {
    const ids = partitions.flatMap((partition) => externalIdOfWait(partition) ?? []);
    return await Promise.all(
      ids.map(async (id) => {
        const links = await stream(identityStreamOf(tenantId, id));
        return { ...id, linked: links !== undefined && standing(links.history).length > 0 };
      }),
    );
  };

  const factsIn = async (facts: readonly ReceiptFact[]): Promise<readonly ShownFact[]> => {
    const ids = [...new Set(facts.map((fact) => fact.stream))].slice(0, mostStreams);
    const streams = new Map(await Promise.all(ids.map(async (id) => [id, await stream(id)] as const)));
    return facts.map((fact) => shownFact(fact, streams.get(fact.stream)));
  };

  return async ({ partition, id }) => {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: { partition: { S: partition }, id: { S: id } },
        ConsistentRead: true,
        ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
        ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
      }),
    );
    if (Item?.kind?.S !== 'receipt') return undefined;
    const { facts: _, ...item } = Item;
    const listed = listedIn(item);
    const { waitsUnder, expiresAt, ...told } = Told().parse(unmarshall(item));
    return {
      ...listed,
      mend: mendingOf(listed, tenantOfKey({ partition })),
      ...told,
      waitsUnder: await awaited(tenantOfKey({ partition }), waitsUnder),
      facts: await factsIn(storedFacts(Item)),
      waitsUntil: listed.status === 'waiting' ? waitsUntil(listed.receivedAt, waitingDays) : null,
      expiresAt: expiresAt === undefined ? null : new Date(expiresAt * 1000).toISOString(),
    };
  };
};
