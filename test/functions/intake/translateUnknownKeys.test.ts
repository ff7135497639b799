// What becomes of keys that the catalog does not know?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pseudonymOf } from '../../../events/freeText.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { sendersTo } from '../../support/intake/intakeMessages.ts';
import { cloudEventsRequest, tenant } from '../../support/intake/intakeRequests.ts';

let engine: TestEngine;
let intake: Intake;
const statuses = () => sendersTo(intake).statuses();
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
});
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

type Event = Readonly<Record<string, unknown>>;
const event = (id: string, given: Event = {}): Event => ({
  specversion: '1.0',
  id,
  source: '/hub',
  type: 'throughline.OutcomeAgreed',
  subject: `crm/deal/${id}`,
  time: '2026-09-01T09:00:00Z',
  data: { outcomeId: id },
  ...given,
});
const send = (events: readonly unknown[]) => intake.receive(cloudEventsRequest(JSON.stringify(events), intake.now()));
const row = async () => (await intake.receiptRows())[0] ?? {};

describe('keys that the catalog does not know', () => {
  test('are left out and named on the receipt, in nested objects and batches too', async () => {
    const customer = { system: 'erp', kind: 'account', id: '7', tier: 'gold' };
    const identified = {
      type: 'throughline.CustomerIdentified',
      data: { customer, mood: 'fine', contact: 'ann@example.com' },
    };
    await send([event('1'), event('2', identified)]);
    await intake.settle();
    expect(await row()).toMatchObject({ status: 'translated' });
    expect((await row()).unknownKeys).toEqual(
      expect.arrayContaining(['1.data.customer.tier', '1.data.mood', '1.data.contact']),
    );
    expect(intake.facts().find(({ type }) => type === 'CustomerIdentified')?.data).toEqual({
      customer: { system: 'erp', kind: 'account', id: '7' },
    });
  });

  test('and free texts are left out, named and counted; a person gets a reference', async () => {
    const offered = {
      type: 'throughline.HandoffOffered',
      data: {
        ...{ handoffId: 'h', fromStage: 'sell', toStage: 'deliver', toOwner: 'Anna Schmidt' },
        ...{ contextRef: 'Called Anna, she was angry about the delay', fromOwner: 'crm:user/1' },
        openRisks: ['risk:1', 'the customer may leave us because of that'],
      },
    };
    const late = { time: 'some day last week, as Anna told me on the phone' };
    await send([event('1'), event('2', offered), event('3', late)]);
    await intake.settle();
    expect(await row()).toMatchObject({ status: 'translated' });
    expect((await row()).freeTexts).toEqual(['1.data.toOwner', '1.data.contextRef', '1.data.openRisks.1']);
    const facts = intake.facts();
    expect(JSON.stringify(facts)).not.toContain('Anna');
    expect(facts.find(({ type }) => type === 'HandoffOffered')?.data).toEqual({
      ...{ handoffId: 'h', fromStage: 'sell', toStage: 'deliver', fromOwner: 'crm:user/1' },
      ...{ toOwner: pseudonymOf(tenant, 'Anna Schmidt'), expectations: [], openRisks: ['risk:1'] },
    });
    expect(facts.find(({ sourceEventId }) => sourceEventId === '/hub 3')?.claimedAt).toBe('textLeftOut');
  });

  test('are no reason to refuse a fact whose own data name its subject', async () => {
    const party = { system: 'erp', kind: 'account', id: '7', tier: 'gold' };
    await send([
      event('1', { type: 'throughline.PartyRegistered', subject: undefined, data: { party, roles: ['msp'] } }),
    ]);
    await intake.settle();
    expect(await statuses()).toEqual([['translated', '']]);
  });

  test('are named beside a field that is missing', async () => {
    await send([event('1', { data: { outcomeID: 'o' } })]);
    await intake.settle();
    expect((await row()).issues).toEqual([
      { path: '0.OutcomeAgreed.outcomeId', message: expect.any(String) },
      { path: '0.OutcomeAgreed.outcomeID', message: 'unknown field' },
    ]);
  });
});
