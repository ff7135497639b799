// How does a rebuild run, and when is it finished? It starts a run of the pager, and follows it until the run and all messages that it sent are done.
// `npm run rebuild` calls it; it sends to and counts the queues of sweep, project and rollup, and reads the runs table.
import { setTimeout as pause } from 'node:timers/promises';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { groupOf, tenantOfStream } from '../../functions/aws/messageGroup.ts';
import { createRebuildRuns, type RebuildRun } from '../../functions/sweep/rebuildRuns.ts';
import { refuse } from '../local/core/refusal.ts';
import type { Target } from './target.ts';

export interface RebuildRequest {
  /** The one stream to rebuild; absent: every stream whose rows are outdated. */
  readonly stream?: string;
  /** Streams a second; absent: the rate of the deployment. */
  readonly rate?: number;
  /** The id of the run. */
  readonly run: string;
}

/** The messages in the queues that a rebuild uses. */
export interface Waiting {
  readonly visible: number;
  /** Messages in work, or failed and waiting for a retry. */
  readonly held: number;
  /** Messages in dead-letter queues. */
  readonly deadLetters: number;
}

export interface Progress {
  /** The progress of the run; absent where one stream is rebuilt, or before the run has begun. */
  readonly run?: RebuildRun;
  readonly waiting: Waiting;
}

export interface Rebuilding {
  readonly site: Target;
  readonly request: RebuildRequest;
  /** Called at each look; `everyMs` is the time between two looks. */
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

const deadLetterOutputs = [
  'ProjectDeadLetters',
  'SweepDeadLetters',
  'RollupDeadLetters',
  'ProjectStreamFailures',
  'RollupStreamFailures',
];

async function waitingAt(site: Target): Promise<Waiting> {
  const [project, sweep, rollup] = await Promise.all([
    counts(site, 'ProjectQueue'),
    counts(site, 'SweepQueue'),
    counts(site, 'RollupQueue'),
  ]);
  const ended = await Promise.all(deadLetterOutputs.map((output) => counts(site, output)));
  return {
    visible: project.visible + sweep.visible + rollup.visible,
    // A delayed message of project or rollup is work that failed. A delayed message of sweep is a later page, or a later run for a change of context.
    held: project.held + project.delayed + sweep.held + rollup.held + rollup.delayed,
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

/** Sentences about what the rebuild did not do; none where every row is up to date. */
export function leftUndone(begun: Waiting, ended: Waiting): readonly string[] {
  const given = ended.deadLetters - begun.deadLetters;
  const left = [
    ...(ended.held > 0 ? [`Messages of sweep, project and rollup that wait for a retry: ${ended.held}.`] : []),
    ...(given > 0 ? [`Messages of sweep, project and rollup that are now in dead-letter queues: ${given}.`] : []),
  ];
  if (left.length === 0) return [];
  return [
    'Not every row is up to date.',
    ...left,
    '`npm run redrive -- --list` says why; so do the failures table, by stream or group, and the function’s log. Fix the cause, then rebuild again.',
  ];
}

/** After so many looks without a change in a stack's queues, no more change is expected soon. */
const looksAtRest = 15;

/** Starts the rebuild, follows it to its end, and answers what it did not do. */
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
  const MessageGroupId = groupOf(stream === undefined ? undefined : tenantOfStream(stream));
  await site.sqs.send(
    new SendMessageCommand({ QueueUrl: site.output(queue), MessageBody: JSON.stringify(body), MessageGroupId }),
  );

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
    // A page in the dead-letter queue does not come again; a page that failed may still succeed.
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
    // The counts of SQS are late, and changes of contributions gather for five seconds before they reach rollup's queue.
    if (rested >= 8 && now.waiting.held === 0) break;
  }
  return leftUndone(begun, now.waiting);
}
