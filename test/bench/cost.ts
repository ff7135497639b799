// What does a million facts cost? The sample channel through the whole pipeline, every unit counted: as it comes, and one by one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inParallel } from '../../functions/aws/parallel.ts';
import { connectSource } from '../../infra/local/connectSource.ts';
import { type Runtime, startRuntime } from '../../infra/local/runtime.ts';
import { openDoors } from '../../infra/sample/doors.ts';
import { playSample } from '../../infra/sample/playSample.ts';
import { sampleChannel } from '../../infra/sample/sampleChannel.ts';
import { type SampleMessage, systemNames } from '../../infra/sample/sampleMessage.ts';
import { requestOf } from '../../infra/sample/systems.ts';
import { linesOf, secondLevelOf } from './costLines.ts';
import { createMeter, type Meter } from './meter.ts';
import { prices } from './prices.ts';
import type { Bench, Figure } from './sideBySide.ts';

/** Dollars a million facts. */
const goal = 15;
const atOnce = 16;
/** One by one: of each block so many messages are sent alone and counted, and so many follow at once, uncounted. */
const block = { counted: 60, uncounted: 90 };

type Play = (runtime: Runtime, meter: Meter) => Promise<void>;

/** As its systems send it: some gather what they have to say, and sixteen messages are on their way at once. */
const asItComes: Play = async (runtime) => {
  await playSample({ runtime, progress: () => undefined });
};

/** What a system gathered, as messages of one fact each. */
const alone = (message: SampleMessage): readonly SampleMessage[] =>
  message.system === 'crm' || !Array.isArray(message.body)
    ? [message]
    : message.body.map((body: object, index): SampleMessage => ({ ...message, id: `${message.id}-${index}`, body }));

/**
 * Each message worked off to the last row before the next is sent, to processes that know nothing of its engagement: every
 * block begins with new ones.
 */
const oneByOne: Play = async (runtime, meter) => {
  meter.turn(false);
  const connections: Record<string, Awaited<ReturnType<typeof connectSource>>> = {};
  for (const name of systemNames) connections[name] = await connectSource(runtime, requestOf(name));
  const send = openDoors(runtime, connections);
  const { deliveries } = sampleChannel({ seed: 1, today: new Date().toISOString().slice(0, 10) });
  const messages = deliveries.flatMap(alone);
  // Half of it first, so that streams are as long as they are in use.
  const half = Math.floor(messages.length / 2);
  await inParallel(messages.slice(0, half), atOnce, send);
  await runtime.drained();
  for (let start = half; start < messages.length; start += block.counted + block.uncounted) {
    for (const { name } of runtime.plan.functions) runtime.crash(name);
    meter.turn(true);
    for (const message of messages.slice(start, start + block.counted)) {
      await send(message);
      await runtime.drained();
    }
    meter.turn(false);
    await inParallel(messages.slice(start + block.counted, start + block.counted + block.uncounted), atOnce, send);
    await runtime.drained();
  }
};

const metered = async (play: Play): Promise<Meter> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-cost-'));
  let runtime: Runtime | undefined;
  const meter = createMeter(() => runtime?.plan.functions ?? []);
  try {
    // In a thread that functions share, the CPU time of one can't be told from that of the others.
    const { interceptor, onInvoked } = meter;
    runtime = await startRuntime({ dataDir, port: 0, placement: 'apart', interceptors: [interceptor], onInvoked });
    await play(runtime, meter);
    return meter;
  } finally {
    await runtime?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

const figuresOf = (pattern: string, meter: Meter, atMost?: number): readonly Figure[] => {
  const lines = linesOf(meter);
  const whole = lines.reduce((sum, { dollars, beside }) => sum + (beside ? 0 : dollars), 0);
  const unit = '$ a million facts';
  return [
    {
      name: `a million facts, ${pattern} (${prices.region}, prices of ${prices.on})`,
      unit,
      figure: whole,
      ...(atMost !== undefined && { goal: { is: 'atMost', value: atMost } }),
    },
    { name: '  of it the second level', unit, figure: secondLevelOf(meter) },
    ...lines.map(({ name, dollars }) => ({ name: `  ${name}`, unit, figure: dollars })),
  ];
};

export const cost: Bench = async () => [
  ...figuresOf('as the sample comes', await metered(asItComes), goal),
  ...figuresOf('each alone, in a process new to it', await metered(oneByOne)),
];
