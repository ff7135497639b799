// Does a rebuild run once after other code is deployed, at its rate, with a record of its progress?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { emptyTip } from '../../../functions/store/eventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { createRebuildPages } from '../../../functions/sweep/rebuildPages.ts';
import {
  asksFor,
  createRebuildRuns,
  type DeploymentMark,
  type RebuildRuns,
} from '../../../functions/sweep/rebuildRuns.ts';
import { createSweepHandler } from '../../../functions/sweep/sweepHandler.ts';
import { createSweepQueues } from '../../../functions/sweep/sweepQueues.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { quiet } from '../../support/intake/intake.ts';

let engine: TestEngine;
let runs: RebuildRuns;
let eventsTable: string;
let sent: { readonly queue: string; readonly body: unknown; readonly delaySeconds?: number }[];
let failing: ((queue: string) => boolean) | undefined;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const now = (): string => '2026-12-01T00:00:00.000Z';
const own: DeploymentMark = { release: 2, computedBy: 'code' };

beforeEach(async () => {
  sent = [];
  failing = undefined;
  eventsTable = await engine.eventsTable();
  runs = createRebuildRuns({ client: engine.client, table: await engine.runsTable() });
});

/** The sweep of a deployment, for which every head is behind. */
const sweep = (deployment: DeploymentMark = own, rate = 10, kept: RebuildRuns = runs) => {
  const { client } = engine;
  const handle = createSweepHandler({
    dueHeads: async () => [],
    turnGroups: async () => ({ groups: [] }),
    customerEngagements: async () => [],
    outageEngagements: async () => [],
    quietSources: { at: async () => [], mark: async () => undefined, release: async () => undefined },
    bus: { put: async () => [] },
    store: createMemoryEventStore(),
    receipts: { tenants: async () => ({ tenants: [] }), pendingBefore: async () => ({ receipts: [] }) },
    walks: { last: async () => undefined, note: async () => true },
    turn: createRebuildPages({
      store: createDynamoEventStore({ client, table: eventsTable, pageSize: rate }),
      heads: { at: async () => undefined, head: async () => undefined, hasGrown: async () => false },
      ...deployment,
      rate,
    }),
    runs: kept,
    deployment,
    queues: createSweepQueues({
      send: async (queue, messages) => {
        if (failing?.(queue) === true) throw new Error('the queue can’t be reached');
        sent.push(...messages.map((message) => ({ queue, ...message })));
      },
      urls: { project: 'project', rollup: 'rollup', translate: 'translate', sweep: 'sweep' },
    }),
    keepFailure: async () => undefined,
    now,
    newId: () => `run-${deployment.release}-${deployment.computedBy}`,
    measure: () => undefined,
    logger: quiet,
  });
  return async (...bodies: readonly unknown[]): Promise<number> => {
    const Records = bodies.map((body, index) => ({ messageId: `m-${index}`, body: JSON.stringify(body) }));
    return (await handle({ Records })).batchItemFailures.length;
  };
};
const pages = () => sent.splice(0).filter(({ queue }) => queue === 'sweep');
const tick = { sweep: 'deployment' };

const streams = Array.from({ length: 45 }, (_, index) => `acme/engagement/e-${index}`);
const recordAll = async (): Promise<void> => {
  const store = createDynamoEventStore({ client: engine.client, table: eventsTable });
  for (const stream of streams) {
    await store.append(stream, emptyTip, [fact('EngagementOpened', {}, { at: now(), stream })], now());
  }
};

describe('after a deployment', () => {
  test('a rebuild runs once, where other code has computed the rows', async () => {
    expect(await sweep()(tick)).toBe(0);
    expect(pages()).toHaveLength(1);
    await sweep()(tick, tick);
    expect(pages()).toEqual([]);
    await sweep({ release: 3, computedBy: 'other' })(tick);
    expect(pages()).toHaveLength(1);
    expect(await runs.mark()).toEqual({ release: 3, computedBy: 'other' });
  });

  test('an instance of the previous deployment, which still runs, starts no rebuild and does not change the mark', async () => {
    await sweep({ release: 3, computedBy: 'other' })(tick);
    sent = [];
    await sweep()(tick);
    expect([pages(), await runs.mark()]).toEqual([[], { release: 3, computedBy: 'other' }]);
    // It may have read the mark before the later deployment has set it.
    await runs.setMark(own);
    expect(await runs.mark()).toEqual({ release: 3, computedBy: 'other' });
  });

  test('of the same code only the mark is set, so that an older instance does nothing', async () => {
    await sweep()(tick);
    sent = [];
    await sweep({ release: 5, computedBy: 'code' })(tick);
    expect([pages(), await runs.mark()]).toEqual([[], { release: 5, computedBy: 'code' }]);
  });

  test('a start that failed before the mark was set is repeated', async () => {
    failing = (queue) => queue === 'sweep';
    expect(await sweep()(tick)).toBe(1);
    expect(await runs.mark()).toBeUndefined();
    failing = undefined;
    expect(await sweep()(tick)).toBe(0);
    expect(pages()).toHaveLength(1);
  });

  test.each([
    [undefined, 'run'],
    [{ release: 2, computedBy: 'code' }, 'nothing'],
    [{ release: 2, computedBy: 'older' }, 'run'],
    [{ release: 1, computedBy: 'older' }, 'run'],
    [{ release: 1, computedBy: 'code' }, 'mark'],
    [{ release: 3, computedBy: 'newer' }, 'nothing'],
  ] as const)('the mark %j asks for: %s', (mark, asked) => {
    expect(asksFor(own, mark)).toBe(asked);
  });
});

describe('a run', () => {
  /** Does the pages of a run; returns the progress of its record after each. */
  const turned = async (said: object, rate = 10) => {
    const seen: { readonly seen: number | undefined; readonly delays: readonly (number | undefined)[] }[] = [];
    const handle = sweep(own, rate);
    for (let open: readonly unknown[] = [said]; open.length > 0; ) {
      expect(await handle(...open)).toBe(0);
      const next = sent.filter(({ queue }) => queue === 'sweep');
      sent = sent.filter(({ queue }) => queue !== 'sweep');
      seen.push({ seen: (await runs.get('r'))?.seen, delays: next.map(({ delaySeconds }) => delaySeconds) });
      open = next.map(({ body }) => body);
      if (seen.length > 60) throw new Error('the rebuild does not end');
    }
    return seen;
  };

  test('does a page per second, with as many streams as its rate, and records its progress after each', async () => {
    await recordAll();
    const seen = await turned({ sweep: 'pager', run: 'r' });
    expect(seen).toEqual([
      { seen: 0, delays: [undefined] },
      ...[10, 20, 30, 40].map((count) => ({ seen: count, delays: [1] })),
      // Then come the groups, of which there are none.
      { seen: 45, delays: [undefined] },
      { seen: 45, delays: [] },
    ]);
    expect(await runs.get('r')).toMatchObject({ why: 'person', seen: 45, sent: 45, share: 1, over: true });
    expect(sent.map(({ body }) => JSON.stringify(body)).toSorted()).toEqual(
      streams.map((stream) => JSON.stringify({ stream, rebuild: true })).toSorted(),
    );
  });

  test('has the rate that a person gives it', async () => {
    await recordAll();
    const seen = (await turned({ sweep: 'pager', run: 'r', rate: 4 })).map((each) => each.seen);
    expect(seen).toEqual([...Array.from({ length: 12 }, (_, page) => 4 * page), 45, 45]);
  });

  test('of the clock is recorded as such, and a malformed rate is refused', async () => {
    await sweep()({ sweep: 'pager' });
    expect(await runs.get('run-2-code')).toMatchObject({ why: 'clock', seen: 0, over: false });
    expect(await sweep()({ sweep: 'pager', rate: 0 })).toBe(1);
  });

  test('goes on where its progress can’t be stored, because the next page is sent already', async () => {
    await recordAll();
    await sweep()({ sweep: 'pager', run: 'r' });
    const [first] = pages();
    const unkept: RebuildRuns = { ...runs, put: () => Promise.reject(new Error('throttled')) };
    expect(await sweep(own, 10, unkept)(first?.body)).toBe(0);
    expect(pages()).toHaveLength(1);
  });
});
