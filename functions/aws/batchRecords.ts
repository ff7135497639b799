// Which queue messages or stream records has Lambda delivered as a batch?
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

export interface QueueRecord {
  /** The message's id. */
  readonly id: string;
  readonly body: string;
  /** How often the message has been received by now. */
  readonly receiveCount?: number | undefined;
  /** Milliseconds since 1970. */
  readonly sentAt?: number | undefined;
}

/**
 * A change of one table item. AWS promises order only among the records of one item (one partition key and sort key). Each
 * commit is an item of its own, so AWS promises no order between the commits of a stream. They share a partition key and
 * usually arrive in order, but no function may rely on that.
 */
export interface StreamRecord {
  /** The sequence number. */
  readonly id: string;
  /** INSERT, MODIFY or REMOVE. */
  readonly change: string;
  /** The item's key and the item, as `Attributes` reads them. */
  readonly keys: unknown;
  readonly image: unknown;
}

export type Batch =
  | { readonly from: 'queue'; readonly records: readonly QueueRecord[] }
  | { readonly from: 'stream'; readonly records: readonly StreamRecord[] };

/** An item as a stream's record holds it: in the SDK's form, except that bytes are base64 text. */
export const Attributes = z.record(
  z.string(),
  z.custom<AttributeValue>((value) => typeof value === 'object' && value !== null),
);

const queueRecord = z
  .object({
    messageId: z.string().min(1),
    body: z.string(),
    attributes: z
      .object({
        ApproximateReceiveCount: z.coerce.number().optional(),
        SentTimestamp: z.coerce.number().int().min(0).optional(),
      })
      .prefault({}),
  })
  .transform(
    ({ messageId, body, attributes }): QueueRecord => ({
      ...{ id: messageId, body },
      ...{ receiveCount: attributes.ApproximateReceiveCount, sentAt: attributes.SentTimestamp },
    }),
  );

const streamRecord = z
  .object({
    eventName: z.string().default('INSERT'),
    dynamodb: z.object({
      SequenceNumber: z.string().min(1),
      Keys: z.unknown().optional(),
      NewImage: z.unknown().optional(),
    }),
  })
  .transform(
    ({ eventName, dynamodb }): StreamRecord => ({
      ...{ id: dynamodb.SequenceNumber, change: eventName },
      ...{ keys: dynamodb.Keys, image: dynamodb.NewImage },
    }),
  );

const OfQueue = z.object({ Records: z.array(queueRecord) });
const OfStream = z.object({ Records: z.array(streamRecord) });

/** The event as a batch; undefined where it is not a batch, or where a record has no id. */
export const batchIn = (event: unknown): Batch | undefined => {
  const ofQueue = OfQueue.safeParse(event);
  if (ofQueue.success) return { from: 'queue', records: ofQueue.data.Records };
  const ofStream = OfStream.safeParse(event);
  return ofStream.success ? { from: 'stream', records: ofStream.data.Records } : undefined;
};

/** What a record asks for; or why it is not understood, with the event's id where that could be read. */
export type Understood<Item> =
  | { readonly ok: true; readonly item: Item }
  | { readonly ok: false; readonly reason: string; readonly eventId?: string | undefined };

/** The parsed JSON of a message's body; undefined where the body is not JSON. */
export const jsonIn = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** Reads message bodies by a schema; `expected` is the reason for a body that does not match: `the message names no stream, as {"stream": "…"}`. */
export const bodyOf =
  <Item>(schema: z.ZodType<Item>, expected: string) =>
  ({ body }: QueueRecord): Understood<Item> => {
    const said = schema.safeParse(jsonIn(body));
    return said.success ? { ok: true, item: said.data } : { ok: false, reason: `notUnderstood: ${expected}` };
  };
