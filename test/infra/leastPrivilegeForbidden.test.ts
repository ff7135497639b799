// Is each function denied what is not its own: to change what was recorded, to speak as another, to read what it has no business with?
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lifecycle, type Owner, streamKindsOf } from '../../domain/lifecycle.ts';
import { streamKinds } from '../../events/identifiers.ts';
import { functionNames } from '../../infra/constructs/bundleAssets.ts';
import { type AuthorisedApp, startAuthorisedApp } from '../support/authorisedApp.ts';
import { type Attempt, callersOf } from '../support/callersOf.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

let app: AuthorisedApp;
let callers: ReturnType<typeof callersOf>;
beforeAll(async () => {
  app = await startAuthorisedApp();
  callers = callersOf(app.runtime);
  await app.runtime.engine.call('PutItem', { TableName: table('EVENTS_TABLE'), Item: commit('engagement') });
});
afterAll(async () => {
  callers.stop();
  await app.stop();
});

const stages: readonly Owner[] = [...lifecycle.map(({ stage }) => stage), 'control'];
const allBut = (...names: readonly string[]): readonly string[] =>
  functionNames.filter((name) => !names.includes(name));

/** The table that an environment variable of some function names. */
const table = (variable: string): string => {
  const told = app.runtime.plan.functions.map(({ environment }) => environment[variable]);
  const found = told.find((name) => name !== undefined);
  if (found === undefined) throw new Error(`No function's environment has ${variable}.`);
  return found;
};
const queue = (functionName: string): string => app.runtime.queueOf(functionName);
const secretPath = (connection: string): string => `${app.runtime.plan.outputs.SecretsPrefix}/${connection}`;

const key = (kind: string) => ({ stream: { S: `acme/${kind}/1` }, version: { N: '1' } });
const commit = (kind: string) => ({ ...key(kind), events: { S: '[]' }, hash: { S: 'untouched' } });
const row = { tenantId: { S: 'acme' }, rowKey: { S: 'e1' } };
const receipt = { partition: { S: 'acme#c-1' }, id: { S: 'r1' } };

const deniedTo = async (names: readonly string[], ...attempts: readonly Attempt[]): Promise<void> =>
  expect(await callers.notDenied(names, attempts)).toEqual([]);

describe('the event store', () => {
  it('no function may change', async () => {
    const events = table('EVENTS_TABLE');
    await deniedTo(
      functionNames,
      (caller) => caller.update(events, key('engagement')),
      (caller) => caller.updateInTransaction(events, key('engagement')),
      (caller) => caller.remove(events, key('engagement')),
      (caller) => caller.removeInTransaction(events, key('engagement')),
      (caller) => caller.removeInBatch(events, key('engagement')),
      (caller) => caller.putInBatch(events, commit('engagement')),
    );
    const { Item } = await app.runtime.engine.call('GetItem', { TableName: events, Key: key('engagement') });
    expect(Item).toEqual(commit('engagement'));
  });

  it('only stages, control and record may append', async () => {
    const events = table('EVENTS_TABLE');
    await deniedTo(
      allBut(...stages, 'record'),
      (caller) => caller.put(events, commit('engagement')),
      (caller) => caller.putInTransaction(events, commit('engagement')),
    );
  });

  it.each(stages)('%s may append only to streams of its own kinds', async (name) => {
    const events = table('EVENTS_TABLE');
    const others = streamKinds.filter((kind) => !streamKindsOf(name).includes(kind));
    // Control takes back facts of every stream.
    expect(others.length > 0).toBe(name !== 'control');
    await deniedTo(
      [name],
      ...others.flatMap((kind): readonly Attempt[] => [
        (caller) => caller.put(events, commit(kind)),
        (caller) => caller.putInTransaction(events, commit(kind)),
      ]),
      (caller) => caller.put(events, { ...commit('engagement'), stream: { S: 'elsewhere' } }),
    );
  });

  it('translate may read streams of which systems say facts, but not of policies', async () => {
    const kinds = streamKinds.filter((kind) => kind === 'policy');
    const attempts = kinds.map(
      (kind): Attempt =>
        (caller) =>
          caller.query(table('EVENTS_TABLE'), { stream: `acme/${kind}/1` }),
    );
    await deniedTo(['translate'], ...attempts);
  });
});

describe('other tables', () => {
  it('only project may write projection rows', async () => {
    const tables = ['ENGAGEMENTS', 'FLAGS', 'PARTIES'].map((name) => table(`TABLE_${name}`));
    const attempts = tables.flatMap((name): readonly Attempt[] => [
      (caller) => caller.put(name, row),
      (caller) => caller.putInTransaction(name, row),
      (caller) => caller.update(name, row),
      (caller) => caller.remove(name, row),
    ]);
    await deniedTo(allBut('project'), ...attempts);
    const [engagements = '', flags = ''] = tables;
    await deniedTo(
      ['project'],
      (caller) => caller.remove(engagements, row),
      (caller) => caller.update(flags, row),
    );
  });

  it('only receive makes receipts, only translate ends them, and no function removes them', async () => {
    const receipts = table('RECEIPTS_TABLE');
    await deniedTo(allBut('receive'), (caller) => caller.put(receipts, receipt));
    await deniedTo(allBut('translate'), (caller) => caller.update(receipts, receipt));
    await deniedTo(
      functionNames,
      (caller) => caller.remove(receipts, receipt),
      (caller) => caller.removeInBatch(receipts, receipt),
    );
    await deniedTo(allBut('query', 'translate'), (caller) => caller.query(receipts, { partition: 'acme#c-1' }));
  });

  it('no function changes connections; only receive and translate read them', async () => {
    const connections = table('CONNECTIONS_TABLE');
    const connection = { connection: { S: 'c-1' } };
    await deniedTo(
      functionNames,
      (caller) => caller.put(connections, connection),
      (caller) => caller.update(connections, connection),
    );
    await deniedTo(functionNames, (caller) => caller.query(connections, { connection: 'c-1' }));
  });
});

describe('secrets', () => {
  it('only receive reads them, and only those of its own stack’s connections', async () => {
    await deniedTo(allBut('receive'), (caller) => caller.secret(secretPath('c-1')));
    await deniedTo(
      ['receive'],
      (caller) => caller.secret('/throughline/Other/connections/c-1'),
      (caller) => caller.secret('/throughline/Throughline/connections'),
      (caller) => caller.secret('/aws/reference/secretsmanager/other'),
      (caller) =>
        caller.ssm.send(new PutParameterCommand({ Name: secretPath('c-1'), Value: 'x', Type: 'SecureString' })),
    );
  });
});

describe('sending', () => {
  it('on the bus, each function may put only events with its own source', async () => {
    // Sweep says which connections are silent.
    await deniedTo(allBut('translate', 'sweep'), (caller) => caller.publish('throughline.intake'));
    await deniedTo(allBut('relay'), (caller) => caller.publish('throughline'));
    // One entry that is not its own is enough.
    await deniedTo(['translate'], (caller) => caller.publish('throughline.intake', 'throughline'));
    await deniedTo(functionNames, (caller) => caller.publish('aws.partner/salesforce.com/1'));
  });

  it('to queues, each function may send only where it must; no function may receive', async () => {
    const fed = ['receive', 'translate', ...stages, 'relay', 'project', 'rollup', 'answer', 'sweep', 'seal'];
    const own: Readonly<Record<string, readonly string[]>> = {
      sweep: ['project', 'rollup', 'translate', 'sweep'],
      translate: ['translate'],
      relay: ['relay'],
      project: ['project', 'rollup'],
      rollup: ['rollup'],
      answer: ['answer'],
      seal: ['seal'],
      // It begins runs of long questions.
      query: ['answer'],
    };
    for (const name of functionNames) {
      const others = fed.filter((to) => own[name]?.includes(to) !== true);
      await deniedTo(
        [name],
        ...others.map(
          (to): Attempt =>
            (caller) =>
              caller.sendTo(queue(to)),
        ),
      );
    }
    const QueueUrl = `${app.runtime.endpoints.sqs}/0/${queue('sell')}`;
    await deniedTo(
      allBut('sell'),
      (caller) => caller.sqs.send(new ReceiveMessageCommand({ QueueUrl })),
      (caller) => caller.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: '1.1' })),
    );
  });
});

describe('reading and administration', () => {
  it('no function may scan', async () => {
    const variables = ['EVENTS_TABLE', 'RECEIPTS_TABLE', 'CONNECTIONS_TABLE', 'SOURCES_TABLE', 'TABLE_ENGAGEMENTS'];
    await deniedTo(
      functionNames,
      ...variables.map(
        (name): Attempt =>
          (caller) =>
            caller.scan(table(name)),
      ),
    );
    await deniedTo(functionNames, (caller) => caller.scan(table('EVENTS_TABLE'), 'shards'));
  });

  it('only sweep reads indexes across tenants (seal, project, answer and query too, for streams); query reads indexes of one tenant', async () => {
    const engagements = table('TABLE_ENGAGEMENTS');
    await deniedTo(allBut('sweep'), (caller) => caller.query(engagements, { ix_due: '00' }, 'due'));
    await deniedTo(allBut('sweep', 'seal', 'project', 'answer', 'query'), (caller) =>
      caller.query(table('EVENTS_TABLE'), { shard: 'engagement#0' }, 'shards'),
    );
    await deniedTo(allBut('query'), (caller) => caller.query(engagements, { ix_byStage: 'acme#sell' }, 'byStage'));
  });

  it('no function may create, describe, change or delete a table', async () => {
    const TableName = table('EVENTS_TABLE');
    await deniedTo(
      functionNames,
      (caller) => caller.dynamo.send(new DescribeTableCommand({ TableName })),
      (caller) => caller.dynamo.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })),
      (caller) => caller.dynamo.send(new DeleteTableCommand({ TableName })),
      (caller) =>
        caller.dynamo.send(new CreateTableCommand({ TableName: 'more', KeySchema: [], AttributeDefinitions: [] })),
    );
  });

  it('a caller that is not a function of the app may do nothing', async () => {
    const stranger = callers.as('stranger');
    await expect(stranger.put(table('EVENTS_TABLE'), commit('engagement'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /^User: arn:aws:iam::\d+:user\/stranger is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:\S+ because no identity-based policy allows the dynamodb:PutItem action$/,
      ),
    });
  });
});
