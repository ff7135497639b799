// How far has the sample come? Counted in messages that were sent and are worked off, every second while it is played.
// Playing the sample calls it; it counts in the queues and, by a call, in the index of receipts that are pending.
import type { Runtime } from '../local/runtime.ts';

/** The share of the sample that is played, from 0 to 1, and in words. */
export interface SampleProgress {
  readonly share: number;
  readonly text: string;
}

export interface Following {
  readonly runtime: Pick<Runtime, 'plan' | 'queueStore' | 'engine'>;
  /** The messages of the sample. */
  readonly total: number;
  /** How many of them are accepted by now. */
  readonly sent: () => number;
  readonly progress: (progress: SampleProgress) => void;
}

const everyMs = 1_000;

/** What is worked off still wants its rows: all of it is only played when nothing is left to do. */
const allButRows = 0.99;

/** Receipts that are not translated yet. */
const pending = async ({ plan, engine }: Following['runtime']): Promise<number> => {
  const named = plan.functions.find(({ environment }) => environment.RECEIPTS_TABLE !== undefined);
  const input = { TableName: named?.environment.RECEIPTS_TABLE, IndexName: 'pending', Select: 'COUNT' };
  const { Count } = await engine.call('Scan', input);
  return typeof Count === 'number' ? Count : 0;
};

/** Messages in queues that functions read. */
const queued = ({ plan, queueStore }: Following['runtime']): number =>
  plan.queueMappings.reduce((sum, { queue }) => {
    const { visible, inFlight } = queueStore.counts(queue);
    return sum + visible + inFlight;
  }, 0);

/** Tells the progress until the answered function is called; whoever calls it tells the last word. */
export const followProgress = ({ runtime, total, sent, progress }: Following): (() => void) => {
  let isAsking = false;
  let isOver = false;
  const tell = async (): Promise<void> => {
    const accepted = sent();
    // What is at once a message in a queue and a pending receipt counts twice: it is some way from its end.
    const done = Math.max(0, accepted - (await pending(runtime)) - queued(runtime));
    const text = `playing a sample channel, sent ${accepted} of ${total} messages, ${done} worked off`;
    if (!isOver) progress({ share: (allButRows * done) / Math.max(total, 1), text });
  };
  const timer = setInterval(() => {
    if (isAsking) return;
    isAsking = true;
    // An engine that is just starting again answers the next time.
    tell()
      .catch(() => undefined)
      .finally(() => {
        isAsking = false;
      });
  }, everyMs);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
};
