// How does a group of writes reach the engine, and what does each caller hear? As one transaction, with each the answer that it would have got alone.
// groupedWrites.ts calls it; it calls the engine.
import type { EngineAnswer, EnginePass } from './engineCall.ts';
import type { GroupableWrite } from './groupableWrite.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { conditionsThatFailed, isRefusedByCondition } from './refusedWrite.ts';

/** A write whose caller waits. */
export interface WaitingWrite {
  readonly operation: string;
  readonly body: string | Buffer;
  readonly write: GroupableWrite;
  readonly asked: PromiseWithResolvers<EngineAnswer>;
}

/** Both answer the callers, and resolve when all have their answers; they never reject. */
export interface GroupSender {
  /** Sends a write by a call of its own. */
  alone(waiting: WaitingWrite): Promise<void>;
  /** Sends a group as one transaction. Where it is refused, it goes once more without those who are to blame, and after that one by one. */
  together(group: readonly WaitingWrite[]): Promise<void>;
  /** Whether writes of its kind are often refused by their conditions: they had better go alone. */
  readonly areRefusalsLikely: Refusals['areLikely'];
}

/** What each write of a group answers alone when it is carried out. */
const done: EngineAnswer = { status: 200, body: '{}' };

const transactionOf = (group: readonly WaitingWrite[]): string =>
  `{"TransactItems":[${group.map(({ write }) => write.part).join(',')}]}`;

/** Makes the sender to an engine. */
export function groupSender(engine: EnginePass): GroupSender {
  const refusals = createRefusals();

  async function alone({ operation, body, write, asked }: WaitingWrite): Promise<void> {
    try {
      const answer = await engine(operation, body);
      refusals.note(write, isRefusedByCondition(answer));
      asked.resolve(answer);
    } catch (error) {
      asked.reject(error);
    }
  }

  async function together(group: readonly WaitingWrite[], again: boolean): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    if (group.length === 1) return alone(first);
    let answer: EngineAnswer;
    try {
      answer = await engine('TransactWriteItems', transactionOf(group));
    } catch (error) {
      // The writes may be stored or not, as after a call of their own.
      for (const { asked } of group) asked.reject(error);
      return;
    }
    if (answer.status === 200) {
      for (const { write, asked } of group) {
        refusals.note(write, false);
        asked.resolve(done);
      }
      return;
    }
    const failed = again ? conditionsThatFailed(answer) : undefined;
    const isToBlame = (index: number): boolean => failed === undefined || failed.has(index);
    const blamed = group.filter((_, index) => isToBlame(index));
    const others = group.filter((_, index) => !isToBlame(index));
    await Promise.all([...blamed.map(alone), together(others, false)]);
  }

  return { alone, together: (group) => together(group, true), areRefusalsLikely: refusals.areLikely };
}
