// What does receive answer while a connection is disabled, and while its secret is replaced?
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { connectionItem, request, stripeRequest, stripeSecret } from '../../support/intake/intakeRequests.ts';
import { putItem, scan } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let intake: Intake;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
});

const paid = '{"id":"evt_1","type":"invoice.paid"}';

test('a disabled connection is a 403 that says so, and keeps nothing; once enabled it takes messages at once', async () => {
  const put = (active: boolean) =>
    putItem(intake.client, intake.tables.connections, connectionItem('stripe', { connection: 'c-stripe-off', active }));
  await put(false);
  const event = stripeRequest(paid, intake.now(), 'c-stripe-off');
  const answer = await intake.receive(event);
  if (!('statusCode' in answer)) throw new Error('expected an HTTP answer');
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([403, 'application/problem+json']);
  expect(JSON.parse(answer.body)).toMatchObject({
    reason: 'connectionDisabled',
    detail: expect.stringContaining('c-stripe-off of stripe is disabled: nothing was kept'),
  });
  expect(await intake.receiptRows()).toEqual([]);
  await put(true);
  expect(await intake.receive(event)).toMatchObject({ statusCode: 200 });
});

test('a message under a secret that is newer than the known ones is accepted; a forged one has them read at most again', async () => {
  const asked: (string | undefined)[] = [];
  const rotated = await startIntake({
    client: engine.client,
    secretsOf: async (_id, afresh) => {
      asked.push(afresh);
      return afresh === undefined ? ['whsec_before'] : [stripeSecret, 'whsec_before'];
    },
  });
  const signed = stripeRequest(paid, rotated.now());
  expect(await rotated.receive(signed)).toMatchObject({ statusCode: 200 });
  expect(await rotated.receive({ ...signed, body: `${paid} ` })).toMatchObject({ statusCode: 401 });
  expect(asked).toEqual([undefined, 'afresh', undefined, 'afresh']);
  expect(await rotated.receive(request('stripe', 'c-stripe', paid))).toMatchObject({ statusCode: 401 });
  expect(asked).toHaveLength(5);
});

test('an event of a disabled connection stays in its queue too, by name: nobody else would keep it', async () => {
  const org2 = '00DHp00000TqkACMAZ';
  const off = connectionItem('salesforce', { connection: 'c-off', active: false });
  await putItem(intake.client, intake.tables.connections, off);
  await putItem(intake.client, intake.tables.connections, {
    connection: `salesforce#${org2}`,
    connectionId: 'c-off',
  });
  const batch = intake.queued([`{"id":"e-1","source":"aws.partner/salesforce.com/${org2}/x","detail":{}}`]);
  expect(await intake.receive(batch)).toMatchObject({ batchItemFailures: [{}] });
  const [failure] = await scan(intake.client, intake.tables.failures);
  expect(failure?.reason?.S).toContain('connectionDisabled: connection c-off is disabled; enable it, and redrive');
});
