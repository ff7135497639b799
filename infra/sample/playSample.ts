// How is the sample played? Its systems are connected, its messages sent in their order, and everything worked off.
import { connectSource } from '../local/connectSource.ts';
import type { Runtime } from '../local/runtime.ts';
import { openDoors } from './doors.ts';
import { type ProgressMark, readMark, writeMark } from './progressMark.ts';
import { type SampleChannel, sampleChannel } from './sampleChannel.ts';
import { systemNames } from './sampleMessage.ts';
import { followProgress, type SampleProgress } from './sampleProgress.ts';
import { requestOf } from './systems.ts';

/** The seed of the sample that everyone sees. */
const usualSeed = 1;

/** Messages on their way at once. */
const atOnce = 16;
/** Messages between two notes of how far it has come. */
const step = 100;

export interface Playing {
  readonly runtime: Runtime;
  /** Takes how far it has come, again and again. */
  readonly progress: (progress: SampleProgress) => void;
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

interface Sending {
  readonly channel: SampleChannel;
  readonly from: ProgressMark;
  readonly runtime: Runtime;
  /** Takes before which place in the order all have been accepted. */
  readonly reached: (next: number) => void;
}

const sendAll = async ({ channel: { deliveries }, from, runtime, reached }: Sending): Promise<ProgressMark> => {
  const send = openDoors(runtime, from.connections);
  const total = deliveries.length;
  const onTheWay = new Set<number>();
  let mark = from;
  let taken = from.next;
  const note = (): void => {
    // What is still on its way is sent again by whoever goes on: facts are recorded once, however often they come.
    const next = Math.min(taken, ...onTheWay);
    reached(next);
    if (next < mark.next + step && next < total) return;
    mark = { ...mark, next };
    writeMark(runtime.dataDir, mark);
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

/** Waits until everything is worked off. */
const workOff = async (runtime: Runtime): Promise<void> => {
  // A runtime that has stopped is never drained: whoever stopped it must not wait for that.
  const ended = runtime.stopped.then(() => {
    throw new Error('the runtime was stopped before the sample was worked off');
  });
  const drained = (): Promise<void> => Promise.race([runtime.drained(), ended]);
  try {
    await drained();
    runtime.queueStore.sendAll([{ queue: runtime.queueOf('sweep'), body: JSON.stringify({ sweep: 'due' }) }]);
    await drained();
  } finally {
    ended.catch(() => {});
  }
};

/**
 * Plays the sample, or goes on with one that was interrupted, and works everything off. Signatures are valid and made with
 * the secrets of connections like any other; a message that is not accepted rejects.
 */
export const playSample = async (playing: Playing): Promise<SampleChannel> => {
  const { runtime, progress } = playing;
  const from = await connected(playing);
  const channel = sampleChannel(from);
  let next = from.next;
  const total = channel.deliveries.length;
  const stopTelling = followProgress({ runtime, total, sent: () => next, progress });
  const reached = (place: number): void => {
    next = place;
  };
  try {
    const mark = await sendAll({ channel, from, runtime, reached });
    await workOff(runtime);
    writeMark(runtime.dataDir, { ...mark, done: true });
  } finally {
    stopTelling();
  }
  progress({ share: 1, text: `played a sample channel, ${total} messages` });
  return channel;
};
