// How do many writes share one sync of the disk? Those that arrive while a write is under way go to the engine together, as one transaction.
// The engine puts it between the functions' calls and its own connections.
import type { EngineAnswer, EnginePass } from './engineCall.ts';
import { groupableWrite, type KeysOf } from './groupableWrite.ts';
import { groupSender, type WaitingWrite } from './groupSender.ts';

interface Queued extends WaitingWrite {
  /** It met another write of its item, so its condition may well fail now. */
  met: boolean;
}

/** What DynamoDB takes in one transaction, and bytes well below its 4 MB: an item counts in another way than its JSON. */
const most = { writes: 100, bytes: 2 * 1_048_576 };

/** What goes now: writes that go alone, a group where one may go; and what waits on. */
interface Turn {
  readonly single: Queued[];
  readonly group: Queued[];
  readonly kept: Queued[];
}

/** Looks through the queue in its order. A write of an item that another write has, or waits for, waits behind it, and goes alone then. */
function turnOf(
  queue: readonly Queued[],
  {
    underWay,
    mayGroup,
    goesAlone,
  }: {
    readonly underWay: ReadonlySet<string>;
    readonly mayGroup: boolean;
    readonly goesAlone: (queued: Queued) => boolean;
  },
): Turn {
  const turn: Turn = { single: [], group: [], kept: [] };
  const taken = new Set(underWay);
  let bytes = 0;
  const fits = (more: number): boolean =>
    turn.group.length === 0 || (turn.group.length < most.writes && bytes + more <= most.bytes);
  for (const queued of queue) {
    const { write } = queued;
    if (taken.has(write.item)) {
      queued.met = true;
      turn.kept.push(queued);
    } else if (queued.met || goesAlone(queued)) turn.single.push(queued);
    else if (mayGroup && fits(write.bytes)) {
      turn.group.push(queued);
      bytes += write.bytes;
    } else turn.kept.push(queued);
    taken.add(write.item);
  }
  return turn;
}

/**
 * Sends every call on to the engine, and writes that arrive in the same moment as one transaction. A write that finds the engine idle
 * goes as it is, at once. Each caller gets the answer that it would have got alone: where a group is refused, nothing of it is stored, and
 * whoever is to blame is asked again by a call of its own. Where the connection breaks, each caller is told: its write may be stored or not,
 * as with a call of its own. Two writes of one item keep their order.
 */
export function groupedWrites(engine: EnginePass, keysOf: KeysOf): EnginePass {
  const { alone, together, areRefusalsLikely } = groupSender(engine);
  const underWay = new Set<string>();
  let queue: Queued[] = [];
  let busy = false;
  let looking = false;

  /** Looks only after the requests that have already come are read, which takes no time where there are none. */
  function soon(): void {
    if (looking) return;
    looking = true;
    setImmediate(look);
  }

  const follow = async (sent: readonly Queued[], work: Promise<void>): Promise<void> => {
    for (const { write } of sent) underWay.add(write.item);
    await work;
    for (const { write } of sent) underWay.delete(write.item);
    soon();
  };

  function look(): void {
    looking = false;
    const goesAlone = ({ write }: Queued): boolean => areRefusalsLikely(write);
    const { single, group, kept } = turnOf(queue, { underWay, mayGroup: !busy, goesAlone });
    queue = kept;
    for (const each of single) void follow([each], alone(each));
    if (group.length === 0) return;
    busy = true;
    const work = together(group).then(() => {
      busy = false;
    });
    void follow(group, work);
  }

  return (operation, body) => {
    const write = groupableWrite(operation, body, keysOf);
    if (write === undefined) return engine(operation, body);
    const asked = Promise.withResolvers<EngineAnswer>();
    queue.push({ operation, body, write, asked, met: false });
    soon();
    return asked.promise;
  };
}
