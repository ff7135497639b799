// How is the sample channel sent to a tenant during faults? Each message is sent again until it is accepted; then all work is finished.
// The faults call it; it sends HTTP requests and bus events to the local runtime.
import { connectSource } from '../local/connectSource.ts';
import type { Runtime } from '../local/runtime.ts';
import { openDoors } from '../sample/doors.ts';
import type { ProgressMark } from '../sample/progressMark.ts';
import type { SampleMessage } from '../sample/sampleMessage.ts';
import { systemNames } from '../sample/sampleMessage.ts';
import { requestOf } from '../sample/systems.ts';
import { freeAccount } from './freeAccount.ts';

const atOnce = 8;

/** Work that is not done after this many rounds will never be done. */
const mostRounds = 20;

/** Waits until no work is left; messages of crashed workers become visible again. */
export const settle = async ({ drained, plan, queueStore }: Runtime): Promise<void> => {
  for (let round = 0; round < mostRounds; round += 1) {
    await drained();
    if (plan.queueMappings.every(({ queue }) => queueStore.counts(queue).inFlight === 0)) return;
    queueStore.makeInFlightVisible();
  }
  throw new Error('messages came again and again, and no function finished them');
};

/** Connects the sample's systems for a tenant. */
export const connectAll = async (runtime: Runtime, tenant: string): Promise<ProgressMark['connections']> => {
  const connections: Partial<
    Record<(typeof systemNames)[number], { connection: string; url: string; secret?: string }>
  > = {};
  for (const name of systemNames) {
    const { source, account } = requestOf(name);
    if (account !== undefined) await freeAccount(runtime, { source: source.name, account });
    const { connection, url, secret } = await connectSource(runtime, { ...requestOf(name), tenant });
    connections[name] = { connection, url, ...(secret === undefined ? {} : { secret }) };
  }
  return connections;
};

/** Sends the messages in order, several at a time; throws if a message is not accepted after many attempts. */
export const sendAll = async (
  runtime: Runtime,
  connections: ProgressMark['connections'],
  messages: Iterable<SampleMessage>,
): Promise<void> => {
  const send = openDoors(runtime, connections);
  const left = messages[Symbol.iterator]();
  const sender = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) await send(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
};

/** Work that comes only with time, after all messages: the second run for changes of context, and timers. */
export const passTime = async (
  runtime: Runtime,
  { advance }: { readonly advance: (ms: number) => void },
): Promise<void> => {
  advance(16 * 60_000);
  await settle(runtime);
};
