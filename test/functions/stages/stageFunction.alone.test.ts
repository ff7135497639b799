// Does a stage's function find its tables by its environment alone, when it is called as Lambda calls it?
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { lifecycle } from '../../../domain/lifecycle.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { engagementStream as stream } from '../../support/histories/events.ts';
import { lambdaContext } from '../../support/lambdaContext.ts';
import { revisions } from '../project/revisions.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

const environment = async (): Promise<Readonly<Record<string, string>>> => ({
  AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  EVENTS_TABLE: await engine.eventsTable(),
  FAILURES_TABLE: await engine.failuresTable(),
  STACK_NAME: 'Throughline',
});

test('it records the facts of its queue, and names the messages that failed', async () => {
  const names = await environment();
  for (const [name, value] of Object.entries(names)) vi.stubEnv(name, value);
  const { handler } = await import('../../../functions/sell.ts');
  const bodies = [
    ...revisions(stream, 2).map((detail) => JSON.stringify({ source: 'throughline.intake', detail })),
    '?',
  ];
  const Records = bodies.map((body, index) => ({ messageId: `m${index}`, body }));
  expect(await handler({ Records }, lambdaContext('sell'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
  const store = createDynamoEventStore({ client: engine.client, table: names.EVENTS_TABLE ?? '' });
  expect((await store.load(stream)).events).toHaveLength(2);
});

test.each([...lifecycle.map(({ stage }) => stage), 'control'])(
  '%s names the variable that its environment lacks',
  async (name) => {
    vi.stubEnv('EVENTS_TABLE', undefined);
    vi.stubEnv('FAILURES_TABLE', 'failures');
    await expect(import(`../../../functions/${name}.ts`)).rejects.toThrow('missing or wrong: EVENTS_TABLE');
  },
);

test('relay names the variables that its environment lacks', async () => {
  vi.stubEnv('BUS_NAME', undefined);
  vi.stubEnv('FAILURES_TABLE', undefined);
  await expect(import('../../../functions/relay.ts')).rejects.toThrow(/BUS_NAME .*FAILURES_TABLE /);
});
