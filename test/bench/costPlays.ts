// How do facts come to the pipeline in the cost bench? As the sample's systems send them, or one now and then, as a small tenant's do.
import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from '../../functions/aws/parallel.ts';
import { connectSource } from '../../infra/local/connectSource.ts';
import type { Runtime } from '../../infra/local/runtime.ts';
import { openDoors } from '../../infra/sample/doors.ts';
import { randomOf } from '../../infra/sample/random.ts';
import { sampleChannel } from '../../infra/sample/sampleChannel.ts';
import { type SampleMessage, systemNames } from '../../infra/sample/sampleMessage.ts';
import { requestOf } from '../../infra/sample/systems.ts';
import type { Meter } from './meter.ts';

export interface Playing {
  readonly runtime: Runtime;
  readonly meter: Meter;
  /** The seconds for which project gathers. */
  readonly windowSeconds: number;
  /** How many of the sample's stories are told; undefined: all. */
  readonly stories: number | undefined;
}

export interface Pattern {
  readonly name: string;
  /** How many facts come in a second. */
  readonly pace: number;
  readonly play: (playing: Playing) => Promise<void>;
}

const atOnce = 16;
/** Of each block so many messages are counted, and so many follow uncounted. */
const block = { counted: 30, uncounted: 120 };
const seldomPace = 0.4;

/** Connects the sample's systems; answers their messages, and who sends them. */
const opened = async ({ runtime, stories }: Playing) => {
  const connections: Record<string, Awaited<ReturnType<typeof connectSource>>> = {};
  for (const name of systemNames) connections[name] = await connectSource(runtime, requestOf(name));
  const today = new Date().toISOString().slice(0, 10);
  const { deliveries } = sampleChannel({ seed: 1, today, ...(stories !== undefined && { stories }) });
  return { send: openDoors(runtime, connections), deliveries };
};

/** Some systems gather what they have to say, and sixteen messages are on their way at once. */
const asItComes = async (playing: Playing): Promise<void> => {
  const { send, deliveries } = await opened(playing);
  const { runtime } = playing;
  await inParallel(deliveries, atOnce, send);
  await runtime.drained();
  runtime.queueStore.sendAll([{ queue: runtime.queueOf('sweep'), body: JSON.stringify({ sweep: 'due' }) }]);
  await runtime.drained();
};

/** What a system gathered, as messages of one fact each. */
const alone = (message: SampleMessage): readonly SampleMessage[] =>
  message.system === 'crm' || !Array.isArray(message.body)
    ? [message]
    : message.body.map((body: object, index): SampleMessage => ({ ...message, id: `${message.id}-${index}`, body }));

/** The messages in groups: those that come, at random moments, within the window of the first. */
const inWindows = (
  messages: readonly SampleMessage[],
  windowSeconds: number,
): readonly (readonly SampleMessage[])[] => {
  const random = randomOf(1, 'arrivals');
  const groups: SampleMessage[][] = [];
  let ends = 0;
  let at = 0;
  for (const message of messages) {
    at += -Math.log(1 - random.between(0, 1)) / seldomPace;
    const last = groups.at(-1);
    if (last !== undefined && at < ends) last.push(message);
    else {
      groups.push([message]);
      ends = at + windowSeconds;
    }
  }
  return groups;
};

/**
 * Each group is worked off to the last row before the next is sent, by processes that know nothing of its engagements: every block
 * begins with new ones, because months lie between the facts of an engagement.
 */
const nowAndThen = async (playing: Playing): Promise<void> => {
  const { runtime, meter, windowSeconds } = playing;
  meter.turn(false);
  const { send, deliveries } = await opened(playing);
  const messages = deliveries.flatMap(alone);
  // Half of it first, so that streams are as long as they are in use.
  const half = Math.floor(messages.length / 2);
  await inParallel(messages.slice(0, half), atOnce, send);
  await runtime.drained();
  for (let start = half; start < messages.length; start += block.counted + block.uncounted) {
    for (const { name } of runtime.plan.functions) runtime.crash(name);
    meter.turn(true);
    for (const group of inWindows(messages.slice(start, start + block.counted), windowSeconds)) {
      await Promise.all(group.map(send));
      // What follows from a fact within the window is gathered with it.
      await delay(windowSeconds * 1000);
      await runtime.drained();
    }
    meter.turn(false);
    await inParallel(messages.slice(start + block.counted, start + block.counted + block.uncounted), atOnce, send);
    await runtime.drained();
  }
};

export const patterns: readonly Pattern[] = [
  { name: 'as the sample comes', pace: 20, play: asItComes },
  { name: `${seldomPace} facts/s, in processes new to each engagement`, pace: seldomPace, play: nowAndThen },
];
