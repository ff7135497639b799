// How do the events of one message end, each by itself?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { derivedEngagementOf, identityStreamOf } from '../../../events/identifiers.ts';
import { engagementReference } from '../../../events/sources/externalIds.ts';
import { streamOpenedBy } from '../../../functions/intake/openedByReference.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import {
  change,
  engagementOf,
  firstDeal,
  renewalDeal,
  type Senders,
  sendersTo,
  summary,
} from '../../support/intake/intakeMessages.ts';
import { cloudEventsRequest, connectionItem, tenant } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let intake: Intake;
let fromOrg: Senders['fromOrg'];
let statuses: Senders['statuses'];
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  ({ fromOrg, statuses } = sendersTo(intake));
  const alsoAllows = ['EngagementOpened', 'DealClosed', 'IdentityLinked'];
  await putItem(intake.client, intake.tables.connections, connectionItem('cloudevents', { alsoAllows }));
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
const dealOf = (id: string) => derivedEngagementOf(tenant, { system: 'crm', kind: 'deal', id });
const agreed = (...ids: readonly string[]) => ids.map((id) => `OutcomeAgreed ${dealOf(id)}`).sort();
const row = async () => (await intake.receiptRows())[0] ?? {};
const parts = async () => (await row()).parts;

const refusals: readonly (readonly [string, unknown, string, string])[] = [
  ['a malformed envelope', { specversion: '0.3' }, 'specversionUnknown', '1.specversion'],
  ['an unknown type', { type: 'throughline.Nothing' }, 'typeUnknown', '1.type'],
  ['data that do not fit', { data: { outcomeId: 5 } }, 'notThisFact: OutcomeAgreed', '1.OutcomeAgreed.outcomeId'],
  ['data that are no object', { data: 'text' }, 'notThisFact: OutcomeAgreed', '1.OutcomeAgreed'],
  ['an e-mail address', { data: { outcomeId: 'o', metric: 'ann@example.com' } }, 'addressInData', '1.data.metric'],
  ['an e-mail address as a reference', { subject: 'engagement/ann@example.com' }, 'addressInData', '1.subject'],
  ['an e-mail address as its id', { id: 'ann@example.com' }, 'addressInData', '1.id'],
  ['an e-mail address as its source', { source: 'mailto:ann@example.com' }, 'addressInData', '1.source'],
  ['an encoded address', { data: { outcomeId: 'o', metric: 'ann&#64;example.com' } }, 'addressInData', '1.data.metric'],
  [
    'a sentence as an id',
    { data: { outcomeId: 'the customer wants to be much faster than before' } },
    'freeTextInData',
    '1.data.outcomeId',
  ],
  [
    'a sentence as its subject',
    { subject: 'crm/deal/the deal about which Anna called last week and which may be lost soon' },
    'freeTextInData',
    '1.subject',
  ],
  ['an id that is too long', { subject: `crm/deal/${'x'.repeat(600)}` }, 'subjectIdUnusable', '1.id'],
  [
    'too much data',
    {
      type: 'throughline.HandoffOffered',
      data: {
        ...{ handoffId: 'h', fromStage: 'sell', toStage: 'deliver', toOwner: 'crm:user/1', contextRef: 'wiki:1' },
        expectations: Array.from({ length: 75 }, () => ({ textRef: '€'.repeat(1000) })),
      },
    },
    'eventTooLarge',
    '1.HandoffOffered',
  ],
  [
    'a link out of the tenant',
    {
      type: 'throughline.IdentityLinked',
      subject: undefined,
      data: { external: { system: 'a', kind: 'b', id: 'c' }, to: { stream: 'rival/engagement/e' }, reason: 'r' },
    },
    'linkInvalid',
    '1.data.to.stream',
  ],
];

describe('an event of a batch', () => {
  test.each(refusals)('that is refused (%s) is named; the others become facts', async (_, given, reason, path) => {
    await send([event('1'), event('2', Object(given)), event('3')]);
    await intake.settle();
    expect(summary(intake.facts())).toEqual(agreed('1', '3'));
    expect(await row()).toMatchObject({ status: 'refused', reason, issues: [{ path }], expiresAt: expect.any(Number) });
    expect((await row()).streams).toEqual([dealOf('1'), dealOf('3')]);
    expect(await parts()).toEqual([
      { path: '1', status: 'refused', reason, issues: [{ path, message: expect.stringMatching(/./) }] },
      { path: '0', status: 'translated' },
      { path: '2', status: 'translated' },
    ]);
  });

  test('of another type is ignored; the batch is translated', async () => {
    await send([event('1'), event('2', { type: 'com.example.ping' })]);
    await intake.settle();
    expect(await statuses()).toEqual([['translated', '']]);
    expect(await parts()).toMatchObject([
      { path: '1', status: 'ignored', reason: 'typeNotMapped: com.example.ping' },
      {},
    ]);
  });

  test.each([
    ['ignored', [{ type: 'com.x' }, { type: 'com.y' }], 'typeNotMapped: com.x'],
    ['refused', [{ type: 'com.x' }, { specversion: '7' }], 'specversionUnknown'],
  ])('ends its batch as %s where none becomes a fact', async (status, given, reason) => {
    await send(given.map((each, index) => event(String(index), each)));
    await intake.settle();
    expect(await row()).toMatchObject({ status, reason });
    expect(intake.facts()).toEqual([]);
  });

  test('that the connection may not say waits until it may; the others become facts at once', async () => {
    const mayClose = (alsoAllows: readonly string[]) =>
      putItem(intake.client, intake.tables.connections, connectionItem('cloudevents', { alsoAllows }));
    await mayClose([]);
    const closed = { type: 'throughline.DealClosed', data: { result: 'lost' } };
    await send([event('1'), event('2', closed)]);
    await intake.settle();
    expect(summary(intake.facts())).toEqual(agreed('1'));
    expect(await statuses()).toEqual([['waiting', 'notAllowed: the connection may not say DealClosed']]);
    expect(await parts()).toMatchObject([
      { path: '1', status: 'waiting' },
      { path: '0', status: 'translated' },
    ]);
    await mayClose(['DealClosed']);
    intake.setTime('2026-12-01T00:05:00.000Z');
    const { partition, id } = await row();
    await intake.newTranslate()(intake.queued([{ receipt: { partition, id } }]));
    expect(summary(intake.facts())).toEqual([`DealClosed ${dealOf('2')}`, ...agreed('1')]);
    expect(await statuses()).toEqual([['translated', '']]);
  });

  test('that waits for a link is placed when it comes; what was put before adds nothing', async () => {
    const waiting = event('2', { subject: 'engagement/ENG-9' });
    await send([event('1'), waiting, event('3', { specversion: '0.3' })]);
    await intake.settle();
    expect(summary(intake.facts())).toEqual(agreed('1'));
    expect(await statuses()).toEqual([['waiting', 'notLinked: reference/engagement/ENG-9']]);
    expect(await parts()).toMatchObject([
      { path: '2', status: 'refused' },
      { path: '1', status: 'waiting' },
      { path: '0', status: 'translated' },
    ]);
    const external = engagementReference('ENG-9');
    const stream = identityStreamOf(tenant, external);
    const said = { external, to: { stream: dealOf('9') }, reason: 'test' };
    const [recorded] = await intake.recordFacts(stream, [fact('IdentityLinked', said, { at: '2026-09-02', stream })]);
    const links = intake.linkEvents(recorded?.outcome === 'recorded' ? recorded.events : []);
    await intake.newTranslate()(intake.queued(links));
    expect(summary(intake.facts())).toEqual([...agreed('1'), `OutcomeAgreed ${dealOf('9')}`].sort());
    expect(new Set(intake.facts().map(({ eventId }) => eventId)).size).toBe(2);
    expect((await intake.record()).length).toBe(1);
    expect((await intake.store.load(dealOf('1'))).events).toHaveLength(1);
    expect(await row()).toMatchObject({ status: 'refused', reason: 'specversionUnknown' });
    expect(await intake.pointers()).toEqual([]);
  });

  test('that says several facts is recorded whole or waits whole', async () => {
    const subject = (id: string) => ({ external: { system: 'crm', kind: 'deal', id } });
    const rules = [
      { type: 'com.sold', as: 'OutcomeAgreed', subject: subject('data.deal'), fields: { outcomeId: 'data.outcome' } },
      { type: 'com.sold', as: 'DeliveryStarted', subject: { reference: 'data.reference' }, fields: {} },
    ];
    const mapping = JSON.stringify({ version: 1, rules });
    await putItem(intake.client, intake.tables.connections, connectionItem('cloudevents', { mapping }));
    const sold = event('2', { type: 'com.sold', data: { deal: '2', outcome: 'o', reference: 'ENG-9' } });
    await send([event('1'), sold]);
    await intake.settle();
    expect(summary(intake.facts())).toEqual(agreed('1'));
    expect(await statuses()).toEqual([['waiting', 'notLinked: reference/engagement/ENG-9']]);
  });

  test('that opens an engagement by its reference lets the others of its batch find it', async () => {
    const opening = event('1', { type: 'throughline.EngagementOpened', subject: 'engagement/ENG-9', data: {} });
    await send([event('2', { subject: 'engagement/ENG-9' }), opening]);
    await intake.settle();
    expect(await statuses()).toEqual([['translated', '']]);
    const stream = streamOpenedBy(tenant, engagementReference('ENG-9'));
    expect(summary(intake.facts())).toEqual(
      [
        `EngagementOpened ${stream}`,
        `OutcomeAgreed ${stream}`,
        `IdentityLinked ${identityStreamOf(tenant, engagementReference('ENG-9'))}`,
      ].sort(),
    );
  });
});

test('a batch of which one event waits already names the facts and the unknown keys of the others', async () => {
  await send([event('1', { data: { outcomeId: '1', colour: 'red' } }), event('2', { subject: 'engagement/ENG-10' })]);
  await intake.settle();
  expect(await row()).toMatchObject({
    status: 'waiting',
    unknownKeys: ['0.data.colour'],
    streams: [dealOf('1')],
    facts: expect.any(Uint8Array),
  });
});

describe('a record of a Salesforce change with several', () => {
  test('that is linked elsewhere waits alone', async () => {
    const external = { system: `salesforce:00DHp00000TqkABMAZ`, kind: 'Opportunity', id: renewalDeal };
    const stream = identityStreamOf(tenant, external);
    const said = { external, to: { external: engagementReference('ENG-8') }, reason: 'test' };
    await intake.recordFacts(stream, [fact('IdentityLinked', said, { at: '2026-06-01', stream })]);
    await fromOrg(change(firstDeal, { StageName: 'Negotiation' }, { recordIds: [firstDeal, renewalDeal] }));
    await intake.settle();
    expect(summary(intake.facts())).toEqual([`DealRevised ${engagementOf(firstDeal)}`]);
    expect(await statuses()).toEqual([['waiting', 'notLinked: reference/engagement/ENG-8']]);
    expect(await parts()).toEqual([
      { path: 'recordIds.1', status: 'waiting', reason: 'notLinked: reference/engagement/ENG-8' },
      { path: 'recordIds.0', status: 'translated' },
    ]);
  });
});
