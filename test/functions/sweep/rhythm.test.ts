// Is a connection that is silent for longer than its rhythm said to be quiet, once, and to be heard again by its next message?
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { type Fact, parseFact } from '../../../events/catalog.ts';
import type { Connection } from '../../../events/sources/source.ts';
import type { Bus } from '../../../functions/aws/eventBridge.ts';
import { createSourceActivity } from '../../../functions/intake/sourceActivity.ts';
import { createQuietSources } from '../../../functions/sweep/quietSources.ts';
import { createRhythmTick } from '../../../functions/sweep/rhythmTick.ts';
import { endSilence } from '../../../infra/commands/connect/connectionChanges.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { makeTables } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let table: string;
let now: string;
let put: Fact[];
let failing: boolean;
let quiet: number;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  table = (await makeTables(engine.client)).sources;
  put = [];
  failing = false;
});

const Pack = z.object({ owner: z.literal('control'), facts: z.array(z.unknown()) });
const bus: Bus = {
  put: async (entries) => {
    if (failing) return entries.map((_, index) => ({ index, reason: 'not now' }));
    for (const { detail } of entries) {
      for (const said of Pack.parse(JSON.parse(detail)).facts) {
        const parsed = parseFact(said);
        if (parsed.ok) put.push(parsed.value);
      }
    }
    return [];
  },
};

/** A connection of its own for each test. */
const daily = (rhythmHours: number | undefined = 24): Connection => ({
  ...{ connection: `c-${randomUUID()}`, source: 'cloudevents', tenantId: 'acme', account: 'crm' },
  ...{ allowedTypes: ['OrderFulfilled'], mapping: { version: 1 }, partner: 'party-1' },
  ...(rhythmHours !== undefined && { rhythmHours }),
});

const hears = (connection: Connection, at: string): Promise<void> =>
  createSourceActivity({ client: engine.client, table, report: () => expect.unreachable() })(connection, at);

const ticks = async (at: string): Promise<void> => {
  now = at;
  const quietSources = createQuietSources({ client: engine.client, table });
  const measure = (name: string, value: number): void => {
    expect(name).toBe('SourcesQuiet');
    quiet = value;
  };
  const tick = createRhythmTick({ quietSources, bus, now: () => now, measure, logger: { info: () => undefined } });
  await tick.workFor({ sweep: 'rhythm' })?.();
};

const saidOf = ({ connection }: Connection) =>
  put.flatMap((fact) =>
    fact.type === 'SourceWentQuiet' || fact.type === 'SourceRecovered'
      ? fact.data.connectionId === connection
        ? [[fact.type, fact.occurredAt] as const]
        : []
      : [],
  );

test('as soon as its rhythm is over, and not before', async () => {
  const source = daily();
  await hears(source, '2026-03-01T09:00:00.000Z');
  await ticks('2026-03-02T08:59:59.999Z');
  expect(saidOf(source)).toEqual([]);
  await ticks('2026-03-02T09:04:00.000Z');
  expect(saidOf(source)).toEqual([['SourceWentQuiet', '2026-03-02T09:00:00.000Z']]);
  expect(put[0]).toMatchObject({
    streamId: `acme/source/${source.connection}`,
    data: { lastHeardAt: '2026-03-01T09:00:00.000Z', types: ['OrderFulfilled'], partner: 'party-1' },
  });
  await ticks('2026-03-02T09:09:00.000Z');
  // It is the same fact with the same data, so that control records nothing.
  expect(new Set(put.map(({ eventId }) => eventId)).size).toBe(1);
});

test('and is heard again from its first message on, however late that is seen', async () => {
  const source = daily();
  await hears(source, '2026-04-01T09:00:00.000Z');
  await ticks('2026-04-05T00:00:00.000Z');
  await hears(source, '2026-04-05T10:00:00.000Z');
  await hears(source, '2026-04-05T11:00:00.000Z');
  put = [];
  await ticks('2026-04-05T11:05:00.000Z');
  expect(saidOf(source).at(-1)).toEqual(['SourceRecovered', '2026-04-05T10:00:00.000Z']);
  put = [];
  await ticks('2026-04-06T10:59:00.000Z');
  expect(saidOf(source)).toEqual([]);
  await ticks('2026-04-06T11:00:00.000Z');
  expect(saidOf(source)).toEqual([['SourceWentQuiet', '2026-04-06T11:00:00.000Z']]);
});

test('also where the fact could not be put at once, or the message came at the same moment', async () => {
  const source = daily();
  await hears(source, '2026-05-01T09:00:00.000Z');
  failing = true;
  await expect(ticks('2026-05-02T09:00:00.000Z')).rejects.toThrow('could not be put on the bus: not now');
  failing = false;
  await hears(source, '2026-05-02T09:01:00.000Z');
  await ticks('2026-05-02T09:05:00.000Z');
  expect(saidOf(source)).toEqual([
    ['SourceWentQuiet', '2026-05-02T09:00:00.000Z'],
    ['SourceRecovered', '2026-05-02T09:01:00.000Z'],
  ]);
  const quietSources = createQuietSources({ client: engine.client, table });
  const [found] = (await quietSources.at('2026-06-01T00:00:00.000Z')).filter(
    ({ connectionId }) => connectionId === source.connection,
  );
  await hears(source, '2026-05-03T08:00:00.000Z');
  expect(found === undefined ? 'none' : await quietSources.mark(found)).toBeUndefined();
});

test('and each tick measures how many are quiet now', async () => {
  const [first, second] = [daily(), daily()];
  await hears(first, '2026-07-01T09:00:00.000Z');
  await hears(second, '2026-07-01T09:00:00.000Z');
  await ticks('2026-07-01T10:00:00.000Z');
  const before = quiet;
  await ticks('2026-07-02T09:00:00.000Z');
  expect(quiet - before).toBe(2);
  await ticks('2026-07-02T09:05:00.000Z');
  expect(quiet - before).toBe(2);
  await hears(first, '2026-07-02T09:06:00.000Z');
  await ticks('2026-07-02T09:10:00.000Z');
  expect(quiet - before).toBe(1);
});

test('until its rhythm is taken away, which ends a silence for good', async () => {
  const source = daily();
  const end = (at: string) =>
    endSilence({ dynamo: engine.client, output: () => table, now: () => Date.parse(at) }, source);
  await end('2026-08-01T00:00:00.000Z');
  await hears(source, '2026-08-01T09:00:00.000Z');
  await ticks('2026-08-02T09:00:00.000Z');
  await end('2026-08-03T10:00:00.000Z');
  put = [];
  await ticks('2026-08-03T10:05:00.000Z');
  expect(saidOf(source).at(-1)).toEqual(['SourceRecovered', '2026-08-03T10:00:00.000Z']);
  put = [];
  await ticks('2026-12-01T00:00:00.000Z');
  expect(saidOf(source)).toEqual([]);
  // Declared anew, it counts from the next message on.
  await hears(source, '2026-12-02T00:00:00.000Z');
  await ticks('2026-12-03T00:00:00.000Z');
  expect(saidOf(source)).toEqual([['SourceWentQuiet', '2026-12-03T00:00:00.000Z']]);
});

test('never where no rhythm is declared', async () => {
  const { rhythmHours: _, ...source } = daily();
  await hears(source, '2026-01-01T09:00:00.000Z');
  await ticks('2027-01-01T00:00:00.000Z');
  expect(saidOf(source)).toEqual([]);
});
