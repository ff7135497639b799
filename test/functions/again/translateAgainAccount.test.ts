// Does what other connections of an account say keep a fact, and only that?
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { againOf, milestoneRule, workRule } from '../../support/intake/againRuns.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { connectionItem } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';

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

test('another connection of the account that still says it keeps it', async () => {
  const second = { connection: 'c-second' };
  const both = ['c-cloudevents', 'c-second'];
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

test('a connection of another account keeps nothing, whatever the message names', async () => {
  await putItem(
    engine.client,
    intake.tables.connections,
    connectionItem('cloudevents', { connection: 'c-other', account: 'b' }),
  );
  await again.map(1, [milestoneRule]);
  await again.say('w-1');
  await again.map(2, [workRule()]);
  expect(await again.run({ account: ['c-cloudevents', 'c-other', 'c-gone'] })).toMatchObject({
    retracts: ['MilestoneReached'],
  });
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
