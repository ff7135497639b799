// How do many writes share one sync of the disk? Those that arrive while a write is under way go to the engine together, as one transaction.
// The engine puts it between the functions' calls and its own connections.
import type { EngineAnswer, EnginePass } from './engineCall.ts';
import { type GroupableWrite, groupableWrite, type KeysOf } from './groupableWrite.ts';
import { createRefusals } from './refusals.ts';
import { conditionsThatFailed, isRefusedByCondition } from './refusedWrite.ts';

/** A write whose caller waits. */
interface Waiting {
  readonly operation: string;
  readonly body: string | Buffer;
  readonly write: GroupableWrite;
  readonly asked: PromiseWithResolvers<EngineAnswer>;
  /** It met another write of its item, so its condition may well fail now. */
  met: boolean;
}

/** What DynamoDB takes in one transaction, and bytes well below its 4 MB: an item counts in another way than its JSON. */
const most = { writes: 100, bytes: 2 * 1_048_576 };

/** What each of these writes answers alone when it is carried out. */
const done: EngineAnswer = { status: 200, body: '{}' };

const transactionOf = (group: readonly Waiting[]): string =>
  `{"TransactItems":[${group.map(({ write }) => write.part).join(',')}]}`;

/**
 * Sends every call on to the engine, and writes that arrive in the same moment as one transaction. A write that finds the engine idle
 * goes as it is, at once. Each caller gets the answer that it would have got alone: where a group is refused, nothing of it is stored, and
 * whoever is to blame is asked again by a call of its own. Where the connection breaks, each caller is told: its write may be stored or not,
 * as with a call of its own. Two writes of one item keep their order.
 */
export function groupedWrites(engine: EnginePass, keysOf: KeysOf): EnginePass {
  const refusals = createRefusals();
  const underWay = new Set<string>();
  let waiting: Waiting[] = [];
  let busy = false;
  let looking = false;

  async function alone({ operation, body, write, asked }: Waiting): Promise<void> {
    try {
      const answer = await engine(operation, body);
      refusals.note(write, isRefusedByCondition(answer));
      asked.resolve(answer);
    } catch (error) {
      asked.reject(error);
    }
  }

  /** Sends a group; it is sent once more without those who are to blame, and after that one by one. */
  async function together(group: readonly Waiting[], again = true): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    if (group.length === 1) return alone(first);
    let answer: EngineAnswer;
    try {
      answer = await engine('TransactWriteItems', transactionOf(group));
    } catch (error) {
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
    const [blamed, others] = failed === undefined ? [group, []] : parted(group, failed);
    await Promise.all([...blamed.map(alone), together(others, false)]);
  }

  const release = (sent: readonly Waiting[]): void => {
    for (const { write } of sent) underWay.delete(write.item);
    soon();
  };

  /** Only after the requests that have already come are read, which takes no time where there are none. */
  function soon(): void {
    if (looking) return;
    looking = true;
    setImmediate(next);
  }

  /** Takes the writes that can go now: a group, if none is under way, and those that go alone. */
  function next(): void {
    looking = false;
    const kept: Waiting[] = [];
    const group: Waiting[] = [];
    const before = new Set<string>();
    let bytes = 0;
    const keep = (each: Waiting): void => {
      kept.push(each);
      before.add(each.write.item);
    };
    for (const each of waiting) {
      const { write } = each;
      if (underWay.has(write.item) || before.has(write.item)) {
        each.met = true;
        keep(each);
      } else if (each.met || refusals.areLikely(write)) {
        underWay.add(write.item);
        void alone(each).then(() => release([each]));
      } else if (busy || group.length === most.writes || (group.length > 0 && bytes + write.bytes > most.bytes)) {
        keep(each);
      } else {
        underWay.add(write.item);
        group.push(each);
        bytes += write.bytes;
      }
    }
    waiting = kept;
    if (group.length === 0) return;
    busy = true;
    void together(group).then(() => {
      busy = false;
      release(group);
    });
  }

  return (operation, body) => {
    const write = groupableWrite(operation, body, keysOf);
    if (write === undefined) return engine(operation, body);
    const asked = Promise.withResolvers<EngineAnswer>();
    waiting.push({ operation, body, write, asked, met: false });
    soon();
    return asked.promise;
  };
}

const parted = (
  group: readonly Waiting[],
  failed: ReadonlySet<number>,
): readonly [readonly Waiting[], readonly Waiting[]] => [
  group.filter((_, index) => failed.has(index)),
  group.filter((_, index) => !failed.has(index)),
];
