// Does a rebuild end when its work is done, and say what it has left undone?

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { commitOf } from '../../../functions/store/commit.ts';
import { itemOf } from '../../../functions/store/dynamoEventStore.ts';
import { emptyTip } from '../../../functions/store/eventStore.ts';
import { serveCommands } from '../../../infra/commands/commandServer.ts';
import { leftUndone, type Progress, rebuild, type Waiting } from '../../../infra/commands/rebuildRun.ts';
import { onTarget } from '../../../infra/commands/target.ts';
import { type Runtime, startRuntime } from '../../../infra/local/runtime.ts';
import { fact } from '../../support/histories/events.ts';
import { temporaryFolder } from '../../support/localTemplate.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const temporary = temporaryFolder();
const dataDir = `${temporary.folder}/data`;
let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime({ dataDir, serveCommands });
});
afterAll(async () => {
  await runtime.stop();
  temporary.remove();
});

const at = '2026-05-04T10:00:00.000Z';
const begin = (stream: string, changed: Readonly<Record<string, { readonly S: string }>> = {}): Promise<unknown> =>
  onTarget({ dataDir }, ({ dynamo, output }) => {
    const facts = [fact('EngagementOpened', {}, { at, stream })];
    const { commit } = commitOf({ streamId: stream, tip: emptyTip, facts, now: at });
    return dynamo.send(
      new PutItemCommand({ TableName: output('EventsTable'), Item: { ...itemOf(commit), ...changed } }),
    );
  });
let runsMade = 0;
const rebuilt = async (request: { readonly stream?: string; readonly rate?: number } = {}) => {
  const told: Progress[] = [];
  runsMade += 1;
  const run = `run-${runsMade}`;
  const left = await onTarget({ dataDir }, (site) =>
    rebuild({ site, request: { run, ...request }, progress: (progress) => void told.push(progress), lookEveryMs: 20 }),
  );
  return { left, last: told.at(-1), told };
};

it('visits every stream, and shows its progress', async () => {
  for (const id of ['e-1', 'e-2', 'e-3']) await begin(`acme/engagement/${id}`);
  await runtime.drained();
  const { left, last } = await rebuilt();
  expect(left).toEqual([]);
  expect(last?.run).toMatchObject({ why: 'person', seen: 3, sent: 0, share: 1, over: true });
});

it('keeps to the given rate', async () => {
  const { left, told } = await rebuilt({ rate: 2 });
  expect(left).toEqual([]);
  expect(told.map(({ run }) => run?.seen)).toEqual(expect.arrayContaining([2, 3]));
});

it('refuses a stream that does not exist', async () => {
  expect((await rebuilt({ stream: 'acme/engagement/e-1' })).left).toEqual([]);
  await expect(rebuilt({ stream: 'acme/engagement/nobody' })).rejects.toThrow(
    'There is no stream acme/engagement/nobody',
  );
});

it('is not complete where a stream fails: it says so, and where to find the reason', async () => {
  await begin('acme/engagement/broken', { hash: { S: '0'.repeat(64) } });
  await runtime.drained();
  const { left } = await rebuilt({ stream: 'acme/engagement/broken' });
  expect(left[0]).toBe('Not every row is up to date.');
  expect(left[1]).toMatch(/wait for a retry: [12]\.$/);
  expect(left.at(-1)).toContain('npm run redrive -- --list');
});

it('is not complete where a group fails', async () => {
  const failed = async (): Promise<number> => {
    const { left } = await rebuilt({ stream: 'acme/engagement/e-1' });
    return Number(/wait for a retry: (\d+)/.exec(left[1] ?? '')?.[1] ?? 0);
  };
  const before = await failed();
  await onTarget({ dataDir }, ({ sqs, output }) =>
    sqs.send(new SendMessageCommand({ QueueUrl: output('RollupQueue'), MessageBody: '{}' })),
  );
  await runtime.drained();
  expect(await failed()).toBe(before + 1);
});

it('counts only messages that were given up during the run', () => {
  const waiting = (held: number, deadLetters: number): Waiting => ({ visible: 0, held, deadLetters });
  expect(leftUndone(waiting(0, 2), waiting(0, 2))).toEqual([]);
  expect(leftUndone(waiting(0, 2), waiting(0, 3))).toContainEqual(expect.stringMatching(/dead-letter queues: 1\.$/));
});
