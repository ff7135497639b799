// What does redrive send in place of a dead letter? The message itself; for a stream's batch, messages that request its content again.
// redriveQueue.ts calls it; for a batch it reads the events table.
import * as z from 'zod';
import { groupOf, tenantOfStream } from '../../../functions/aws/messageGroup.ts';
import type { Target } from '../target.ts';
import type { Origin } from './deadLetterQueues.ts';
import { type CommitPlace, recordedBetween } from './recordedBetween.ts';

/** A message in a dead-letter queue. */
export interface Ended {
  readonly messageId: string;
  readonly body: string;
  /** Its message group; absent where a rule of the bus sent it. */
  readonly group?: string | undefined;
}

/** What is sent in its place: messages to a queue, or an event for the bus. */
export type Sending =
  | { readonly to: 'queue'; readonly url: string; readonly body: string; readonly group?: string | undefined }
  | { readonly to: 'bus'; readonly source: string; readonly detailType: string; readonly detail: string };

const text = z.object({ S: z.string() });
const Keys = z.union([
  z.object({ stream: text, version: z.object({ N: z.coerce.number() }) }),
  z.object({ partition: text, id: text }),
  z.object({ fed: text, rowKey: text }),
]);

/** Lambda's record of a stream's batch that was given up. Only the local runtime adds the keys of its items. */
export const StreamFailure = z.object({
  DDBStreamBatchInfo: z.object({
    startSequenceNumber: z.string(),
    approximateArrivalOfFirstRecord: z.iso.datetime(),
    approximateArrivalOfLastRecord: z.iso.datetime(),
  }),
  streamKeys: z.array(Keys).optional(),
});

const Envelope = z.object({ source: z.string(), 'detail-type': z.string(), detail: z.unknown() });

/** Clocks differ, and a stream's records come shortly after their commits. */
const aroundMs = 15 * 60_000;

/** A message that doesn't fit its queue: it stays in the queue, and the messages after it are redriven. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

const parsed = <T>(type: z.ZodType<T>, { messageId, body }: Ended, what: string): T => {
  try {
    return type.parse(JSON.parse(body));
  } catch (error) {
    throw new NotUnderstood(`message ${messageId} is not ${what}: ${body.slice(0, 200)}`, { cause: error });
  }
};

/** Whether the message is a tick of the clock: newer ticks have replaced it, so it is not sent again. */
export const isTick = ({ body }: Ended): boolean =>
  /"source":\s*"aws\.events"/.test(body) && /"detail-type":\s*"Scheduled Event"/.test(body);

/** An event of the bus, with the detail that is put there again. */
export const busEventOf = (ended: Ended) => {
  const event = parsed(Envelope, ended, 'an event of the bus');
  return { source: event.source, detailType: event['detail-type'], detail: JSON.stringify(event.detail) };
};

/** The tenant of a partition key, before its first `#`. */
const ownerOf = (partition: string): string => partition.split('#')[0] ?? '';

/** What is sent in place of a message. A stream's batch may need many sends, which come page by page. */
export async function* redriven(site: Target, origin: Origin, ended: Ended): AsyncGenerator<readonly Sending[]> {
  const asked = (url: string, body: object, tenantId?: string): Sending => ({
    ...{ to: 'queue', url, body: JSON.stringify(body), group: groupOf(tenantId) },
  });
  const places = async function* (): AsyncGenerator<readonly CommitPlace[]> {
    const { DDBStreamBatchInfo: batch, streamKeys } = parsed(StreamFailure, ended, 'a record of a stream’s batch');
    if (streamKeys !== undefined) {
      yield streamKeys.flatMap((keys) =>
        'stream' in keys ? [{ stream: keys.stream.S, version: keys.version.N }] : [],
      );
      return;
    }
    // AWS says when the batch's records came, but not which records: everything from that time is sent again.
    const around = (instant: string, by: number): string => new Date(Date.parse(instant) + by).toISOString();
    yield* recordedBetween(site.dynamo, site.output('EventsTable'), {
      from: around(batch.approximateArrivalOfFirstRecord, -aroundMs),
      to: around(batch.approximateArrivalOfLastRecord, aroundMs),
    });
  };
  switch (origin.kind) {
    case 'queue':
      yield [{ to: 'queue', url: origin.url, body: ended.body, group: ended.group }];
      return;
    case 'bus':
      yield [{ to: 'bus', ...busEventOf(ended) }];
      return;
    case 'commits':
      for await (const page of places())
        yield page.map((place) => asked(origin.url, place, tenantOfStream(place.stream)));
      return;
    case 'streams':
      for await (const page of places()) {
        yield [...new Set(page.map(({ stream }) => stream))].map((stream) =>
          asked(origin.url, { stream }, tenantOfStream(stream)),
        );
      }
      return;
    case 'receipts': {
      const { streamKeys } = parsed(StreamFailure, ended, 'a record of a stream’s batch');
      // Without keys, sweep finds the receipts: an index lists those that are pending.
      if (streamKeys === undefined) yield [asked(site.output('SweepQueue'), { sweep: 'receipts' })];
      else
        yield streamKeys.flatMap((keys) =>
          'partition' in keys
            ? [
                asked(
                  origin.url,
                  { receipt: { partition: keys.partition.S, id: keys.id.S } },
                  ownerOf(keys.partition.S),
                ),
              ]
            : [],
        );
      return;
    }
    case 'groups': {
      const { streamKeys } = parsed(StreamFailure, ended, 'a record of a stream’s batch');
      // Without keys the groups are unknown: a rebuild of everything wakes all groups.
      if (streamKeys === undefined) yield [asked(site.output('SweepQueue'), { sweep: 'pager', all: true })];
      else
        yield streamKeys.flatMap((keys) =>
          'fed' in keys ? [asked(origin.url, { changed: keys }, ownerOf(keys.fed.S))] : [],
        );
      return;
    }
    case 'nobody':
      throw new NotUnderstood('nobody takes the messages of this queue again: a person reads them');
    default:
      origin satisfies never;
  }
}
