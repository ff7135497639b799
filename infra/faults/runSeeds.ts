// Do faults change the result? The channel is played once without faults and once for each seed, and the results are compared.
// The process of the seeds calls it; it runs a local runtime on a data directory of its own.
import { type ManualClock, manualClock } from '../local/core/clock.ts';
import { type Runtime, startRuntime } from '../local/runtime.ts';
import { publishPolicy } from '../sample/publishPolicy.ts';
import { sampleChannel } from '../sample/sampleChannel.ts';
import { notePartnerBus } from '../sample/systems.ts';
import { takeAgedOut } from './agedOut.ts';
import { type Differences, differencesOf } from './differences.ts';
import { emptyRows, emptyTables } from './emptyTables.ts';
import { readEndState } from './endState.ts';
import { createFaultInjection, type FaultInjection } from './faultInjection.ts';
import { type ClockJump, clockJumpOf } from './faultPlan.ts';
import type { Tell } from './faultState.ts';
import { inWaves } from './inWaves.ts';
import { connectAll, passTime, sendAll, settle } from './playChannel.ts';

export interface SeedsRequest {
  /** An empty folder; the caller removes it. */
  readonly dataDir: string;
  /** About so many facts. */
  readonly facts: number;
  readonly tell: Tell;
  readonly log: (line: string) => void;
}

export interface SeedResult {
  /** How many events, receipts and rows there are at the end. */
  readonly documents: number;
  /** Events and receipts, compared with those of the run without faults. */
  readonly recorded?: Differences | undefined;
  /** Rows, compared with rows that are computed again from the events without faults. */
  readonly rows?: Differences | undefined;
  /** Queues that still hold messages, dead letters too. */
  readonly queued: readonly string[];
}

export interface SeedRunner {
  readonly messages: number;
  run(seed: number): Promise<SeedResult>;
  stop(): Promise<void>;
}

/** The sample ends on this day; the clock stands at noon of it. */
const today = '2026-11-23';
const messagesAStory = 18;
const messagesAtTheStart = 20;
const isRow = (document: string): boolean => !/^(event|receipt|pointer): /.test(document);

/** The runtime and the state on which seeds are played. */
interface Stage {
  readonly runtime: Runtime;
  readonly clock: ManualClock;
  readonly faults: FaultInjection;
  readonly tell: Tell;
}

const startStage = async ({ dataDir, tell, log }: SeedsRequest): Promise<Stage> => {
  notePartnerBus(dataDir);
  const clock = manualClock(Date.parse(`${today}T12:00:00.000Z`));
  const started: { runtime?: Runtime } = {};
  const runtimeNow = (): Runtime => {
    if (started.runtime === undefined) throw new Error('the runtime has not started');
    return started.runtime;
  };
  const faults = createFaultInjection({ runtime: runtimeNow, tell });
  const runtime = await startRuntime({
    ...{ dataDir, clock, interceptors: [faults.interceptor], deliver: faults.deliver, log },
    timing: { gather: 2, backoff: 1, longestBackoff: 8, workers: 2 },
  });
  started.runtime = runtime;
  return { runtime, clock, faults, tell };
};

interface Played {
  readonly tenant: string;
  /** The seed of the current plan; undefined: none. */
  readonly seed: number | undefined;
  readonly waves: ReturnType<typeof inWaves>;
}

/** The messages; between two of them the clock jumps, while functions work. */
function* whileJumping<T>(wave: readonly T[], jump: ClockJump, jumps: (jump: ClockJump) => void): Generator<T> {
  const at = Math.floor(jump.after * wave.length);
  for (const [index, message] of wave.entries()) {
    if (index === at) jumps(jump);
    yield message;
  }
}

/** Plays the channel for a tenant, and reads the end state. */
const play = async ({ runtime, clock, faults, tell }: Stage, { tenant, seed, waves }: Played) => {
  const jumps = ({ kind, ms }: ClockJump): void => {
    tell(`clock ${kind}`, 'Machine', 'clock');
    clock.correct(ms);
  };
  // After this time, functions have forgotten which tenant owned the CRM's account.
  clock.advance(61_000);
  await settle(runtime);
  const connections = await connectAll(runtime, tenant);
  await publishPolicy(runtime, { tenant, today });
  if (seed !== undefined) faults.begin(seed);
  for (const [index, wave] of waves.entries()) {
    const jump = seed === undefined ? undefined : clockJumpOf(seed, index);
    await sendAll(runtime, connections, jump === undefined ? wave : whileJumping(wave, jump, jumps));
    await settle(runtime);
  }
  faults.end();
  await settle(runtime);
  takeAgedOut(runtime);
  await passTime(runtime, clock);
  return await readEndState(runtime, tenant);
};

/** A tenant's end state after all its rows were computed again without faults. */
const madeAnew = async ({ runtime }: Stage, tenant: string) => {
  await emptyRows(runtime);
  // Its workers keep in memory what they wrote, so new workers read the tables.
  runtime.crash('project');
  const pager = JSON.stringify({ sweep: 'pager', tenantId: tenant, all: true });
  runtime.queueStore.sendAll([{ queue: runtime.queueOf('sweep'), body: pager }]);
  await settle(runtime);
  return await readEndState(runtime, tenant);
};

/** Starts a runtime, and plays the channel once without faults. */
export const startSeeds = async (request: SeedsRequest): Promise<SeedRunner> => {
  const stage = await startStage(request);
  const { runtime } = stage;
  const stories = Math.max(1, Math.round((request.facts - messagesAtTheStart) / messagesAStory));
  const { deliveries } = sampleChannel({ seed: 1, today, stories });
  const waves = inWaves(deliveries);
  let tenants = 0;
  const tenantOfNext = (): string => {
    tenants += 1;
    return `tenant${tenants}x`;
  };

  const undisturbed = await play(stage, { tenant: tenantOfNext(), seed: undefined, waves });
  const wanted = undisturbed.documents.filter((document) => !isRow(document));
  await emptyTables(runtime);
  if (undisturbed.queued.length > 0) throw new Error(`without faults there is left: ${undisturbed.queued.join()}`);

  return {
    messages: deliveries.length,
    async run(seed) {
      const tenant = tenantOfNext();
      const { documents, queued } = await play(stage, { tenant, seed, waves });
      const anew = await madeAnew(stage, tenant);
      await emptyTables(runtime);
      const recorded = documents.filter((document) => !isRow(document));
      return {
        documents: documents.length,
        recorded: differencesOf(wanted, recorded),
        rows: differencesOf(anew.documents.filter(isRow), documents.filter(isRow)),
        queued,
      };
    },
    stop: () => runtime.stop(),
  };
};
