// How do calls that record facts of one stream at the same time become one commit?
// `recordFacts.ts` calls it; it calls what it wraps.
import type { Fact } from '../../events/catalog.ts';
import type { Recorded, RecordFacts } from './recordFacts.ts';

interface Call {
  readonly facts: readonly Fact[];
  readonly answer: (recorded: readonly Recorded[]) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Wraps `recordFacts`: of one stream it runs once at a time. Facts that come meanwhile wait, and then are recorded together, in the
 * order in which they came. So no two callers of this process collide, and each of them waits for two commits at the most.
 */
export const joinedByStream = (recordFacts: RecordFacts): RecordFacts => {
  /** The calls that wait, of each stream of which facts are being recorded. */
  const waiting = new Map<string, Call[]>();

  const record = async (streamId: string, calls: readonly Call[]): Promise<void> => {
    try {
      const recorded = await recordFacts(
        streamId,
        calls.flatMap(({ facts }) => facts),
      );
      let from = 0;
      for (const { facts, answer } of calls) {
        answer(recorded.slice(from, from + facts.length));
        from += facts.length;
      }
    } catch (error) {
      for (const { fail } of calls) fail(error);
    }
  };

  const recordAll = async (streamId: string, first: Call): Promise<void> => {
    for (let calls: readonly Call[] = [first]; calls.length > 0; calls = waiting.get(streamId) ?? []) {
      waiting.set(streamId, []);
      await record(streamId, calls);
    }
    waiting.delete(streamId);
  };

  return (streamId, facts) =>
    new Promise((answer, fail) => {
      const call = { facts, answer, fail };
      const line = waiting.get(streamId);
      if (line === undefined) void recordAll(streamId, call);
      else line.push(call);
    });
};
