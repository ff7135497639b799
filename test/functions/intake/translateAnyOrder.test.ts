// Do messages lead to the same standing facts in every order of arrival?
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import {
  change,
  firstDeal,
  opened,
  outcome,
  reference,
  renewalDeal,
  type Senders,
  sendersTo,
  subscription,
} from '../../support/intake/intakeMessages.ts';

let engine: TestEngine;
let intake: Intake;
let fromOrg: Senders['fromOrg'];
let fromStripe: Senders['fromStripe'];
let fromSender: Senders['fromSender'];
let statuses: Senders['statuses'];
const begin = async (): Promise<void> => {
  intake = await startIntake({ client: engine.client });
  ({ fromOrg, fromStripe, fromSender, statuses } = sendersTo(intake));
};
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(begin);

test('messages lead to the same facts in every order, also when they are repeated', async () => {
  const ofOrg = [
    opened(firstDeal, { Engagement_Id__c: reference, Amount: 1 }),
    change(firstDeal, { StageName: 'Closed Won' }),
    change('801Hp00000DnW5qIAF', { OpportunityId: firstDeal }, { entityName: 'Order', changeType: 'CREATE' }),
    opened(renewalDeal, { Engagement_Id__c: reference, Type: 'Renewal' }),
  ];
  const messages: readonly (() => Promise<unknown>)[] = [
    ...ofOrg.map((body) => () => fromOrg(body)),
    () => fromStripe(subscription({ engagement_id: reference })),
    () => fromStripe(subscription({}, 'evt_2', 'deleted')),
    () => fromSender(outcome('o-1', `engagement/${reference}`)),
  ];
  let whole: readonly string[] | undefined;
  const stands = () =>
    [
      ...new Set(intake.facts().map(({ eventId, streamId, data }) => `${streamId} ${eventId} ${JSON.stringify(data)}`)),
    ].sort();
  const deliveries = fc
    .shuffledSubarray([...messages.keys(), 0, 3, 5], { minLength: messages.length + 3 })
    .chain((sequence) =>
      fc.tuple(
        fc.constant(sequence),
        fc.array(fc.boolean(), { minLength: sequence.length, maxLength: sequence.length }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(deliveries, async ([sequence, pauses]) => {
      await begin();
      for (const [step, index] of sequence.entries()) {
        await messages[index]?.();
        if (pauses[step]) await intake.settle();
      }
      await intake.settle();
      expect((await statuses()).filter(([status]) => status !== 'translated')).toEqual([]);
      expect(await intake.pointers()).toEqual([]);
      whole ??= stands();
      expect(stands()).toEqual(whole);
    }),
    { numRuns: 25 },
  );
  expect(whole?.length).toBeGreaterThan(messages.length);
}, 120_000);
