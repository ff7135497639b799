// Does a receipt end or wait, whatever and however much its message says?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { change, firstDeal, opened, sendersTo } from '../../support/intake/intakeMessages.ts';
import { cloudEventsRequest, stripeRequest } from '../../support/intake/intakeRequests.ts';

let engine: TestEngine;
let intake: Intake;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
});

const translated = async (request: unknown) => {
  expect(await intake.receive(request)).toMatchObject({ statusCode: expect.any(Number) });
  await intake.newTranslate()(await intake.newReceipts());
  const [row] = await intake.receiptRows();
  return row;
};
const batchRequest = (events: readonly object[]) => {
  const { headers, ...request } = cloudEventsRequest(JSON.stringify(events), intake.now());
  return { ...request, headers: { ...headers, 'content-type': 'application/cloudevents-batch+json' } };
};
const event = (id: string, said: object) => ({
  ...{ specversion: '1.0', source: '/s', id, type: 'throughline.WorkLogged', time: '2026-06-21T09:00:00Z' },
  ...{ subject: 'engagement/R', data: { workId: id, category: 'implementation', minutes: 1 } },
  ...said,
});
/** The first half of an emoji, alone: text that no UTF-8 has. */
const half = '\ud83d';

describe('a message with half of a surrogate pair', () => {
  test.each(['😀', 'a 😀'])('in the error of its reading ends: %s', async (body) => {
    expect(await translated(stripeRequest(body, intake.now()))).toMatchObject({ status: 'refused', reason: 'notJson' });
  });

  test('in a key that nobody knows becomes facts without it', async () => {
    const said = event('1', { data: { workId: '1', category: 'implementation', minutes: 1, [half]: half } });
    expect(await translated(cloudEventsRequest(JSON.stringify(said), intake.now()))).toMatchObject({
      status: 'waiting',
    });
  });

  test.each([
    ['in its data', { data: { workId: half, category: 'implementation', minutes: 1 } }],
    ['in its subject', { subject: `engagement/${half}` }],
    ['in its id', { id: half }],
    ['in its source', { source: `/${half}` }],
  ])('%s is refused, and the others of its batch are not', async (_, said) => {
    const row = await translated(batchRequest([event('1', said), event('2', {})]));
    expect(row).toMatchObject({
      status: 'waiting',
      parts: [
        { status: 'refused', issues: [{ message: expect.stringContaining('not Unicode') }] },
        { status: 'waiting', reason: 'notLinked: reference/engagement/R' },
      ],
    });
  });
});

test('a reference with half of a surrogate pair is refused with the record that names it', async () => {
  const { fromOrg, statuses } = sendersTo(intake);
  await fromOrg(change(firstDeal, { Engagement_Id__c: half }), opened(firstDeal));
  await intake.settle();
  expect((await statuses()).map(([status]) => status).sort()).toEqual(['refused', 'translated']);
});

describe('a message that says very much', () => {
  /** A batch as large as a body may be, in which each event waits for an id of its own. */
  const many = Array.from({ length: 4_000 }, (_, index) =>
    event(`${index}`, { subject: `engagement/R${index}-${'0'.repeat(40)}` }),
  );

  test('waits under the first ids that it lacks', async () => {
    const row = await translated(batchRequest(many));
    expect(row).toMatchObject({
      status: 'waiting',
      reason: expect.stringMatching(/^notLinked: reference.engagement.R0-/),
    });
    const pointers = await intake.pointers();
    expect(pointers.length).toBeGreaterThan(50);
    expect(pointers.length).toBeLessThan(200);
    expect([...pointers].sort()).toEqual([...new Set(pointers)].sort());
    expect(row?.waitsUnder).toHaveLength(pointers.length);
  });
});
