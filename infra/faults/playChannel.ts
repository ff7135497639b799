// How does a tenant's sample channel come in while faults rage? Through its own doors, each message until it is taken, and then everything is worked off.
import { connectSource } from '../local/connectSource.ts';
import type { Runtime } from '../local/runtime.ts';
import { openDoors } from '../sample/doors.ts';
import type { ProgressMark } from '../sample/progressMark.ts';
import type { SampleMessage } from '../sample/sampleMessage.ts';
import { systemNames } from '../sample/sampleMessage.ts';
import { requestOf } from '../sample/systems.ts';

const atOnce = 8;

/** Work that is still not done after so many rounds never will be. */
const mostRounds = 20;

/** Waits until nothing is left to do, letting go of messages whose holder has died. */
export const settle = async ({ drained, plan, queueStore }: Runtime): Promise<void> => {
  for (let round = 0; round < mostRounds; round += 1) {
    await drained();
    if (plan.queueMappings.every(({ queue }) => queueStore.counts(queue).inFlight === 0)) return;
    queueStore.makeInFlightVisible();
  }
  throw new Error('messages came again and again, and nobody took them');
};

/** Connects the sample's systems for a tenant. */
export const connectAll = async (runtime: Runtime, tenant: string): Promise<ProgressMark['connections']> => {
  const connections: Partial<
    Record<(typeof systemNames)[number], { connection: string; url: string; secret?: string }>
  > = {};
  for (const name of systemNames) {
    const { connection, url, secret } = await connectSource(runtime, { ...requestOf(name), tenant });
    connections[name] = { connection, url, ...(secret === undefined ? {} : { secret }) };
  }
  return connections;
};

/** Sends the messages in their order, several on their way at once; what nobody takes after many attempts throws. */
export const sendAll = async (
  runtime: Runtime,
  connections: ProgressMark['connections'],
  messages: readonly SampleMessage[],
): Promise<void> => {
  const send = openDoors(runtime, connections);
  const left = messages.values();
  const sender = async (): Promise<void> => {
    for (const message of left) await send(message);
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
};

/** What time still brings when everything is in: the second run of changed contexts, and whatever falls due. */
export const passTime = async (
  runtime: Runtime,
  { advance }: { readonly advance: (ms: number) => void },
): Promise<void> => {
  advance(16 * 60_000);
  await settle(runtime);
};
