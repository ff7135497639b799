// What stands around the receipts' tick in its tests? Real receipts and walks on the engine, a clock by hand, and queues that may be away.
import { addMilliseconds, type Instant } from '../../events/instant.ts';
import type { ReceiptKey } from '../../functions/receipts/receipt.ts';
import { createReceipts, type PendingQuery } from '../../functions/receipts/receipts.ts';
import { createReceiptsTick } from '../../functions/sweep/receiptsTick.ts';
import { createReceiptWalks } from '../../functions/sweep/receiptWalks.ts';
import type { TestEngine } from './engine.ts';
import { quiet } from './intake/intake.ts';
import { makeTables } from './intake/intakeTables.ts';

const received = '2026-12-01T00:00:00.000Z';
export const minutes = (count: number): Instant => addMilliseconds(received, count * 60_000);

/** What the clock says. */
export const clock = { sweep: 'receipts' };

interface WalkingState {
  at: Instant;
  /** The ids of receipts, each time that one was offered. */
  offered: string[];
  /** What sweep has sent itself, and nobody has taken. */
  readonly own: object[];
  readonly asked: PendingQuery[];
  readonly measured: (readonly [string, number])[];
  /** A tenant whose receipts can't be read. */
  unreadable: string | undefined;
  /** A queue that is away. */
  failing: 'translate' | 'sweep' | undefined;
}

export const startWalking = async (
  { client, runsTable: newRunsTable }: TestEngine,
  receiptsARound: number,
  tenantsAtOnce?: number,
) => {
  const tables = await makeTables(client);
  const now = (): Instant => state.at;
  const receipts = createReceipts({ client, table: tables.receipts, now });
  const walks = createReceiptWalks({ client, table: await newRunsTable() });
  const refuse = (queue: 'translate' | 'sweep'): void => {
    if (state.failing === queue) throw new Error(`${queue}'s queue is away`);
  };
  const state: WalkingState = {
    at: minutes(6),
    offered: [],
    own: [],
    asked: [],
    measured: [],
    unreadable: undefined,
    failing: undefined,
  };
  const walking = Object.assign(state, {
    walks,

    /** Hands sweep a message; a process of its own each time. */
    take: async (said: object = clock): Promise<void> => {
      const tick = createReceiptsTick({
        receipts: {
          tenants: receipts.tenants,
          pendingBefore: (query) => {
            walking.asked.push(query);
            if (query.tenantId === walking.unreadable) throw new Error(`${query.tenantId} can not be read`);
            return receipts.pendingBefore(query);
          },
        },
        walks,
        queues: {
          rollup: async () => undefined,
          project: () => Promise.reject(new Error('nothing is projected here')),
          translate: async (keys) => {
            refuse('translate');
            walking.offered.push(...keys.map(({ id }) => id));
          },
          sweep: async (body) => {
            refuse('sweep');
            // As it comes by a queue.
            walking.own.push(JSON.parse(JSON.stringify(body)));
          },
        },
        now,
        measure: (name, value) => void walking.measured.push([name, value]),
        logger: quiet,
        receiptsARound,
        ...(tenantsAtOnce !== undefined && { tenantsAtOnce }),
      });
      const work = tick.workFor(said);
      if (work === undefined) throw new Error(`none of the tick's: ${JSON.stringify(said)}`);
      await work();
    },

    /** The one message that sweep has sent itself, taken off its queue. */
    next: (): object => {
      const [message, ...more] = walking.own.splice(0);
      if (message === undefined || more.length > 0) throw new Error('expected one message');
      return message;
    },

    /** Hands it a message, and all that follow; answers how many receipts had been offered after each. */
    walk: async (said: object = clock): Promise<readonly number[]> => {
      const after: number[] = [];
      for (let open = [said]; open.length > 0; open = walking.own.splice(0)) {
        for (const each of open) await walking.take(each);
        after.push(walking.offered.length);
        if (after.length > 30) throw new Error('the walk does not end');
      }
      return after;
    },

    keep: (name: string, receivedAt = received, tenantId = 'acme'): Promise<ReceiptKey> =>
      receipts.keep({
        ...{ connection: 'c', tenantId, source: 'stripe', receiptId: name },
        message: { body: '{}', headers: {}, receivedAt },
      }),
    keepMany: async (count: number): Promise<readonly ReceiptKey[]> => {
      const keys: ReceiptKey[] = [];
      for (let index = 0; index < count; index += 1) keys.push(await walking.keep(`r-${index}`));
      return keys;
    },
    letWait: (key: ReceiptKey) => receipts.wait(key, { reason: 'notAllowed: any', waitsUnder: [] }, []),
  });
  return walking;
};
