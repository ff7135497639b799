// What does each message of a run do: list what the run covers, or answer a chunk of it?
// The answer handler and the queries that begin a run call it; it reads streams, writes the table of answers, and sends to answer's own queue.
import * as z from 'zod';
import { reasonOf } from '../aws/failureLog.ts';
import type { SendMessages } from '../aws/sqs.ts';
import type { Answer } from './answer.ts';
import type { PlacedItem } from './placed.ts';
import { askingOf, Chunk, chunkStreams, type Listed, pageStreams, type Run } from './run.ts';
import type { ListPage, RunStore } from './runStore.ts';
import type { ReadScope } from './scope.ts';
import { wholeOrInParts } from './wholeOrInParts.ts';

const Before = z.strictObject({ streams: z.int().min(0), chunks: z.int().min(0) });

/** A message of answer's queue. `after` is where the page of the list begins; absent for the first. */
export const RunMessage = z.union([
  z.strictObject({
    tenantId: z.string().min(1),
    run: z.string().min(1),
    list: z.int().min(0),
    after: z.string().optional(),
    before: Before,
  }),
  z.strictObject({ tenantId: z.string().min(1), run: z.string().min(1), chunk: Chunk }),
]);
export type RunMessage = Readonly<z.infer<typeof RunMessage>>;

/** The message that begins a run. */
export const firstMessage = ({ id, asker }: Run): RunMessage => ({
  ...{ tenantId: asker.tenantId, run: id },
  ...{ list: 0, before: { streams: 0, chunks: 0 } },
});

export interface RunStepsSettings {
  readonly runs: RunStore;
  readonly scope: ReadScope;
  readonly answer: Answer;
  /** Sends messages to answer's own queue. */
  readonly send: (messages: readonly RunMessage[]) => Promise<void>;
  readonly now: () => string;
  readonly newId: () => string;
}

/** Sends messages of runs to a queue, each in the group of its tenant. */
export const sendingTo =
  (send: SendMessages, queueUrl: string): RunStepsSettings['send'] =>
  (messages) =>
    send(
      queueUrl,
      messages.map((body) => ({ tenantId: body.tenantId, body })),
    );

/** An item of DynamoDB has at most 400 KB; a part stays below that even where it can't be packed. */
const partBytes = 300_000;

/** The items as JSON arrays, each within the bound; an item above it stands alone. */
const partsOf = (items: readonly PlacedItem[]): readonly string[] => {
  const parts: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { item } of items) {
    const text = JSON.stringify(item);
    const size = Buffer.byteLength(text) + 1;
    if (bytes + size > partBytes) {
      parts.push([]);
      bytes = 2;
    }
    bytes += size;
    parts.at(-1)?.push(text);
  }
  return parts.map((texts) => `[${texts.join(',')}]`);
};

const slicesOf = (ids: readonly string[]): number => Math.ceil(ids.length / chunkStreams);

export interface Try {
  /** Whether the queue delivers the message no more. */
  readonly isLast: boolean;
}

/**
 * Does the step of a message. Repetition changes nothing: a page of the list is kept once, and so is a chunk. The last try of a chunk
 * names what can't be folded, and keeps the rest; without its list a run fails.
 */
export const createRunStep = ({ runs, scope, answer, send, now, newId }: RunStepsSettings) => {
  const answered = wholeOrInParts(answer);

  const underWay = async ({ tenantId, run: id }: RunMessage): Promise<Run | undefined> => {
    const run = await runs.get(tenantId, id);
    const isOver = run === undefined || run.cancelled || run.failed !== undefined || run.expiresAt <= now();
    return isOver ? undefined : run;
  };

  const pageOf = async (
    run: Run,
    { list, after, before }: Extract<RunMessage, { readonly list: number }>,
  ): Promise<ListPage> => {
    const known = await runs.list(run, list);
    if (known !== undefined) return known;
    const { ids, next } = await scope(askingOf(run), { after, limit: pageStreams });
    return await runs.putList(run, list, { ids: [...ids], ...(next !== undefined && { next }), before });
  };

  const list = async (run: Run, message: Extract<RunMessage, { readonly list: number }>): Promise<void> => {
    const { ids, next, before } = await pageOf(run, message);
    const slices = slicesOf(ids);
    const known: Listed = { streams: before.streams + ids.length, chunks: before.chunks + slices };
    const { tenantId } = message;
    const chunks = Array.from(
      { length: slices },
      (_, slice): RunMessage => ({
        ...{ tenantId, run: run.id },
        chunk: { page: message.list, slice },
      }),
    );
    const onwards: readonly RunMessage[] =
      next === undefined ? [] : [{ tenantId, run: run.id, list: message.list + 1, after: next, before: known }];
    await send([...onwards, ...chunks]);
    if (next === undefined) await runs.setListed(run, known);
  };

  const work = async (run: Run, chunk: Chunk, { isLast }: Try): Promise<void> => {
    if (await runs.hasDone(run, chunk)) return;
    const page = await runs.list(run, chunk.page);
    if (page === undefined) throw new Error(`run ${run.id} lacks page ${chunk.page} of its list`);
    const ids = page.ids.slice(chunk.slice * chunkStreams, (chunk.slice + 1) * chunkStreams);
    const { items, tallies, unreadable, failed } = await answered(askingOf(run), { ids, isLast });
    const named = { ...chunk, attempt: newId() };
    const done = { ...named, streams: ids.length, unreadable: [...unreadable], at: now() };
    const parts = partsOf(items);
    try {
      for (const [index, text] of parts.entries()) await runs.putPart(run, named, index, text);
    } catch (error) {
      if (!isLast) throw error;
      // An item that no table takes, for one.
      const none = { parts: 0, items: 0, tallies: { is: {}, wouldBe: {} } };
      await runs.putDone(run, { ...done, ...none, failed: ids.map((id) => ({ id, reason: reasonOf(error) })) });
      return;
    }
    await runs.putDone(run, { ...done, parts: parts.length, items: items.length, failed: [...failed], tallies });
  };

  const listed = async (run: Run, message: Extract<RunMessage, { readonly list: number }>, { isLast }: Try) => {
    try {
      await list(run, message);
    } catch (error) {
      if (isLast) await runs.fail(run, reasonOf(error));
      throw error;
    }
  };

  return async (message: RunMessage, of: Try = { isLast: false }): Promise<void> => {
    const run = await underWay(message);
    if (run === undefined) return;
    if ('list' in message) await listed(run, message, of);
    else await work(run, message.chunk, of);
  };
};
