// How does a bench drive the whole pipeline in its own process? Messages of a CRM through the door, and word when the last row is written.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { connectionRequest } from '../../infra/local/connectionRequest.ts';
import { connectSource } from '../../infra/local/connectSource.ts';
import { properties } from '../../infra/local/core/json.ts';
import { type Runtime, type RuntimeOptions, startRuntime } from '../../infra/local/runtime.ts';
import { type Sending, Sent } from './sending.ts';
import { bodiesOf } from './story.ts';

export interface LivePipeline {
  readonly runtime: Runtime;
  /** The id of the sender's connection. */
  readonly connection: string;
  /** Sends the facts of so many engagements, sixteen messages at once, and resolves when everything is worked off. */
  pass(wave: number, engagements: number): Promise<void>;
  /** The same with so many messages a second; answers when each was due. */
  passAt(perSecond: number, wave: number, engagements: number): Promise<Sent>;
  stop(): Promise<void>;
}

/** The name of the sender's thread, whose work is no part of the pipeline's. */
export const senderThread = 'bench sender';

/** Starts the runtime on an empty data directory, with a CRM connected to it; a bench that looks on says how. */
export const startLivePipeline = async (
  looking: Pick<RuntimeOptions, 'interceptors' | 'onInvoked' | 'deliver'> = {},
): Promise<LivePipeline> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
  const runtime = await startRuntime({ dataDir, port: 0, ...looking });
  const sender = new Worker(new URL('./sending.ts', import.meta.url), { name: senderThread });
  const asked = { source: 'cloudevents', tenant: 'bench', mapping: {}, allow: 'EngagementOpened,DealClosed' };
  const {
    url,
    connection,
    secret = '',
  } = await connectSource(runtime, connectionRequest(properties(asked, 'connect')));
  const pass = async (sending: Sending): Promise<Sent> => {
    sender.postMessage(sending);
    const [sent]: unknown[] = await once(sender, 'message');
    await runtime.drained();
    return Sent.parse(sent);
  };
  return {
    runtime,
    connection,
    pass: async (wave, engagements) => {
      await pass({ url, secret, bodies: bodiesOf(wave, engagements) });
    },
    passAt: async (perSecond, wave, engagements) => {
      return await pass({ url, secret, bodies: bodiesOf(wave, engagements), perSecond });
    },
    stop: async () => {
      await sender.terminate();
      await runtime.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
