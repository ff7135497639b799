// How are all rows brought up to date? The pager's message on sweep's queue, or one stream on project's, and what is left of it.
import { dataFiles } from './dataDirectory.ts';
import type { Properties } from './properties.ts';
import { refuse } from './refusal.ts';
import type { Runtime } from './runtime.ts';

export interface RebuildRequest {
  /** One stream; absent: all whose rows are behind. */
  readonly stream?: string;
}

export function rebuildRequest(given: Properties): RebuildRequest {
  const stream = given.text('stream', '');
  return stream === '' ? {} : { stream };
}

/** Messages on the queues that a rebuild goes through. */
export interface RebuildStatus {
  readonly pages: number;
  readonly streams: number;
  /** Of both, those that somebody holds, or that failed and come again. */
  readonly held: number;
  /** Those that were given up. */
  readonly deadLetters: number;
}

export function statusOf(given: Properties): RebuildStatus {
  const [pages, streams] = [given.number('pages'), given.number('streams')];
  return { pages, streams, held: given.number('held'), deadLetters: given.number('deadLetters') };
}

export function rebuildStatus({
  queueStore,
  queueOf,
  plan,
}: Pick<Runtime, 'queueStore' | 'queueOf' | 'plan'>): RebuildStatus {
  const [sweep, project] = [queueOf('sweep'), queueOf('project')];
  const [pages, streams] = [queueStore.counts(sweep), queueStore.counts(project)];
  const consumer = plan.queueMappings.find(({ queue }) => queue === project)?.function;
  const givenUp = [
    ...[sweep, project].map((queue) => queueStore.queue(queue)?.redrive?.deadLetterQueue),
    ...plan.streamMappings.filter((each) => each.function === consumer).map((each) => each.onFailureQueue),
  ].filter((queue) => queue !== undefined);
  return {
    pages: pages.visible + pages.inFlight + pages.delayed,
    streams: streams.visible + streams.inFlight + streams.delayed,
    // A delayed stream is one that has failed; a delayed message of sweep is the later run of a change of context.
    held: pages.inFlight + streams.inFlight + streams.delayed,
    deadLetters: [...new Set(givenUp)].reduce((sum, queue) => sum + queueStore.counts(queue).visible, 0),
  };
}

/** What a rebuild has not done, once all work that is due is done; nothing where every row is up to date. */
export function leftUndone(begun: RebuildStatus, ended: RebuildStatus, dataDir: string): readonly string[] {
  const given = ended.deadLetters - begun.deadLetters;
  const left = [
    ...(ended.held > 0
      ? [`Messages of sweep and project that failed, or are held, and come again: ${ended.held}.`]
      : []),
    ...(given > 0 ? [`Messages of sweep and project that were given up, now in dead-letter queues: ${given}.`] : []),
  ];
  if (left.length === 0) return [];
  return [
    'Not every row is up to date.',
    ...left,
    `Why stands in the failures table, by stream, and in ${dataFiles.output(dataDir)}; mend it, then rebuild again.`,
  ];
}

/** Refuses a rebuild of a stream in which nothing has been recorded. */
export async function refuseUnknownStream(
  { plan, engine }: Pick<Runtime, 'plan' | 'engine'>,
  { stream }: RebuildRequest,
): Promise<void> {
  if (stream === undefined) return;
  const table = plan.functions.find(({ environment }) => environment.EVENTS_TABLE !== undefined)?.environment
    .EVENTS_TABLE;
  if (table === undefined) return refuse('No function of the template names EVENTS_TABLE, which holds the streams.');
  const Key = { stream: { S: stream }, version: { N: '1' } };
  const { Item } = await engine.call('GetItem', { TableName: table, Key, ProjectionExpression: 'version' });
  if (Item !== undefined) return;
  refuse(`There is no stream ${stream}: name one as {tenant}/{kind}/{id}, such as acme/engagement/<id>.`);
}

/** Starts it; what it enqueues is worked off like everything else. */
export function startRebuild(
  runtime: Pick<Runtime, 'queueStore' | 'queueOf' | 'plan'>,
  { stream }: RebuildRequest,
): RebuildStatus {
  const { queueStore, queueOf } = runtime;
  const message =
    stream === undefined
      ? { queue: queueOf('sweep'), body: JSON.stringify({ sweep: 'pager' }) }
      : { queue: queueOf('project'), body: JSON.stringify({ stream }) };
  queueStore.sendAll([message]);
  return rebuildStatus(runtime);
}
