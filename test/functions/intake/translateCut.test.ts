// Does a receipt end, without a pointer left, wherever its translation crashes and whenever the link comes?
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isObject } from '../../../infra/local/core/json.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { firstDeal, opened, outcome, reference, sendersTo, subscription } from '../../support/intake/intakeMessages.ts';
import { cloudEventsRequest } from '../../support/intake/intakeRequests.ts';

interface Cut {
  /** The call at which the process crashes, and whether that call is done. */
  readonly at: number;
  readonly done: boolean;
  /** The call before which the link comes; where that call is never made, the link comes after the crash. */
  readonly linkAt: number;
  readonly link: () => Promise<void>;
  calls: number;
}

const cutOff = new AsyncLocalStorage<Cut>();
let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  engine.client.middlewareStack.add(
    (next) => async (args) => {
      const cut = cutOff.getStore();
      if (cut === undefined) return await next(args);
      cut.calls += 1;
      if (cut.calls === cut.linkAt) await cutOff.exit(cut.link);
      if (cut.calls > cut.at || (cut.calls === cut.at && !cut.done)) throw new Error('cut off');
      const answer = await next(args);
      if (cut.calls === cut.at) throw new Error('cut off');
      return answer;
    },
    { step: 'initialize' },
  );
});
afterAll(() => engine.stop());

/** The deal comes with the reference for which the subscription waits; its link is recorded and wakes the waiting receipt. */
const sayLink = async (intake: Intake): Promise<void> => {
  const known = new Set((await intake.receiptRows()).map(({ id }) => id));
  await sendersTo(intake).fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
  const { Records } = await intake.newReceipts();
  const fresh = Records.filter(({ dynamodb: { NewImage } }) => isObject(NewImage.id) && !known.has(NewImage.id.S));
  await intake.newTranslate()({ Records: fresh });
  const links = intake.linkEvents(await intake.record());
  await intake.newTranslate()(intake.queued(links));
};

type Say = (intake: Intake) => Promise<unknown>;

/** The message waits whole. */
const saySubscription: Say = (intake) => sendersTo(intake).fromStripe(subscription({ engagement_id: reference }));

/** One event waits, the other becomes a fact at once. */
const sayBatch: Say = (intake) => {
  const events = [outcome('o-1', `engagement/${reference}`), outcome('o-2', 'crm/deal/7')];
  const batch = events.map((event) => ({ specversion: '1.0', source: '/psa', ...event }));
  return intake.receive(cloudEventsRequest(JSON.stringify(batch), intake.now()));
};

const expectEnded = async (intake: Intake, say: Say, cut: string): Promise<void> => {
  const expected =
    say === sayBatch
      ? ['EngagementOpened', 'OutcomeAgreed', 'OutcomeAgreed']
      : ['EngagementOpened', 'SubscriptionStarted'];
  const statuses = (await intake.receiptRows()).map(({ status }) => status);
  const pointers = await intake.pointers();
  expect({ statuses, pointers }, cut).toEqual({ statuses: ['translated', 'translated'], pointers: [] });
  const types = new Map(intake.facts().map(({ eventId, type }) => [eventId, type]));
  expect([...types.values()].filter((type) => type !== 'IdentityLinked').toSorted(), cut).toEqual(expected);
};

/** Returns how many calls the translation had made when it crashed. */
const translateCut = async (say: Say, at: number, done: boolean, linkAt: number): Promise<number> => {
  const intake = await startIntake({ client: engine.client });
  await say(intake);
  const batch = await intake.newReceipts();
  let isLinked = false;
  const link = async (): Promise<void> => {
    isLinked = true;
    await sayLink(intake);
  };
  const cut: Cut = { at, done, linkAt, link, calls: 0 };
  await cutOff.run(cut, () => intake.newTranslate()(batch));
  if (!isLinked) await link();
  expect(await intake.newTranslate()(batch)).toEqual({ batchItemFailures: [] });
  await expectEnded(intake, say, `cut ${done ? 'after' : 'before'} call ${at}, the link before call ${linkAt}`);
  return cut.calls;
};

/** The same with a translation that the link wakes; its message is delivered again. */
const wakeCut = async (say: Say, at: number, done: boolean): Promise<number> => {
  const intake = await startIntake({ client: engine.client });
  const { fromOrg } = sendersTo(intake);
  await say(intake);
  await intake.newTranslate()(await intake.newReceipts());
  await fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
  await intake.newTranslate()(await intake.newReceipts());
  const links = intake.queued(intake.linkEvents(await intake.record()));
  const cut: Cut = { at, done, linkAt: never, link: async () => undefined, calls: 0 };
  await cutOff.run(cut, () => intake.newTranslate()(links));
  expect(await intake.newTranslate()(links)).toEqual({ batchItemFailures: [] });
  await expectEnded(intake, say, `cut ${done ? 'after' : 'before'} call ${at}`);
  return cut.calls;
};

const never = Number.POSITIVE_INFINITY;

const messages: readonly (readonly [string, Say])[] = [
  ['a message that waits', saySubscription],
  ['a batch of which one event waits', sayBatch],
];

describe.each(messages)('%s', (_, say) => {
  test('is retried and ends, where its translation crashes at any call, with the link before any call', async () => {
    // A link that comes early is found at the second look; the translation then makes the most calls.
    const calls = await translateCut(say, never, true, 1);
    expect(calls).toBe(4);
    for (let at = 1; at <= calls; at += 1) {
      for (const done of [false, true]) {
        for (let linkAt = 1; linkAt <= at; linkAt += 1) await translateCut(say, at, done, linkAt);
        await translateCut(say, at, done, never);
      }
    }
  });

  test('is woken again and ends, where the translation that a link woke crashes at any call', async () => {
    const calls = await wakeCut(say, never, true);
    expect(calls).toBeGreaterThan(3);
    for (let at = 1; at <= calls; at += 1) for (const done of [false, true]) await wakeCut(say, at, done);
  });
});
