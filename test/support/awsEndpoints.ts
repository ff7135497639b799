// Where do tests of the local endpoints find a server, and the real SDK clients that ask it?
import { createServer } from 'node:http';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createAwsEndpoints } from '../../infra/local/aws/awsEndpoints.ts';
import { signatureCheck } from '../../infra/local/aws/signature.ts';
import { createBus } from '../../infra/local/bus/bus.ts';
import { compilePattern } from '../../infra/local/bus/eventPattern.ts';
import { accessKeysOf } from '../../infra/local/core/accessKeys.ts';
import type { CallInterceptor, ServiceCall } from '../../infra/local/core/callInterceptor.ts';
import { type ManualClock, manualClock } from '../../infra/local/core/clock.ts';
import { openQueueStore, type QueueStore } from '../../infra/local/storage/queueStore.ts';

export const account = '111122223333';
export const region = 'eu-central-1';

/** The keys with which the endpoints are called. */
export const keys = accessKeysOf(Buffer.alloc(32, 'test'));

export interface TestEndpoints {
  readonly clock: ManualClock;
  readonly queueStore: QueueStore;
  /** What was called, in order. */
  readonly calls: readonly ServiceCall[];
  readonly endpoint: string;
  readonly sqs: SQSClient;
  readonly events: EventBridgeClient;
  readonly ssm: SSMClient;
  urlOf(queue: string): string;
  stop(): Promise<void>;
}

/** Endpoints with a queue `work`, its dead letters, and a rule to it; each call passes the interceptors. */
export const startAwsEndpoints = async (...interceptors: readonly CallInterceptor[]): Promise<TestEndpoints> => {
  const clock = manualClock(Date.parse('2026-03-04T05:06:07.890Z'));
  const queueStore = openQueueStore({ path: ':memory:', clock });
  queueStore.ensureQueue('work-dead', { visibilityTimeoutSeconds: 30, delaySeconds: 0 });
  queueStore.ensureQueue('work', {
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
    redrive: { deadLetterQueue: 'work-dead', maxReceiveCount: 2 },
  });
  const bus = createBus({ queueStore, account, region, clock });
  const matcher = compilePattern({ source: ['throughline'] });
  bus.setRules([{ name: 'toWork', bus: 'main', matcher, targets: [{ queue: 'work' }] }]);
  const calls: ServiceCall[] = [];
  const note: CallInterceptor = (call, pass) => {
    calls.push(call);
    return pass();
  };
  const server = createServer(
    createAwsEndpoints({
      callerOf: signatureCheck(keys),
      bus,
      queueStore,
      clock,
      interceptors: [note, ...interceptors],
    }),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const configuration = {
    endpoint,
    region,
    maxAttempts: 1,
    credentials: keys.credentialsOf('RELAY'),
  };
  const sqs = new SQSClient(configuration);
  const events = new EventBridgeClient(configuration);
  const ssm = new SSMClient(configuration);
  return {
    ...{ clock, queueStore, calls, endpoint, sqs, events, ssm },
    urlOf: (queue) => `${endpoint}/000000000000/${queue}`,
    async stop() {
      for (const client of [sqs, events, ssm]) client.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      queueStore.close();
    },
  };
};
