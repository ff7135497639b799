// How are all rows brought up to date, and how does a person see it happen? A run of the pager, followed to its end and to that of what it sent.
import { setTimeout as pause } from 'node:timers/promises';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createRebuildRuns, type RebuildRun } from '../../functions/sweep/rebuildRuns.ts';
import { refuse } from '../local/core/refusal.ts';
import type { Target } from './target.ts';

export interface RebuildRequest {
  /** One stream; absent: all whose rows are behind. */
  readonly stream?: string;
  /** Streams a second; absent: as the deployment says. */
  readonly rate?: number;
  /** The id of the run. */
  readonly run: string;
}

/** What waits in the queues that a rebuild goes through. */
export interface Waiting {
  readonly visible: number;
  /** Held by somebody, or failed and coming again. */
  readonly held: number;
  /** Given up. */
  readonly deadLetters: number;
}

export interface Progress {
  /** Of the run; absent where one stream is rebuilt, or before it has begun. */
  readonly run?: RebuildRun;
  readonly waiting: Waiting;
}

export interface Rebuilding {
  readonly site: Target;
  readonly request: RebuildRequest;
  /** Told at each look, which are so many milliseconds apart. */
  readonly progress: (progress: Progress) => void;
  readonly lookEveryMs?: number;
}

type Count =
  | 'ApproximateNumberOfMessages'
  | 'ApproximateNumberOfMessagesNotVisible'
  | 'ApproximateNumberOfMessagesDelayed';

async function counts(site: Target, output: string): Promise<Readonly<Record<'visible' | 'held' | 'delayed', number>>> {
  const AttributeNames: Count[] = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ];
  const { Attributes = {} } = await site.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: site.output(output), AttributeNames }),
  );
  const of = (name: Count): number => Number(Attributes[name] ?? 0);
  return {
    visible: of('ApproximateNumberOfMessages'),
    held: of('ApproximateNumberOfMessagesNotVisible'),
    delayed: of('ApproximateNumberOfMessagesDelayed'),
  };
}

async function waitingAt(site: Target): Promise<Waiting> {
  const [project, sweep, ...ended] = await Promise.all(
    ['ProjectQueue', 'SweepQueue', 'ProjectDeadLetters', 'SweepDeadLetters', 'ProjectStreamFailures'].map((output) =>
      counts(site, output),
    ),
  );
  return {
    visible: (project?.visible ?? 0) + (sweep?.visible ?? 0),
    // A delayed stream is one that has failed; a delayed message of sweep is a page to come, or a later run of a change of context.
    held: (project?.held ?? 0) + (project?.delayed ?? 0) + (sweep?.held ?? 0),
    deadLetters: ended.reduce((sum, { visible, held }) => sum + visible + held, 0),
  };
}

/** Refuses a stream in which nothing has been recorded. */
async function refuseUnknown({ dynamo, output }: Target, stream: string): Promise<void> {
  const Key = { stream: { S: stream }, version: { N: '1' } };
  const asked = { TableName: output('EventsTable'), Key, ProjectionExpression: 'version' };
  const { Item } = await dynamo.send(new GetItemCommand(asked));
  if (Item !== undefined) return;
  refuse(`There is no stream ${stream}: name one as {tenant}/{kind}/{id}, such as acme/engagement/<id>.`);
}

/** What a rebuild has not done; nothing where every row is up to date. */
export function leftUndone(begun: Waiting, ended: Waiting): readonly string[] {
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
    '`npm run redrive -- --list` says why; so do the failures table, by stream, and project’s log. Mend it, then rebuild again.',
  ];
}

/** A stack’s queues stand still, or hold the same messages, for so many looks: nothing more happens to them soon. */
const looksAtRest = 15;

/** Begins it, follows it to its end, and answers what it left undone. */
export async function rebuild({
  site,
  request,
  progress,
  lookEveryMs = 1_000,
}: Rebuilding): Promise<readonly string[]> {
  const { stream, rate, run } = request;
  if (stream !== undefined) await refuseUnknown(site, stream);
  const begun = await waitingAt(site);
  const [queue, body] =
    stream === undefined
      ? (['SweepQueue', { sweep: 'pager', run, ...(rate !== undefined && { rate }) }] as const)
      : (['ProjectQueue', { stream }] as const);
  await site.sqs.send(new SendMessageCommand({ QueueUrl: site.output(queue), MessageBody: JSON.stringify(body) }));

  const runs = createRebuildRuns({ client: site.dynamo, table: site.output('RunsTable') });
  const look = async (): Promise<Progress> => {
    const found = stream === undefined ? await runs.get(run) : undefined;
    const now: Progress = { waiting: await waitingAt(site), ...(found !== undefined && { run: found }) };
    progress(now);
    return now;
  };
  let now = await look();
  let rested = 0;
  while (stream === undefined && now.run?.over !== true) {
    // A page that was given up comes no more; one that fails may yet succeed.
    if (now.waiting.deadLetters > begun.deadLetters) return leftUndone(begun, now.waiting);
    await pause(lookEveryMs);
    now = await look();
  }
  if (site.drained !== undefined) {
    await site.drained();
    return leftUndone(begun, await waitingAt(site));
  }
  for (let before = now.waiting; rested < looksAtRest; before = now.waiting) {
    await pause(lookEveryMs);
    now = await look();
    const isSame = now.waiting.visible === 0 && now.waiting.held === before.held;
    rested = isSame ? rested + 1 : 0;
    // SQS counts by and by: nothing at all has to be seen a few times before it is believed.
    if (rested >= 3 && now.waiting.held === 0) break;
  }
  return leftUndone(begun, now.waiting);
}
