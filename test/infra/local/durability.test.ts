// Does what was promised survive a killed runtime, and does nobody else get onto its data directory?
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openAccessKeys } from '../../../infra/local/core/accessKeys.ts';
import { operatorKey } from '../../../infra/local/core/awsNames.ts';
import { dataFiles } from '../../../infra/local/core/dataDirectory.ts';
import { type RuntimeOptions, startRuntime } from '../../../infra/local/runtime.ts';
import type { EngineCall } from '../../../infra/local/storage/engineCall.ts';
import { clientOf } from '../../support/engine.ts';
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

/** Puts an item a record, slowly enough to be killed in the middle. */
const copy = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
  const db = new DynamoDBClient({}); const bus = new EventBridgeClient({});
  export const handler = async (event) => {
    for (const record of event.Records) {
      if (record.body) await db.send(new PutItemCommand({ TableName: process.env.COPIES, Item: { id: { S: JSON.parse(record.body).detail.id } } }));
      else await bus.send(new PutEventsCommand({ Entries: [{ Source: 'things', DetailType: 'Put', Detail: JSON.stringify({ id: record.dynamodb.NewImage.id.S }) }] }));
    }
    return { batchItemFailures: [] };
  };`;

const resources = {
  Things: table('things'),
  Copies: table('copies'),
  Work: queue('work', { VisibilityTimeout: 3600 }),
  Relay: lambda('relay'),
  Copy: lambda('copy', { COPIES: ref('Copies') }),
  RelayMapping: fromStream('Relay', 'Things'),
  CopyMapping: fromQueue('Copy', 'Work'),
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: { source: ['things'] }, Targets: [{ Arn: arnOf('Work'), Id: 'queue' }] },
  },
};

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function prepare() {
  const temporary = temporaryFolder();
  endings.push(temporary.remove);
  const template = await assemble(temporary.folder, resources, { relay: copy, copy });
  const path = join(temporary.folder, 'assembly.json');
  writeFileSync(path, JSON.stringify(template));
  const dataDir = join(temporary.folder, 'data');
  const start = async (options: Partial<RuntimeOptions> = {}) => {
    const runtime = await startRuntime({ dataDir, template, ...options });
    endings.push(() => runtime.stop());
    return runtime;
  };
  return { dataDir, path, start };
}

async function runElsewhere(path: string, dataDir: string): Promise<{ child: ChildProcess; tables: string }> {
  const script = join(import.meta.dirname, '..', '..', 'support', 'runLocal.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, path, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endings.push(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  return { child, tables: JSON.parse(String(line)).tables };
}

/** Whether the engine of a test still runs under that pid. */
const isEngine = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('dynoxide');
  } catch {
    return false;
  }
};

const kill = async (child: ChildProcess): Promise<void> => {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
};

async function idsIn(call: EngineCall, name: string): Promise<readonly string[]> {
  const { Items } = await call('Scan', { TableName: name, ConsistentRead: true });
  const items: readonly { readonly id: { readonly S: string } }[] = Array.isArray(Items) ? Items : [];
  return items.map(({ id }) => id.S).sort();
}

describe('a killed runtime', () => {
  it('loses nothing: its engine ends too, streams continue from their checkpoints, and messages in flight come again', async () => {
    const { dataDir, path, start } = await prepare();
    const { child, tables } = await runElsewhere(path, dataDir);
    const client = clientOf(tables, openAccessKeys(dataDir).credentialsOf(operatorKey));
    const { pid } = JSON.parse(readFileSync(dataFiles.engineNote(dataDir), 'utf8'));
    const acknowledged: string[] = [];
    const put = async (id: string): Promise<void> => {
      await client.send(new PutItemCommand({ TableName: 'things', Item: { id: { S: id } } }));
      acknowledged.push(id);
    };
    for (let index = 0; index < 250; index += 1) await put(`thing-${String(index).padStart(3, '0')}`);
    const killed = kill(child);
    // It ends somewhere among these; what was put without an answer may be there or not.
    const failed = await (async () => {
      for (let index = 250; ; index += 1) {
        const id = `thing-${index}`;
        try {
          await put(id);
        } catch {
          return id;
        }
      }
    })();
    await killed;
    client.destroy();
    while (isEngine(pid)) await new Promise((resolve) => setImmediate(resolve));

    const runtime = await start();
    await runtime.drained();
    const copied = await idsIn(runtime.engine.call, 'copies');
    expect(copied).toEqual(await idsIn(runtime.engine.call, 'things'));
    expect(copied.filter((id) => id !== failed)).toEqual(acknowledged.sort());
    expect(runtime.queueStore.counts('work')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('leaves no lock behind', async () => {
    const { dataDir, path, start } = await prepare();
    const { child } = await runElsewhere(path, dataDir);
    await expect(start()).rejects.toThrow(`Throughline already runs on the data directory ${dataDir}.`);
    await kill(child);
    await start();
  });
});

describe('a data directory', () => {
  it('belongs to one runtime: a second start is refused with the directory’s name and what to do', async () => {
    const { dataDir, start } = await prepare();
    const first = await start();
    await expect(start()).rejects.toThrow(
      `Throughline already runs on the data directory ${dataDir}. Stop it (Ctrl-C in its terminal), or start on another directory with --data DIR.`,
    );
    await first.stop();
    await start();
  });

  it('is refused if its tables have other keys', async () => {
    const { dataDir, start } = await prepare();
    await (await start()).stop();
    const template = await assemble(join(dataDir, '..'), {
      Things: {
        ...table('things'),
        Properties: { ...table('things').Properties, KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }] },
      },
    });
    await expect(start({ template })).rejects.toThrow(
      'Table things exists with other keys, indexes or stream than in the template.',
    );
  });

  it('is empty after a reset', async () => {
    const { start } = await prepare();
    const first = await start();
    await first.engine.call('PutItem', { TableName: 'things', Item: { id: { S: 'old' } } });
    first.queueStore.parameters.put('/old', 'value');
    await first.drained();
    await first.stop();
    const second = await start({ reset: true });
    expect(await idsIn(second.engine.call, 'things')).toEqual([]);
    expect(second.queueStore.parameters.get('/old')).toBeUndefined();
  });
});

describe('the engine', () => {
  it('restarts after a crash, on the same port, with every acknowledged write', async () => {
    const { dataDir, start } = await prepare();
    const lines: string[] = [];
    const died = Promise.withResolvers<void>();
    const runtime = await start({
      log(line) {
        lines.push(line);
        if (line.includes('starting it again')) died.resolve();
      },
    });
    await runtime.engine.call('PutItem', { TableName: 'things', Item: { id: { S: 'before' } } });
    const { pid } = JSON.parse(readFileSync(dataFiles.engineNote(dataDir), 'utf8'));
    process.kill(pid, 'SIGKILL');
    await died.promise;
    const put = async (): Promise<void> => {
      try {
        await runtime.engine.call('PutItem', { TableName: 'things', Item: { id: { S: 'after' } } });
      } catch {
        await new Promise((resolve) => setImmediate(resolve));
        await put();
      }
    };
    await put();
    await runtime.drained();
    expect(await idsIn(runtime.engine.call, 'copies')).toEqual(['after', 'before']);
  });
});
