// How does a receipt end that has waited too long, and what is left of it?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addDays, addMilliseconds } from '../../../events/instant.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import {
  change,
  firstDeal,
  reference,
  type Senders,
  sendersTo,
  subscription,
} from '../../support/intake/intakeMessages.ts';
import { cloudEventsRequest, connectionItem } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let intake: Intake;
let senders: Senders;
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  senders = sendersTo(intake);
});
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const row = async () => (await intake.receiptRows())[0] ?? {};
const offerAgain = async (): Promise<void> => {
  const { partition, id } = await row();
  await intake.newTranslate()(intake.queued([{ receipt: { partition, id } }]));
};
const pointers = () => intake.pointers();

describe('a receipt that has waited for 400 days', () => {
  test('for a link ends as expired at the next offer, with its reason, and its pointers go', async () => {
    await senders.fromStripe(subscription({ engagement_id: reference }));
    const received = intake.now();
    await intake.settle();
    const [[, reason] = []] = await senders.statuses();
    expect(await senders.statuses()).toEqual([['waiting', expect.stringMatching(/^notLinked: /)]]);
    expect(await pointers()).not.toEqual([]);

    intake.setTime(addMilliseconds(addDays(received, 400), -1));
    await offerAgain();
    expect(await senders.statuses()).toEqual([['waiting', reason]]);

    intake.setTime(addDays(received, 400));
    await offerAgain();
    expect(await senders.statuses()).toEqual([['expired', reason]]);
    expect(await pointers()).toEqual([]);
    expect(await row()).toMatchObject({ ended: expect.any(String), expiresAt: expect.any(Number) });
    expect(await row()).not.toHaveProperty('open');
  });

  test('for a correction ends so too', async () => {
    await putItem(intake.client, intake.tables.connections, connectionItem('salesforce', { allowedTypes: [] }));
    await senders.fromOrg(change(firstDeal, { StageName: 'Closed Won' }));
    const received = intake.now();
    await intake.settle();
    intake.setTime(addDays(received, 400));
    await offerAgain();
    expect(await senders.statuses()).toEqual([['expired', expect.stringMatching(/^notAllowed: /)]]);
  });

  test('becomes facts if what it waited for has come meanwhile', async () => {
    await putItem(intake.client, intake.tables.connections, connectionItem('salesforce', { allowedTypes: [] }));
    await senders.fromOrg(change(firstDeal, { StageName: 'Closed Won' }));
    const received = intake.now();
    await intake.settle();
    await putItem(intake.client, intake.tables.connections, connectionItem('salesforce'));
    intake.setTime(addDays(received, 500));
    await offerAgain();
    expect(await senders.statuses()).toEqual([['translated', '']]);
  });

  test('keeps the facts of its other parts', async () => {
    const event = (id: string, subject: string) => ({
      ...{ specversion: '1.0', id, source: '/hub', type: 'throughline.OutcomeAgreed', subject },
      ...{ time: '2026-09-01T09:00:00Z', data: { outcomeId: id } },
    });
    const batch = [event('1', 'crm/deal/1'), event('2', 'engagement/UNKNOWN')];
    await intake.receive(cloudEventsRequest(JSON.stringify(batch), intake.now()));
    const received = intake.now();
    await intake.settle();
    expect(await senders.statuses()).toEqual([['waiting', expect.any(String)]]);
    intake.setTime(addDays(received, 401));
    await offerAgain();
    expect(await row()).toMatchObject({ status: 'expired', streams: [expect.stringMatching(/\/engagement\//)] });
  });
});
