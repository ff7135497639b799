// What happens while the disk is full? What would be stored is refused, what waits goes on waiting, and all of it is done when there is room.
import { afterEach, expect, it, vi } from 'vitest';
import { manualClock } from '../../../infra/local/core/clock.ts';
import type { Measured } from '../../../infra/local/core/diskRoom.ts';
import { startRuntime } from '../../../infra/local/runtime.ts';
import {
  arnOf,
  assemble,
  fromQueue,
  fromStream,
  lambda,
  queue,
  ref,
  table,
  temporaryFolder,
} from '../../support/localTemplate.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const copy = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  const db = new DynamoDBClient({});
  const put = (id) => db.send(new PutItemCommand({ TableName: process.env.COPIES, Item: { id: { S: id } } }));
  export const handler = async (event) => {
    if (event.Records === undefined) return 'answered';
    for (const record of event.Records) await put(record.body ?? record.dynamodb.NewImage.id.S);
    return { batchItemFailures: [] };
  };`;

const route = (RouteKey: string) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: { ApiId: ref('Api'), RouteKey, Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] } },
});

const resources = {
  Things: table('things'),
  Copies: table('copies'),
  Work: queue('work'),
  Copy: lambda('copy', { COPIES: ref('Copies') }),
  FromQueue: fromQueue('Copy', 'Work'),
  FromStream: fromStream('Copy', 'Things'),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { IntegrationType: 'AWS_PROXY', IntegrationUri: arnOf('Copy'), PayloadFormatVersion: '2.0' },
  },
  Post: route('POST /things'),
  Get: route('GET /things'),
};

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const plenty: Measured = { free: 10 ** 10, size: 10 ** 11 };
const little: Measured = { free: 10 ** 6, size: 10 ** 11 };

async function prepare() {
  const temporary = temporaryFolder();
  endings.push(temporary.remove);
  const template = await assemble(temporary.folder, resources, { copy });
  const dataDir = `${temporary.folder}/data`;
  let space = plenty;
  const lines: string[] = [];
  let heard = (): void => {};
  const runtime = await startRuntime({
    ...{ dataDir, template, clock: manualClock(0), measure: () => space },
    log: (line) => {
      lines.push(line);
      heard();
    },
  });
  endings.push(() => runtime.stop());
  /** Changes the free space, and resolves when the runtime has seen it. */
  const set = (found: Measured, said: string): Promise<void> =>
    new Promise((resolve) => {
      space = found;
      heard = () => {
        if (lines.at(-1)?.includes(said) === true) resolve();
      };
    });
  return { runtime, set, dataDir, template, lines };
}

it('requests that would store are answered 507, others are answered, and work that waits is done when there is room', async () => {
  const { runtime, set, dataDir, lines } = await prepare();
  const { url, queueStore, engine } = runtime;
  await set(little, 'is full');
  expect(lines.at(-1)).toContain(`The disk of ${dataDir} is full: 1.0 MB are free, 32.0 MB are needed.`);

  const posted = await fetch(`${url}/things`, { method: 'POST', body: '{}' });
  expect([posted.status, posted.headers.get('retry-after')]).toEqual([507, '30']);
  expect(await (await fetch(`${url}/things`)).text()).toBe('answered');
  queueStore.sendAll([{ queue: 'work', body: 'from the queue' }]);
  await engine.call('PutItem', { TableName: 'things', Item: { id: { S: 'from the stream' } } });

  const all = runtime.drained();
  expect(queueStore.counts('work')).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  await set(plenty, 'has room again');
  await all;
  const { Items } = await engine.call('Scan', { TableName: 'copies', ConsistentRead: true });
  expect(Items).toHaveLength(2);
  expect((await fetch(`${url}/things`, { method: 'POST', body: '{}' })).status).toBe(200);
  expect(queueStore.counts('work')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

it('a start on a full disk is refused, by name, and leaves everything as it is', async () => {
  const { runtime, dataDir, template } = await prepare();
  await runtime.stop();
  await expect(startRuntime({ dataDir, template, measure: () => little })).rejects.toThrow(
    `The disk of ${dataDir} is full: 1.0 MB are free, 32.0 MB are needed. Nothing that was acknowledged is lost. Make room and start again`,
  );
  // Where the system doesn't say how much is free, nothing is refused.
  await (await startRuntime({ dataDir, template, measure: () => undefined })).stop();
});
