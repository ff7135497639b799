// What is sent for a message that ended, so that its work is done after all? As it is, or what its stream's batch held, asked for again.
import * as z from 'zod';
import type { Origin } from './deadLetterQueues.ts';
import { type CommitPlace, recordedBetween } from './recordedBetween.ts';
import type { Target } from './target.ts';

/** A message that ended. */
export interface Ended {
  readonly messageId: string;
  readonly body: string;
}

/** What takes its place: messages to a queue, or an event for the bus. */
export type Sending =
  | { readonly to: 'queue'; readonly url: string; readonly body: string }
  | { readonly to: 'bus'; readonly source: string; readonly detailType: string; readonly detail: string };

const text = z.object({ S: z.string() });
const Keys = z.union([
  z.object({ stream: text, version: z.object({ N: z.coerce.number() }) }),
  z.object({ partition: text, id: text }),
  z.object({ fed: text, rowKey: text }),
]);

/** Lambda's record of a stream's batch that was given up; the keys of its items only where it is of one machine. */
export const StreamFailure = z.object({
  DDBStreamBatchInfo: z.object({
    startSequenceNumber: z.string(),
    approximateArrivalOfFirstRecord: z.iso.datetime(),
    approximateArrivalOfLastRecord: z.iso.datetime(),
  }),
  streamKeys: z.array(Keys).optional(),
});

const Envelope = z.object({ source: z.string(), 'detail-type': z.string(), detail: z.unknown() });

/** Clocks differ, and a stream's records come a little after what they tell of. */
const aroundMs = 15 * 60_000;

/** A message that is not what its queue's are: it stays where it is, and those behind it go on. */
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

/** Whether it is only a tick of the clock that could not be delivered: the clock has ticked since. */
export const isTick = ({ body }: Ended): boolean =>
  /"source":\s*"aws\.events"/.test(body) && /"detail-type":\s*"Scheduled Event"/.test(body);

/** An event of the bus, and its detail as it is put there again. */
export const busEventOf = (ended: Ended) => {
  const event = parsed(Envelope, ended, 'an event of the bus');
  return { source: event.source, detailType: event['detail-type'], detail: JSON.stringify(event.detail) };
};

/** What is sent in place of a message; a batch of a stream may be many sendings, which come a page at a time. */
export async function* redriven(site: Target, origin: Origin, ended: Ended): AsyncGenerator<readonly Sending[]> {
  const asked = (url: string, body: object): Sending => ({ to: 'queue', url, body: JSON.stringify(body) });
  const places = async function* (): AsyncGenerator<readonly CommitPlace[]> {
    const { DDBStreamBatchInfo: batch, streamKeys } = parsed(StreamFailure, ended, 'a record of a stream’s batch');
    if (streamKeys !== undefined) {
      yield streamKeys.flatMap((keys) =>
        'stream' in keys ? [{ stream: keys.stream.S, version: keys.version.N }] : [],
      );
      return;
    }
    // AWS tells when the batch's records came, and not which they were: everything of that time goes again.
    const around = (instant: string, by: number): string => new Date(Date.parse(instant) + by).toISOString();
    yield* recordedBetween(site.dynamo, site.output('EventsTable'), {
      from: around(batch.approximateArrivalOfFirstRecord, -aroundMs),
      to: around(batch.approximateArrivalOfLastRecord, aroundMs),
    });
  };
  switch (origin.kind) {
    case 'queue':
      yield [{ to: 'queue', url: origin.url, body: ended.body }];
      return;
    case 'bus':
      yield [{ to: 'bus', ...busEventOf(ended) }];
      return;
    case 'commits':
      for await (const page of places()) yield page.map((place) => asked(origin.url, place));
      return;
    case 'streams':
      for await (const page of places()) {
        yield [...new Set(page.map(({ stream }) => stream))].map((stream) => asked(origin.url, { stream }));
      }
      return;
    case 'receipts': {
      const { streamKeys } = parsed(StreamFailure, ended, 'a record of a stream’s batch');
      // Without keys, the sweep finds them: they are pending, which an index says.
      if (streamKeys === undefined) yield [asked(site.output('SweepQueue'), { sweep: 'receipts' })];
      else
        yield streamKeys.flatMap((keys) =>
          'partition' in keys ? [asked(origin.url, { receipt: { partition: keys.partition.S, id: keys.id.S } })] : [],
        );
      return;
    }
    case 'groups': {
      const { streamKeys } = parsed(StreamFailure, ended, 'a record of a stream’s batch');
      // Without keys nobody knows which groups they were: a rebuild of everything wakes all of them.
      if (streamKeys === undefined) yield [asked(site.output('SweepQueue'), { sweep: 'pager', all: true })];
      else yield streamKeys.flatMap((keys) => ('fed' in keys ? [asked(origin.url, { changed: keys })] : []));
      return;
    }
    case 'nobody':
      throw new NotUnderstood('what ends in this queue goes back to nobody: a person reads it');
    default:
      origin satisfies never;
  }
}
