// What do faults leave behind? A channel played once undisturbed and once a seed under its plan, and the two held against each other.
import { manualClock } from '../local/core/clock.ts';
import { type Runtime, startRuntime } from '../local/runtime.ts';
import { sampleChannel } from '../sample/sampleChannel.ts';
import { notePartnerBus } from '../sample/systems.ts';
import { type Differences, differencesOf } from './differences.ts';
import { emptyRows, emptyTables } from './emptyTables.ts';
import { readEndState } from './endState.ts';
import { createFaultInjection, type Tell } from './faultInjection.ts';
import { inWaves } from './inWaves.ts';
import { connectAll, passTime, sendAll, settle } from './playChannel.ts';

export interface SeedsRequest {
  /** A folder that is empty, and that whoever asks removes. */
  readonly dataDir: string;
  /** About so many facts. */
  readonly facts: number;
  readonly tell: Tell;
  readonly log: (line: string) => void;
}

export interface SeedResult {
  /** How many events, receipts and rows there are at the end. */
  readonly documents: number;
  /** Events and receipts, against those of the run without faults. */
  readonly recorded?: Differences | undefined;
  /** Rows, against those that are made anew of the events, without faults. */
  readonly rows?: Differences | undefined;
  /** Queues that still hold messages, dead letters too. */
  readonly queued: readonly string[];
}

export interface SeedRunner {
  readonly messages: number;
  run(seed: number): Promise<SeedResult>;
  stop(): Promise<void>;
}

/** The sample ends on this day; the clock stands at its noon. */
const today = '2026-11-23';
const messagesAStory = 18;
const messagesAtTheStart = 20;
const isRow = (document: string): boolean => !/^(event|receipt|pointer): /.test(document);

/** Starts a runtime, and plays the channel once without faults. */
export const startSeeds = async ({ dataDir, facts, tell, log }: SeedsRequest): Promise<SeedRunner> => {
  notePartnerBus(dataDir);
  const clock = manualClock(Date.parse(`${today}T12:00:00.000Z`));
  const started: { runtime?: Runtime } = {};
  const runtimeNow = (): Runtime => {
    if (started.runtime === undefined) throw new Error('the runtime has not started');
    return started.runtime;
  };
  const storm = createFaultInjection({ runtime: runtimeNow, tell });
  const runtime = await startRuntime({
    ...{ dataDir, clock, interceptors: [storm.interceptor], deliver: storm.deliver, log },
    timing: { gather: 2, backoff: 1, longestBackoff: 8, workers: 2 },
  });
  started.runtime = runtime;
  const stories = Math.max(1, Math.round((facts - messagesAtTheStart) / messagesAStory));
  const { deliveries } = sampleChannel({ seed: 1, today, stories });
  const waves = inWaves(deliveries);
  let tenants = 0;

  const play = async (seed: number | undefined) => {
    tenants += 1;
    const tenant = `tenant${tenants}x`;
    // Functions forget by now to whom the CRM's account belonged.
    clock.advance(61_000);
    await settle(runtime);
    const connections = await connectAll(runtime, tenant);
    if (seed !== undefined) storm.begin(seed);
    for (const wave of waves) {
      await sendAll(runtime, connections, wave);
      await settle(runtime);
    }
    storm.end();
    await settle(runtime);
    await passTime(runtime, clock);
    return { tenant, ...(await readEndState(runtime, tenant)) };
  };

  const undisturbed = await play(undefined);
  const wanted = undisturbed.documents.filter((document) => !isRow(document));
  await emptyTables(runtime);
  if (undisturbed.queued.length > 0) throw new Error(`without faults there is left: ${undisturbed.queued.join()}`);

  return {
    messages: deliveries.length,
    async run(seed) {
      const { tenant, documents, queued } = await play(seed);
      await emptyRows(runtime);
      // Its workers remember what they wrote: new ones look.
      runtime.crash('project');
      const pager = JSON.stringify({ sweep: 'pager', tenantId: tenant, all: true });
      runtime.queueStore.sendAll([{ queue: runtime.queueOf('sweep'), body: pager }]);
      await settle(runtime);
      const anew = await readEndState(runtime, tenant);
      await emptyTables(runtime);
      return {
        documents: documents.length,
        recorded: differencesOf(
          wanted,
          documents.filter((document) => !isRow(document)),
        ),
        rows: differencesOf(anew.documents.filter(isRow), documents.filter(isRow)),
        queued,
      };
    },
    stop: () => runtime.stop(),
  };
};
