// Does any sequence of sends, receives, acknowledgements, restarts and passing time leave the queues as a plain model says?

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../../../../infra/local/core/clock.ts';
import { openQueueStore, type QueueStore } from '../../../../infra/local/storage/queueStore.ts';

const maxReceiveCount = 2;
const timeoutSeconds = 5;
const names = ['work', 'dead'] as const;
type Name = (typeof names)[number];

interface ModelMessage {
  readonly body: string;
  queue: Name;
  order: number;
  visibleAt: number;
  receives: number;
  held: boolean;
}

interface Receipt {
  readonly handle: string;
  readonly queue: Name;
  readonly message: ModelMessage;
  readonly receives: number;
}

interface Model {
  now: number;
  sent: number;
  messages: ModelMessage[];
  readonly receipts: Receipt[];
}

/** The store under test, which a restart replaces. */
interface Real {
  readonly clock: ReturnType<typeof manualClock>;
  readonly path: string;
  store: QueueStore;
}

type Act = (model: Model, real: Real) => void;

function open(path: string, clock: Real['clock']): QueueStore {
  const store = openQueueStore({ path, clock });
  const settings = { visibilityTimeoutSeconds: timeoutSeconds, delaySeconds: 0 };
  store.ensureQueue('work', { ...settings, redrive: { deadLetterQueue: 'dead', maxReceiveCount } });
  store.ensureQueue('dead', settings);
  return store;
}

const due = ({ messages, now }: Model, queue: Name) =>
  messages
    .filter((message) => message.queue === queue && message.visibleAt <= now)
    .sort((a, b) => a.visibleAt - b.visibleAt || a.order - b.order);

function send(delays: readonly number[]): Act {
  return (model, { store }) => {
    const fresh = delays.map((delaySeconds) => {
      const order = model.sent++;
      const visibleAt = model.now + delaySeconds * 1000;
      return { body: `m${order}`, queue: 'work' as const, order, visibleAt, receives: 0, held: false };
    });
    model.messages.push(...fresh);
    store.sendAll(fresh.map(({ body }, index) => ({ queue: 'work', body, delaySeconds: delays[index] ?? 0 })));
  };
}

function receive(queue: Name, max: number): Act {
  return (model, { store }) => {
    const expected: ModelMessage[] = [];
    let page: readonly ModelMessage[];
    do {
      page = due(model, queue).slice(0, max);
      for (const message of page) {
        if (queue === 'work' && message.receives >= maxReceiveCount) {
          Object.assign(message, { queue: 'dead', visibleAt: model.now, held: false });
        } else {
          Object.assign(message, { visibleAt: model.now + timeoutSeconds * 1000, held: true });
          message.receives += 1;
          expected.push(message);
        }
      }
    } while (expected.length === 0 && page.length > 0);
    const got = store.receive(queue, max);
    expect(got.map(({ body, receiveCount }) => [body, receiveCount])).toEqual(
      expected.map(({ body, receives }) => [body, receives]),
    );
    got.forEach(({ receiptHandle }, index) => {
      const message = expected[index];
      if (message === undefined) return;
      model.receipts.push({ handle: receiptHandle, queue, message, receives: message.receives });
    });
  };
}

/** Picks any receipt that was ever given out, so that most are stale. */
const pick = ({ receipts }: Model, choice: number) => receipts.at(-1 - (choice % Math.max(receipts.length, 1)));

const isCurrent = (model: Model, { message, receives, queue }: Receipt) =>
  model.messages.includes(message) && message.receives === receives && message.queue === queue;

function end(choice: number): Act {
  return (model, { store }) => {
    const receipt = pick(model, choice);
    if (receipt === undefined) return;
    if (isCurrent(model, receipt)) model.messages = model.messages.filter((message) => message !== receipt.message);
    store.delete(receipt.queue, [receipt.handle]);
  };
}

function changeVisibility(choice: number, seconds: number): Act {
  return (model, { store }) => {
    const receipt = pick(model, choice);
    if (receipt === undefined) return;
    const { message } = receipt;
    const holds = isCurrent(model, receipt) && message.held && message.visibleAt > model.now;
    if (holds) Object.assign(message, { visibleAt: model.now + seconds * 1000, held: seconds > 0 });
    expect(store.changeVisibility(receipt.queue, receipt.handle, seconds)).toBe(holds);
  };
}

const advance =
  (ms: number): Act =>
  (model, { clock }) => {
    model.now += ms;
    clock.advance(ms);
  };

function restart(freesHeld: boolean): Act {
  return (model, real) => {
    real.store.close();
    real.store = open(real.path, real.clock);
    if (!freesHeld) return;
    real.store.makeInFlightVisible();
    for (const message of model.messages) {
      if (message.held && message.visibleAt > model.now) Object.assign(message, { visibleAt: model.now, held: false });
    }
  };
}

function agree(model: Model, { store }: Real): void {
  for (const queue of names) {
    const own = model.messages.filter((message) => message.queue === queue);
    const hidden = own.filter(({ visibleAt }) => visibleAt > model.now);
    const inFlight = hidden.filter(({ held }) => held).length;
    expect(store.counts(queue)).toEqual({
      visible: own.length - hidden.length,
      inFlight,
      delayed: hidden.length - inFlight,
    });
  }
  const later = model.messages.map(({ visibleAt }) => visibleAt).filter((at) => at > model.now);
  expect(store.nextDueAt()).toBe(later.length === 0 ? undefined : Math.min(...later));
}

const acts = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.nat(3), { maxLength: 4 }).map((delays) => ({ say: `send ${delays}`, act: send(delays) })),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...names), fc.integer({ min: 1, max: 4 }))
      .map(([queue, max]) => ({ say: `receive ${queue} ${max}`, act: receive(queue, max) })),
  },
  { weight: 3, arbitrary: fc.nat(6).map((choice) => ({ say: `delete ${choice}`, act: end(choice) })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(6), fc.nat(8))
      .map(([choice, seconds]) => ({ say: `change ${choice} ${seconds}`, act: changeVisibility(choice, seconds) })),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(1, 1_000, 5_000, 5_000).map((ms) => ({ say: `advance ${ms}`, act: advance(ms) })),
  },
  { weight: 1, arbitrary: fc.boolean().map((frees) => ({ say: `restart ${frees}`, act: restart(frees) })) },
);
const printed = acts.map(({ say, act }) => ({ act, [fc.toStringMethod]: () => say }));

test('the store and the model agree after every operation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'queue-model-'));
  let run = 0;
  try {
    fc.assert(
      fc.property(fc.array(printed, { maxLength: 60, size: 'max' }), (sequence) => {
        const clock = manualClock(1_000_000);
        const path = join(folder, `${run++}.db`);
        const real: Real = { clock, path, store: open(path, clock) };
        const model: Model = { now: clock.now(), sent: 0, messages: [], receipts: [] };
        try {
          for (const { act } of sequence) {
            act(model, real);
            agree(model, real);
          }
        } finally {
          real.store.close();
        }
      }),
      { numRuns: 100 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
