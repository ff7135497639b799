// Does what other connections of an account say keep a fact, and only that?
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AgainMessage } from '../../../functions/again/againPage.ts';
import { createRetractStep } from '../../../functions/again/retractStep.ts';
import { createStreams } from '../../../functions/again/streamsOf.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { againOf, milestoneRule, workRule } from '../../support/intake/againRuns.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';

let engine: TestEngine;
let intake: Intake;
let again: ReturnType<typeof againOf>;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  again = againOf(intake);
});

const work = { type: 'WorkLogged', workId: 'w-1', minutes: 30, category: 'implementation' };
const goLive = { type: 'MilestoneReached', milestone: 'go_live' };
const applied = { apply: true } as const;
const second = { connection: 'c-second' };
const both = ['c-cloudevents', 'c-second'];

test('another connection of the account that still says it keeps it', async () => {
  await again.map(1, [milestoneRule]);
  await again.map(1, [milestoneRule], second);
  await again.say('w-1', {}, 'c-second');
  await again.say('w-1');
  expect(await again.events()).toHaveLength(1);
  await again.map(2, [workRule()]);
  expect(await again.run({ account: both })).toMatchObject({ retracts: [], kept: ['MilestoneReached'] });
  // Only the other connection's receipt keeps it.
  expect(await again.run()).toMatchObject({ retracts: ['MilestoneReached'], kept: [] });
  await again.run({ ...applied, account: both });
  expect(await again.standing()).toEqual([goLive, work]);
  await again.map(2, [workRule()], second);
  expect(await again.run({ ...applied, connectionId: 'c-second', account: both })).toMatchObject({
    retracts: ['MilestoneReached'],
  });
  expect(await again.standing()).toEqual([work]);
});

test('a receipt that speaks of an earlier state of the object does not keep it', async () => {
  const [first, second] = ['first', 'second'].map((type) => ({ ...milestoneRule, type, key: 'data.deal' }));
  await again.map(1, [first ?? {}, second ?? {}]);
  await again.say('w-1', {}, undefined, { type: 'first', sequence: '1', sequencetype: 'Integer' });
  await again.say('w-2', {}, undefined, { type: 'second', sequence: '2', sequencetype: 'Integer' });
  expect(await again.events()).toHaveLength(2);
  await again.map(2, [first ?? {}]);
  expect(await again.run()).toMatchObject({
    now: ['translated > ignored'],
    retracts: ['MilestoneReached'],
    kept: [],
  });
  await again.map(2, [second ?? {}]);
  expect(await again.run()).toMatchObject({ now: ['translated > ignored'], retracts: [] });
});

test('a receipt that waits, and would say it, keeps it', async () => {
  await again.map(1, [milestoneRule]);
  await again.map(1, [{ ...milestoneRule, subject: { external: { kind: 'order', id: 'data.id' } } }], second);
  await again.say('w-1');
  await again.say('w-1', {}, 'c-second');
  expect(await intake.receiptRows()).toMatchObject([{ status: 'translated' }, { status: 'waiting' }]);
  await again.map(2, [workRule()]);
  expect(await again.run({ account: both })).toMatchObject({ retracts: [], kept: ['MilestoneReached'] });
  expect(await again.run({ account: ['c-gone', 'c-cloudevents'] })).toMatchObject({ retracts: ['MilestoneReached'] });
});

test('what was said otherwise before the retraction stays', async () => {
  await again.map(1, [milestoneRule]);
  await again.say('w-1');
  const [event] = await again.events();
  if (event === undefined) throw new Error('nothing was recorded');
  const { factId, streamId: stream, type } = event;
  const put: unknown[] = [];
  const retract = createRetractStep({
    streams: createStreams(intake.store, intake.now()),
    putFacts: async (facts) => {
      put.push(...facts);
      return new Map();
    },
    changes: { forget: async () => undefined },
  });
  const gone = { partition: 'p', id: 'r', receipt: 'r', said: 'e', key: 'k', translation: 2, factId, stream, type };
  const { again: page } = AgainMessage.parse(again.firstPage({ apply: true }));
  await retract(page, [{ ...gone, stands: { eventId: 'another' } }]);
  expect(put).toEqual([]);
  await retract(page, [{ ...gone, stands: { eventId: event.eventId } }]);
  expect(put).toMatchObject([{ type: 'FactRetracted', streamId: stream, data: { eventId: event.eventId } }]);
});

test('of another tenant is refused', async () => {
  await again.map(1, [milestoneRule]);
  await again.say('w-1');
  await again.map(2, [workRule()]);
  expect(await again.run({ ...applied, tenantId: 'other' })).toMatchObject({
    done: { problem: 'there is no connection c-cloudevents of other' },
    seen: 0,
  });
  expect(await again.standing()).toEqual([goLive]);
});
