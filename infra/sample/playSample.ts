// How is the sample played? Its systems are connected, its messages sent in their order, and everything worked off.
import { connectSource } from '../local/connectSource.ts';
import type { Runtime } from '../local/runtime.ts';
import { openDoors } from './doors.ts';
import { type ProgressMark, readMark, writeMark } from './progressMark.ts';
import { type SampleChannel, sampleChannel } from './sampleChannel.ts';
import { systemNames } from './sampleMessage.ts';
import { requestOf } from './systems.ts';

/** The seed of the sample that everyone sees. */
const usualSeed = 1;

/** Messages on their way at once. */
const atOnce = 16;
/** Messages between two notes of how far it has come. */
const step = 100;

export interface Playing {
  readonly runtime: Runtime;
  /** Takes lines about the progress. */
  readonly tell: (line: string) => void;
  readonly seed?: number;
}

const connected = async ({ runtime, seed = usualSeed }: Playing): Promise<ProgressMark> => {
  const today = new Date(runtime.clock.now()).toISOString().slice(0, 10);
  let mark = readMark(runtime.dataDir) ?? { seed, today, connections: {}, next: 0, done: false };
  for (const name of systemNames) {
    if (mark.connections[name] !== undefined) continue;
    const { connection, url, secret } = await connectSource(runtime, requestOf(name));
    const made = { connection, url, ...(secret === undefined ? {} : { secret }) };
    mark = { ...mark, connections: { ...mark.connections, [name]: made } };
    writeMark(runtime.dataDir, mark);
  }
  return mark;
};

const sendAll = async (
  { deliveries }: SampleChannel,
  from: ProgressMark,
  { runtime, tell }: Playing,
): Promise<ProgressMark> => {
  const send = openDoors(runtime, from.connections);
  const total = deliveries.length;
  const onTheWay = new Set<number>();
  let mark = from;
  let taken = from.next;
  const note = (): void => {
    // What is still on its way is sent again by whoever goes on: facts are recorded once, however often they come.
    const next = Math.min(taken, ...onTheWay);
    if (next < mark.next + step && next < total) return;
    mark = { ...mark, next };
    writeMark(runtime.dataDir, mark);
    if (Math.floor(next / step) % 4 === 0 || next === total) tell(`  sent ${next} of ${total} messages`);
  };
  const sender = async (): Promise<void> => {
    while (taken < total) {
      const index = taken;
      taken += 1;
      onTheWay.add(index);
      const message = deliveries[index];
      if (message !== undefined) await send(message);
      onTheWay.delete(index);
      note();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return mark;
};

const left = ({ plan, queueStore }: Runtime): number =>
  plan.queueMappings.reduce((sum, { queue }) => {
    const { visible, inFlight } = queueStore.counts(queue);
    return sum + visible + inFlight;
  }, 0);

/** Waits until everything is worked off, and tells every other second how much is left. */
const workOff = async ({ runtime, tell }: Playing): Promise<void> => {
  let stopped = false;
  // A runtime that has stopped is never drained: whoever stopped it must not wait for that.
  const ended = runtime.stopped.then(() => {
    stopped = true;
    throw new Error('the runtime was stopped before the sample was worked off');
  });
  const drained = (): Promise<void> => Promise.race([runtime.drained(), ended]);
  const telling = setInterval(() => {
    if (!stopped) tell(`  working it off: ${left(runtime)} messages in the queues`);
  }, 2_000);
  try {
    await drained();
    runtime.queueStore.sendAll([{ queue: runtime.queueOf('sweep'), body: JSON.stringify({ sweep: 'due' }) }]);
    await drained();
  } finally {
    clearInterval(telling);
    ended.catch(() => {});
  }
};

/**
 * Plays the sample, or goes on with one that was interrupted, and works everything off. Signatures are valid and made with
 * the secrets of connections like any other; a message that is not accepted rejects.
 */
export const playSample = async (playing: Playing): Promise<SampleChannel> => {
  const { runtime, tell } = playing;
  const mark = await connected(playing);
  const channel = sampleChannel(mark);
  tell(
    `Playing a sample channel: ${channel.deals.length} engagements, ${channel.deliveries.length} messages up to ${mark.today}`,
  );
  const sent = await sendAll(channel, mark, playing);
  await workOff(playing);
  writeMark(runtime.dataDir, { ...sent, done: true });
  return channel;
};
