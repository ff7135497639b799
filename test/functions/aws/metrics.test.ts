// Is each failure counted once, and is one line written for CloudWatch, only where there is something to report?
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMeasures } from '../../../functions/aws/metrics.ts';
import { createLogger, withMiddleware } from '../../../functions/aws/middleware.ts';
import type { Receipts } from '../../../functions/receipts/receipts.ts';
import { countConflicts, countReceipts, countRefusals } from '../../../functions/stages/counted.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { emptyTip } from '../../../functions/store/eventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { fact, engagementStream as stream } from '../../support/histories/events.ts';
import { lambdaContext } from '../../support/lambdaContext.ts';
import { revisions } from '../project/revisions.ts';

const now = () => '2026-05-04T10:00:00.000Z';
let lines: Record<string, unknown>[];
let measured: (readonly [string, number])[];
const measure = (name: string, value: number) => void measured.push([name, value]);

beforeEach(() => {
  // With this variable Powertools writes to `console`, which the test can watch.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  lines = [];
  measured = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(JSON.parse(line)));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('an invocation writes one line: it sums the counts, keeps the highest level and names the function', async () => {
  const measures = createMeasures('sweep', 'Throughline');
  const handler = withMiddleware<number, void>(
    createLogger('sweep'),
    async (refusals) => {
      for (let count = 0; count < refusals; count += 1) measures.add('Refusals', 1);
      measures.add('OldestBasis', 40);
      measures.add('OldestBasis', 30);
    },
    measures,
  );
  await handler(3, lambdaContext('sweep'));
  expect(lines).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'Throughline',
            Dimensions: [['service']],
            Metrics: [
              { Name: 'Refusals', Unit: 'Count' },
              { Name: 'OldestBasis', Unit: 'Seconds' },
            ],
          },
        ],
      },
      service: 'Throughline',
      function: 'sweep',
      Refusals: 3,
      OldestBasis: 40,
    },
  ]);
});

test('an invocation that counted nothing writes nothing; one that failed writes what it counted', async () => {
  const warn = vi.spyOn(console, 'warn');
  const measures = createMeasures('sell', 'Throughline');
  const handler = withMiddleware<boolean, void>(
    createLogger('sell'),
    async (fails) => {
      measures.add('Conflicts', fails ? 2 : 0);
      if (fails) throw new Error('the store is away');
    },
    measures,
  );
  await handler(false, lambdaContext('sell'));
  expect([lines, warn.mock.calls]).toEqual([[], []]);
  await expect(handler(true, lambdaContext('sell'))).rejects.toThrow('the store is away');
  expect(lines).toMatchObject([{ Conflicts: 2 }]);
});

test('an append that meets another writer counts as a conflict; no other append does', async () => {
  const store = countConflicts(createMemoryEventStore(), measure);
  await store.append(stream, emptyTip, revisions(stream, 1), now());
  expect(measured).toEqual([]);
  const again = await store.append(stream, emptyTip, revisions(stream, 1, 'second'), now());
  expect(again.outcome).toBe('conflict');
  expect(measured).toEqual([['Conflicts', 1]]);
  expect((await store.load(stream)).events).toHaveLength(1);
});

test('each refusal is counted, and the answer stays the same', async () => {
  const recordFacts = countRefusals(
    createRecordFacts({ store: createMemoryEventStore(), now, random: () => 0 }),
    measure,
    'Refusals',
  );
  const orphan = fact('SolutionProposed', { outcomeIds: ['o1'] }, { at: '2026-05-02', actor: 'user:ann' });
  const recorded = await recordFacts(stream, [orphan, ...revisions(stream, 1)]);
  expect(recorded.map(({ outcome }) => outcome)).toEqual(['refused', 'recorded']);
  expect(measured).toEqual([['Refusals', 1]]);
});

test('a receipt is counted when it has ended as refused or waits; no other ending is counted', async () => {
  const kept: string[] = [];
  const receipts: Receipts = {
    keep: async () => ({ partition: 'p', id: 'i' }),
    get: async () => undefined,
    end: async (_, ending, [stands]) => {
      if (stands !== undefined) return { status: 'waiting', waitsUnder: [] };
      kept.push(ending.status);
      return undefined;
    },
    wait: async (_, { reason }, [stands]) => {
      if (reason === 'away') throw new Error('the table is away');
      if (stands !== undefined) return { status: 'translated', waitsUnder: [] };
      kept.push(reason);
      return undefined;
    },
    tenants: async () => ({ tenants: [] }),
    pendingBefore: async () => ({ receipts: [] }),
  };
  const counted = countReceipts(receipts, measure);
  const key = { partition: 'p', id: 'i' };
  await counted.end(key, { status: 'translated', facts: [] }, []);
  await counted.end(key, { status: 'ignored', reason: 'a ping' }, []);
  await counted.end(key, { status: 'translated', facts: [], unknownKeys: ['data.mood', 'data.tone'] }, []);
  const refused = { status: 'refused', reason: 'notAnEvent', issues: [] } as const;
  expect(await counted.end(key, refused, [])).toBeUndefined();
  expect(await counted.end(key, refused, ['others'])).toMatchObject({ status: 'waiting' });
  await counted.wait(key, { reason: 'unlinked', waitsUnder: [] }, []);
  expect(await counted.wait(key, { reason: 'late', waitsUnder: [] }, ['others'])).toMatchObject({
    status: 'translated',
  });
  await expect(counted.wait(key, { reason: 'away', waitsUnder: [] }, [])).rejects.toThrow('away');
  expect(kept).toEqual(['translated', 'ignored', 'translated', 'refused', 'unlinked']);
  expect(measured.filter(([, count]) => count > 0)).toEqual([
    ['UnknownKeys', 2],
    ['ReceiptsRefused', 1],
    ['ReceiptsSetAside', 1],
  ]);
});
