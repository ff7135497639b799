// How much of the sample is done? Every second during the play, this counts the messages that were sent and processed.
// Playing the sample calls it; it counts messages in the queues, and pending receipts in their index.
import type { Runtime } from '../local/runtime.ts';

/** The played share of the sample, from 0 to 1, and a text. */
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

/** Processed messages may still lack their rows: the sample is completely played only when no work is left. */
const allButRows = 0.99;

/** Receipts that are not translated yet. */
const pending = async ({ plan, engine }: Following['runtime']): Promise<number> => {
  const named = plan.functions.find(({ environment }) => environment.RECEIPTS_TABLE !== undefined);
  const input = { TableName: named?.environment.RECEIPTS_TABLE, IndexName: 'open', Select: 'COUNT' };
  const { Count } = await engine.call('Scan', input);
  return typeof Count === 'number' ? Count : 0;
};

/** Messages in queues that functions read. */
const queued = ({ plan, queueStore }: Following['runtime']): number =>
  plan.queueMappings.reduce((sum, { queue }) => {
    const { visible, inFlight } = queueStore.counts(queue);
    return sum + visible + inFlight;
  }, 0);

/** Reports the progress until the answered function is called; the caller then reports the end itself. */
export const followProgress = ({ runtime, total, sent, progress }: Following): (() => void) => {
  let isAsking = false;
  let isOver = false;
  const tell = async (): Promise<void> => {
    const accepted = sent();
    // A message in a queue that is also a pending receipt counts twice: much of its work is still to do.
    const done = Math.max(0, accepted - (await pending(runtime)) - queued(runtime));
    const text = `playing a sample channel, sent ${accepted} of ${total} messages, ${done} worked off`;
    if (!isOver) progress({ share: (allButRows * done) / Math.max(total, 1), text });
  };
  const timer = setInterval(() => {
    if (isAsking) return;
    isAsking = true;
    // If the engine is restarting, the next count will succeed.
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
