// Does an EngagementOpened open one engagement by its reference, whoever says it, when, and how often?
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { identityStreamOf, parseStreamId } from '../../../events/identifiers.ts';
import { engagementReference } from '../../../events/sources/externalIds.ts';
import type { Bus } from '../../../functions/aws/eventBridge.ts';
import { streamOpenedBy } from '../../../functions/intake/openedByReference.ts';
import { type Api, createApi, eventsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import {
  change,
  engagementOf,
  firstDeal,
  opened,
  outcome,
  reference,
  type Senders,
  sendersTo,
  subscription,
} from '../../support/intake/intakeMessages.ts';
import { cloudEventsRequest, connectionItem, tenant } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let vendor: string;
const Pack = z.object({ facts: z.array(z.object({ type: z.string() })) });

let intake: Intake;
let senders: Senders;

const external = engagementReference(reference);
const identity = identityStreamOf(tenant, external);
const own = streamOpenedBy(tenant, external);
const about = `engagement/${reference}`;

const begin = async (): Promise<void> => {
  api = await createApi(engine, issuer);
  api.at('2026-12-01T00:00');
  intake = await startIntake({ client: engine.client, store: api.store });
  senders = sendersTo(intake);
  for (const [connection, account] of Object.entries({ 'c-cloudevents': 'acct_1', 'c-tools': 'tools' })) {
    const item = { connection, account, alsoAllows: ['EngagementOpened', 'DealClosed'] };
    await putItem(intake.client, intake.tables.connections, connectionItem('cloudevents', item));
  }
};
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor({ tenant });
});
beforeEach(begin);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const opening = (id: string) => ({
  ...{ id, type: 'throughline.EngagementOpened', subject: about, time: '2026-06-20T09:00:00Z' },
  data: { segment: 'retail' },
});
const fromTools = (event: object) =>
  intake.receive(
    cloudEventsRequest(JSON.stringify({ specversion: '1.0', source: '/tools', ...event }), intake.now(), 'c-tools'),
  );
const identityEvents = async () => (await api.store.load(identity)).events;
/** What a person opens is recorded at once; the link then wakes what waits, as the relay would have it. */
const fromPerson = async (key = 'k1') => {
  const body = { type: 'EngagementOpened', reference, occurredAt: '2026-06-20T08:00:00Z', data: { segment: 'retail' } };
  const answer = await api.post(vendor, body, key);
  await intake.newTranslate()(intake.queued(intake.linkEvents(await identityEvents())));
  return answer;
};

/** The streams of engagements that hold an event, of all that was said. */
const engagements = async (): Promise<readonly string[]> => {
  const said = intake.facts().map(({ streamId }) => streamId);
  const streams = [...new Set([...said, own])].filter((stream) => parseStreamId(stream).kind === 'engagement');
  const held = await Promise.all(streams.map(async (stream) => (await api.store.load(stream)).events.length > 0));
  return streams.filter((_, index) => held[index]);
};

describe('a reference that an EngagementOpened names', () => {
  test('opens its engagement, and frees what waited for it', async () => {
    await senders.fromSender(outcome('o-1', about));
    await senders.fromStripe(subscription({ engagement_id: reference }));
    await intake.settle();
    expect((await senders.statuses()).map(([status]) => status)).toEqual(['waiting', 'waiting']);
    await senders.fromSender(opening('e-1'));
    await intake.settle();
    expect(await senders.statuses()).toEqual([
      ['translated', ''],
      ['translated', ''],
      ['translated', ''],
    ]);
    const types = (await api.store.load(own)).events.map(({ type }) => type);
    expect(types.toSorted()).toEqual(['EngagementOpened', 'OutcomeAgreed', 'SubscriptionStarted']);
    expect(await intake.pointers()).toEqual([]);
  });

  test('is linked once, by several senders and a person at one moment', async () => {
    await Promise.all([senders.fromSender(opening('e-1')), fromTools(opening('e-2'))]);
    const { Records } = await intake.newReceipts();
    const [people] = await Promise.all([
      fromPerson(),
      ...Records.map((record) => intake.newTranslate()({ Records: [record] })),
    ]);
    await intake.settle();
    expect([200, 409]).toContain(people.status);
    expect(await identityEvents()).toMatchObject([{ type: 'IdentityLinked', data: { external, to: { stream: own } } }]);
    expect(await engagements()).toEqual([own]);
  });

  test('leads to the engagement to which it is linked already; a second opening there deviates', async () => {
    await senders.fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await intake.settle();
    await senders.fromSender(opening('e-1'));
    await intake.settle();
    expect(await engagements()).toEqual([engagementOf(firstDeal)]);
    expect(await identityEvents()).toHaveLength(1);
    expect(await fromPerson()).toMatchObject({ status: 409, body: { reason: 'alreadyOpened' } });
    expect(await engagements()).toEqual([engagementOf(firstDeal)]);
  });

  test('takes an opportunity that claims it later, where that has begun no engagement of its own', async () => {
    await senders.fromSender(opening('e-1'));
    await intake.settle();
    await senders.fromOrg(opened(firstDeal, { Engagement_Id__c: reference }), change(firstDeal, { StageName: 'Won' }));
    await intake.settle();
    expect(await engagements()).toEqual([own]);
    expect((await senders.statuses()).map(([status]) => status)).toEqual(['translated', 'translated', 'translated']);
  });

  test('merges the one that such an opportunity has begun', async () => {
    await senders.fromSender(opening('e-1'));
    await senders.fromOrg(change(firstDeal, { StageName: 'Prospecting' }));
    await intake.settle();
    await senders.fromOrg(change(firstDeal, { Engagement_Id__c: reference, StageName: 'Won' }));
    await intake.settle();
    expect((await senders.statuses()).at(-1)).toEqual(['translated', '']);
    const merged = intake.facts().find(({ type }) => type === 'EngagementMerged');
    expect(merged?.data).toEqual({ into: own, how: 'duplicate' });
  });
});

describe('in one batch of receipts', () => {
  test('openings and claims of one reference are decided one after another, whatever else they are about', async () => {
    const openings = ['R-1', 'R-2', reference].map((id) => ({
      ...opening(`e-${id}`),
      ...{ specversion: '1.0', source: '/hub', subject: `engagement/${id}` },
    }));
    await intake.receive(cloudEventsRequest(JSON.stringify(openings), intake.now()));
    await senders.fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await fromTools({ ...opening('e-2'), subject: 'engagement/R-1' });
    await intake.settle();
    const others = ['R-1', 'R-2'].map((id) => streamOpenedBy(tenant, engagementReference(id)));
    expect((await engagements()).toSorted()).toEqual([own, ...others].toSorted());
    expect((await senders.statuses()).map(([status]) => status)).toEqual(['translated', 'translated', 'translated']);
  });

  test('a link that the bus refused is said again by the same process', async () => {
    let refuses = true;
    const entries: string[] = [];
    const bus: Bus = {
      put: async (put) => {
        if (refuses) return put.map((_, index) => ({ index, reason: 'slow down' }));
        entries.push(...put.flatMap(({ detail }) => Pack.parse(JSON.parse(detail)).facts.map(({ type }) => type)));
        return [];
      },
    };
    intake = await startIntake({ client: engine.client, bus });
    const item = connectionItem('cloudevents', { alsoAllows: ['EngagementOpened'] });
    await putItem(intake.client, intake.tables.connections, item);
    await sendersTo(intake).fromSender(opening('e-1'));
    const translate = intake.newTranslate();
    await translate(await intake.newReceipts());
    refuses = false;
    await translate(intake.queued(intake.offeredAgain.map((receipt) => ({ receipt }))));
    expect(entries.toSorted()).toEqual(['EngagementOpened', 'IdentityLinked']);
  });
});

test('messages of systems and people lead to one engagement with the same facts, in every order, also repeated', async () => {
  const messages: readonly (() => Promise<unknown>)[] = [
    () => senders.fromSender(opening('e-1')),
    () => fromTools(opening('e-2')),
    () => senders.fromSender(outcome('o-1', about)),
    () => senders.fromStripe(subscription({ engagement_id: reference })),
    () => senders.fromStripe(subscription({}, 'evt_2', 'deleted')),
    () => fromPerson(),
  ];
  const orders = fc.shuffledSubarray([...messages.keys(), 0, 2, 5], { minLength: messages.length + 3 });
  const pauses = fc.array(fc.boolean(), { minLength: messages.length + 3, maxLength: messages.length + 3 });
  let whole: readonly string[] | undefined;
  await fc.assert(
    fc.asyncProperty(orders, pauses, async (order, settles) => {
      await begin();
      for (const [step, index] of order.entries()) {
        await messages[index]?.();
        if (settles[step]) await intake.settle();
      }
      await intake.settle();
      expect((await senders.statuses()).filter(([status]) => status !== 'translated')).toEqual([]);
      expect(await intake.pointers()).toEqual([]);
      expect(await engagements()).toEqual([own]);
      expect(await identityEvents()).toHaveLength(1);
      const { events } = await api.store.load(own);
      const ofSystems = events
        .filter(({ actor }) => actor === undefined)
        .map(({ eventId }) => eventId)
        .toSorted();
      whole ??= ofSystems;
      expect(ofSystems).toEqual(whole);
    }),
    { numRuns: 20 },
  );
  expect(whole).toHaveLength(5);
}, 120_000);

test('an opportunity beside an opening by its reference is one engagement with it, in every order', async () => {
  const messages: readonly (() => Promise<unknown>)[] = [
    () => senders.fromSender(opening('e-1')),
    () => senders.fromOrg(opened(firstDeal, { Engagement_Id__c: reference })),
    () => senders.fromSender(outcome('o-1', about)),
    () => fromPerson(),
  ];
  const orders = fc.shuffledSubarray([...messages.keys(), 0, 1], { minLength: messages.length + 2 });
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      await begin();
      for (const index of order) {
        await messages[index]?.();
        await intake.settle();
      }
      expect((await senders.statuses()).filter(([status]) => status !== 'translated')).toEqual([]);
      expect(await engagements()).toHaveLength(1);
    }),
    { numRuns: 15 },
  );
}, 120_000);

test('a person who names a reference gets the engagement that it opens, and the same answer again', async () => {
  const first = await fromPerson();
  expect(first).toMatchObject({ status: 200, body: { events: [{ streamId: own }] } });
  expect(await fromPerson()).toEqual(first);
  expect(eventsOf(first)).toHaveLength(1);
  expect(await fromPerson('k2')).toMatchObject({ status: 409, body: { reason: 'alreadyOpened' } });
});
