// What does a caller read of a run: how far it is, and once it is over the pages of its result?
// The queries of runs call it; it reads the table of answers, and for a partner current rows and streams.
import * as z from 'zod';
import { rules } from '../../domain/patterns/catalog.ts';
import { added, scoreOf, type Tallies } from '../../domain/whatIf/scores.ts';
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Caller } from '../http/caller.ts';
import type { ReadRow } from '../query/rowReader.ts';
import { type Gathered, isGathered } from './gathered.ts';
import { askingOf, type Run } from './run.ts';
import type { DoneChunk, RunStore } from './runStore.ts';
import { createStillGranted, type StillGrantedSettings } from './stillGranted.ts';

const Cells = z.record(z.string(), z.json());
export type Item = Readonly<z.infer<typeof Cells>>;

/** A place in the result: an item of a part of a chunk. */
export const ResultPlace = z.strictObject({
  page: z.int().min(0),
  slice: z.int().min(0),
  part: z.int().min(0),
  item: z.int().min(0),
});
export type ResultPlace = Readonly<z.infer<typeof ResultPlace>>;

export const statuses = ['running', 'done', 'cancelled', 'failed'] as const;
export type Status = (typeof statuses)[number];

/**
 * The time in which at least one chunk of a run is answered, or fails for the last time. After it, its messages are lost or lie in the
 * dead-letter queue.
 */
const stalledMs = 2 * 3_600_000;

/** The run with what its chunks say. */
export interface RunSeen {
  readonly run: Run;
  readonly status: Status;
  readonly done: readonly DoneChunk[];
}

/** When its last chunk was done; when it began where none is. */
export const lastStepOf = ({ startedAt }: Run, done: readonly DoneChunk[]): Instant =>
  done.reduce((last, { at = startedAt }) => (at > last ? at : last), startedAt);

export const statusOf = (run: Run, done: readonly DoneChunk[], now: Instant): Status => {
  const { cancelled, listed, failed } = run;
  if (cancelled) return 'cancelled';
  if (listed !== undefined && done.length >= listed.chunks) return 'done';
  return failed !== undefined || addMilliseconds(lastStepOf(run, done), stalledMs) <= now ? 'failed' : 'running';
};

/** What went wrong inside is for the tenant's own people; a partner reads that something did. */
const reasonFor = ({ asker }: Run, reason: string): string =>
  asker.role === 'vendor' ? reason : 'an error of ours; ask again';

const problemOf = ({ run, status }: RunSeen): string | null => {
  if (status !== 'failed') return null;
  return run.failed === undefined
    ? 'no part of it was answered for two hours; ask again'
    : reasonFor(run, `what it covers could not be listed: ${run.failed}`);
};

const scoresOf = (done: readonly DoneChunk[]) => {
  const [is, wouldBe]: readonly [Tallies, Tallies] = [
    added(done.map(({ tallies }) => tallies.is)),
    added(done.map(({ tallies }) => tallies.wouldBe)),
  ];
  return rules.flatMap(({ id, title }) => {
    if (is[id] === undefined && wouldBe[id] === undefined) return [];
    return [{ rule: id, title, is: scoreOf(id, is[id]), wouldBe: scoreOf(id, wouldBe[id]) }];
  });
};

/** What is said of a run, whatever its state. */
export const aboutRun = (seen: RunSeen) => {
  const { run, status, done } = seen;
  const { id, question, startedAt, expiresAt, listed } = run;
  const isWhole = status === 'done';
  return {
    ...{ run: id, status, problem: problemOf(seen), question, startedAt, expiresAt },
    progress: {
      // How much there is is known once all is listed.
      of: listed?.streams ?? null,
      done: done.reduce((sum, { streams }) => sum + streams, 0),
      items: done.reduce((sum, { items }) => sum + items, 0),
    },
    unreadable: done.flatMap(({ unreadable }) => unreadable),
    failed: done.flatMap(({ failed }) =>
      failed.map(({ id: of, reason }) => ({ id: of, reason: reasonFor(run, reason) })),
    ),
    ...(isWhole && question.ask === 'whatIf' ? { scores: scoresOf(done) } : {}),
  };
};

export interface ResultAsked {
  readonly seen: RunSeen;
  readonly caller: Caller;
  readonly after: ResultPlace | undefined;
  readonly limit: number;
}

export interface Result {
  readonly items: readonly { readonly item: ReadRow; readonly place: ResultPlace }[];
  /** The last item that was read, where more follow. */
  readonly end: ResultPlace | undefined;
}

/** Reads the items of a run that is done, from a place on. */
export const createRunResult = ({
  runs,
  gathered,
  ...settings
}: StillGrantedSettings & { readonly runs: Pick<RunStore, 'part'>; readonly gathered: Gathered }) => {
  const stillGranted = createStillGranted(settings);
  const itemsIn = async (run: Run, chunk: DoneChunk, part: number): Promise<readonly Item[]> =>
    z.array(Cells).parse(JSON.parse(await runs.part(run, chunk, part)));

  /** A page of rows that are gathered from all items; their places count them. */
  const gatheredPage = async ({ seen: { run, done }, after, limit }: ResultAsked): Promise<Result> => {
    const fed: Item[] = [];
    for (const chunk of done)
      for (let part = 0; part < chunk.parts; part += 1) fed.push(...(await itemsIn(run, chunk, part)));
    const rows = await gathered(askingOf(run), fed);
    const begin = after === undefined ? 0 : after.item + 1;
    const items = rows
      .slice(begin, begin + limit)
      .map(({ item }, index) => ({ item, place: { page: 0, slice: 0, part: 0, item: begin + index } }));
    return { items, end: begin + limit < rows.length ? items.at(-1)?.place : undefined };
  };

  return async (asked: ResultAsked): Promise<Result> => {
    const { seen, caller, after, limit } = asked;
    if (isGathered(seen.run.question)) return await gatheredPage(asked);
    const found: { item: Item; place: ResultPlace }[] = [];
    const isDone = ({ page, slice }: DoneChunk): boolean =>
      after !== undefined && (page < after.page || (page === after.page && slice < after.slice));
    for (const chunk of seen.done.filter((each) => !isDone(each))) {
      const { page, slice } = chunk;
      const isOf = after?.page === page && after.slice === slice;
      for (let part = isOf ? after.part : 0; part < chunk.parts && found.length <= limit; part += 1) {
        const items = await itemsIn(seen.run, chunk, part);
        const begin = isOf && part === after.part ? after.item + 1 : 0;
        for (const [item, cells] of items.entries())
          if (item >= begin) found.push({ item: cells, place: { page, slice, part, item } });
      }
      if (found.length > limit) break;
    }
    const page = found.slice(0, limit);
    const items = await stillGranted({ run: seen.run, caller }, page);
    return { items, end: found.length > limit ? page.at(-1)?.place : undefined };
  };
};
