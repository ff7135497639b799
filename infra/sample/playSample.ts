// How is the sample played? It connects the systems, publishes the policy, sends the messages in order, and waits until all work is done.
// `npm start` calls it; it sends to the local runtime, and writes the progress mark in the data directory.
import { connectSource } from '../local/connectSource.ts';
import type { Runtime } from '../local/runtime.ts';
import { openDoors } from './doors.ts';
import { tenantId } from './participants.ts';
import { type ProgressMark, readMark, writeMark } from './progressMark.ts';
import { publishPolicy } from './publishPolicy.ts';
import { type SampleChannel, sampleChannel } from './sampleChannel.ts';
import { systemNames } from './sampleMessage.ts';
import { followProgress, type SampleProgress } from './sampleProgress.ts';
import { requestOf } from './systems.ts';

/** The seed of the sample that everyone sees. */
const usualSeed = 1;

/** How many messages are sent at the same time. */
const atOnce = 16;
/** After how many messages the progress mark is written. */
const step = 100;

export interface Playing {
  readonly runtime: Runtime;
  /** Called again and again with the progress. */
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
  /** Called with a place in the order: all messages before it have been accepted. */
  readonly reached: (next: number) => void;
}

const sendAll = async ({ channel: { deliveries }, from, runtime, reached }: Sending): Promise<ProgressMark> => {
  const send = openDoors(runtime, from.connections);
  const total = deliveries.length;
  const onTheWay = new Set<number>();
  let mark = from;
  let taken = from.next;
  const note = (): void => {
    // The next run sends unfinished messages again. A fact is recorded once, even if its message comes several times.
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

/** Waits until all work is done. */
const workOff = async (runtime: Runtime): Promise<void> => {
  // A stopped runtime never becomes drained, so the caller that stopped it must not wait for that.
  const ended = runtime.stopped.then(() => {
    throw new Error('the runtime stopped before the work of the sample was done');
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
 * Plays the sample, or continues an interrupted one, and waits until all work is done. Signatures are valid: they use the
 * secrets of normal connections. Rejects if a message is not accepted.
 */
export const playSample = async (playing: Playing): Promise<SampleChannel> => {
  const { runtime, progress } = playing;
  const from = await connected(playing);
  await publishPolicy(runtime, { tenant: tenantId, today: from.today });
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
