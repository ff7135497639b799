// What may a connection say that is bound to a partner, what becomes of the rest, and what can a hostile one not do?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { derivedEngagementOf, derivedPartyOf, identityStreamOf, parseStreamId } from '../../../events/identifiers.ts';
import { engagementReference, partnerReference } from '../../../events/sources/externalIds.ts';
import { streamOpenedBy } from '../../../functions/intake/openedByReference.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { engagementOf, firstDeal, opened, summary } from '../../support/intake/intakeMessages.ts';
import { cloudEventsRequest, connectionItem, org, tenant } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';

const nordlys = partnerReference('NORDLYS');
const fjordtek = partnerReference('FJORDTEK');
const idOf = (party: typeof nordlys) => parseStreamId(derivedPartyOf(tenant, party)).id;
const streamOf = (reference: string) => streamOpenedBy(tenant, engagementReference(reference));
const minute = 60_000;

let engine: TestEngine;
let intake: Intake;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const crm = { connection: 'c-crm', account: 'crm', alsoAllows: ['EngagementOpened', 'PartnerAssigned', 'DealClosed'] };
const bound = { connection: 'c-bound', account: 'portal', partner: idOf(nordlys), alsoAllows: ['EngagementOpened'] };
const connect = (given: Readonly<Record<string, unknown>>) =>
  putItem(intake.client, intake.tables.connections, connectionItem('cloudevents', given));

let sent = 0;
type Said = { readonly type: string; readonly subject?: string; readonly data: object; readonly time?: string };
const eventOf = ({ type, ...said }: Said) => {
  sent += 1;
  return { specversion: '1.0', source: '/s', id: `e-${sent}`, type: `throughline.${type}`, ...said };
};
const post = async (connection: string, body: unknown) => {
  intake.setTime(new Date(Date.parse(intake.now()) + 1).toISOString());
  await intake.receive(cloudEventsRequest(JSON.stringify(body), intake.now(), connection));
  await intake.settle();
};
const fromCrm = (said: Said) => post('c-crm', eventOf(said));
const fromBound = (said: Said) => post('c-bound', eventOf(said));
const about = (reference: string) => `engagement/${reference}`;
const reasons = async () => (await intake.receiptRows()).map(({ status, reason = '' }) => `${status} ${reason}`.trim());
const last = async () => (await reasons()).at(-1);
const eventsIn = async (stream: string) => (await intake.store.load(stream)).events;
const typesIn = async (stream: string) => (await eventsIn(stream)).map(({ type }) => type);

beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  await Promise.all([connect(crm), connect(bound)]);
  await fromCrm({ type: 'EngagementOpened', subject: about('OURS'), data: { leadPartner: nordlys } });
  await fromCrm({ type: 'EngagementOpened', subject: about('THEIRS'), data: { leadPartner: fjordtek } });
  await fromCrm({ type: 'EngagementOpened', subject: about('DIRECT'), data: {} });
});

describe('a connection that is bound to a partner', () => {
  test('speaks of the engagements that its partner leads, on its behalf', async () => {
    await fromBound({ type: 'OutcomeAgreed', subject: about('OURS'), data: { outcomeId: 'o' } });
    expect(await last()).toBe('translated');
    expect((await eventsIn(streamOf('OURS'))).at(-1)).toMatchObject({
      type: 'OutcomeAgreed',
      saidBy: { role: 'partner', partyId: idOf(nordlys) },
      source: `cloudevents:portal@${idOf(nordlys)}`,
    });
  });

  test.each(['THEIRS', 'DIRECT'])('waits with the reason where it speaks of %s', async (reference) => {
    await fromBound({ type: 'OutcomeAgreed', subject: about(reference), data: { outcomeId: 'o' } });
    expect(await last()).toBe(
      `waiting notYours: the connection speaks for partner ${idOf(nordlys)}, which does not lead engagement ${parseStreamId(streamOf(reference)).id}`,
    );
    expect(await typesIn(streamOf(reference))).toEqual(['EngagementOpened']);
  });

  test('is heard at once when its partner becomes the lead, and no more when another does', async () => {
    await fromBound({ type: 'OutcomeAgreed', subject: about('DIRECT'), data: { outcomeId: 'o' } });
    expect(await last()).toMatch(/^waiting notYours/);
    await fromCrm({ type: 'PartnerAssigned', subject: about('DIRECT'), data: { partner: nordlys, by: 'connection' } });
    expect(await typesIn(streamOf('DIRECT'))).toEqual(['EngagementOpened', 'PartnerAssigned', 'OutcomeAgreed']);
    expect(await reasons()).not.toContainEqual(expect.stringContaining('waiting'));
    await fromCrm({ type: 'PartnerAssigned', subject: about('DIRECT'), data: { partner: fjordtek, by: 'connection' } });
    await fromBound({ type: 'DeliveryStarted', subject: about('DIRECT'), data: {} });
    expect(await last()).toMatch(/^waiting notYours/);
  });

  test('is heard when the sweep offers its receipt again after it was bound to the partner that leads', async () => {
    await fromBound({ type: 'OutcomeAgreed', subject: about('THEIRS'), data: { outcomeId: 'o' } });
    await connect({ ...bound, partner: idOf(fjordtek) });
    intake.setTime(new Date(Date.parse(intake.now()) + 5 * minute).toISOString());
    const receipt = (await intake.receiptRows()).at(-1);
    const translate = intake.newTranslate();
    await translate(intake.queued([{ receipt: { partition: receipt?.partition, id: receipt?.id } }]));
    await intake.settle();
    expect(await last()).toBe('translated');
    expect((await eventsIn(streamOf('THEIRS'))).at(-1)).toMatchObject({ saidBy: { partyId: idOf(fjordtek) } });
  });

  test('opens an engagement by a new reference with its partner as the lead, and speaks of it then', async () => {
    await fromBound({ type: 'OutcomeAgreed', subject: about('NEW'), data: { outcomeId: 'o' } });
    expect(await last()).toBe('waiting notLinked: reference/engagement/NEW');
    await fromBound({ type: 'EngagementOpened', subject: about('NEW'), data: { leadPartner: nordlys } });
    expect((await typesIn(streamOf('NEW'))).sort()).toEqual(['EngagementOpened', 'OutcomeAgreed']);
    expect(await reasons()).not.toContainEqual(expect.stringContaining('waiting'));
  });

  test('speaks in one batch of what it opens there; each other event waits by itself', async () => {
    const at = (subject: string, type: string, data: object) => eventOf({ type, subject, data });
    await post('c-bound', [
      at('hub/deal/7', 'EngagementOpened', { leadPartner: nordlys }),
      at('hub/deal/7', 'OutcomeAgreed', { outcomeId: 'o' }),
      at(about('THEIRS'), 'OutcomeAgreed', { outcomeId: 'o' }),
    ]);
    const stream = derivedEngagementOf(tenant, { system: 'hub', kind: 'deal', id: '7' });
    expect((await typesIn(stream)).sort()).toEqual(['EngagementOpened', 'OutcomeAgreed']);
    expect(await typesIn(streamOf('THEIRS'))).toEqual(['EngagementOpened']);
    expect((await intake.receiptRows()).at(-1)).toMatchObject({
      status: 'waiting',
      parts: expect.arrayContaining([expect.objectContaining({ path: '2', status: 'waiting' })]),
    });
  });

  test('says by default only what partners may say, and never who leads', async () => {
    await fromBound({ type: 'UsageMeasured', subject: about('OURS'), data: {} });
    expect(await last()).toBe('waiting notAllowed: the connection may not say UsageMeasured');
    await connect({ ...bound, alsoAllows: ['PartnerAssigned', 'IdentityLinked', 'FactRetracted', 'PolicyPublished'] });
    intake.setTime(new Date(Date.parse(intake.now()) + minute).toISOString());
    await fromBound({ type: 'PartnerAssigned', subject: about('OURS'), data: { partner: nordlys, by: 'connection' } });
    expect(await last()).toBe('waiting notAllowed: the connection may not say PartnerAssigned');
  });
});

describe('a hostile bound connection', () => {
  const untouched = async () => {
    const streams = ['THEIRS', 'DIRECT'].map(streamOf);
    return (await Promise.all(streams.map(typesIn))).flat();
  };
  const party = { system: 'erp', kind: 'account', id: '1' };
  const attacks: readonly (readonly [string, Said, string])[] = [
    [
      'opens what others began as its own',
      { type: 'EngagementOpened', subject: about('DIRECT'), data: { leadPartner: nordlys } },
      'notYours',
    ],
    [
      'opens it dated before its beginning',
      {
        type: 'EngagementOpened',
        subject: about('THEIRS'),
        time: '2001-01-01T00:00:00Z',
        data: { leadPartner: nordlys },
      },
      'notYours',
    ],
    ['opens for nobody', { type: 'EngagementOpened', subject: about('X1'), data: {} }, 'notYours'],
    [
      'opens for another',
      { type: 'EngagementOpened', subject: about('X2'), data: { leadPartner: fjordtek } },
      'notYours',
    ],
    [
      'closes what it does not lead',
      { type: 'DealClosed', subject: about('THEIRS'), data: { result: 'lost' } },
      'notAllowed',
    ],
    [
      'names a customer there',
      { type: 'CustomerIdentified', subject: about('THEIRS'), data: { customer: party } },
      'notYours',
    ],
    ['describes another organisation', { type: 'CustomerIdentified', data: { customer: party } }, 'notYours'],
    [
      'publishes an offer of nobody',
      {
        type: 'OfferPublished',
        data: { offerId: 'o', version: 1, components: [{ componentId: 'c', kind: 'base_licence' }] },
      },
      'notYours',
    ],
    [
      'publishes an offer of another',
      {
        type: 'OfferPublished',
        data: {
          offerId: 'o',
          version: 1,
          ownerPartner: fjordtek,
          components: [{ componentId: 'c', kind: 'base_licence' }],
        },
      },
      'notYours',
    ],
    [
      'launches a campaign for all',
      { type: 'CampaignLaunched', data: { campaignId: 'c', kind: 'enablement' } },
      'notYours',
    ],
    [
      'spends the funds of the vendor',
      {
        type: 'CampaignLaunched',
        data: {
          campaignId: 'c',
          kind: 'enablement',
          partners: [nordlys],
          vendorFunded: { amountMinor: 100, currency: 'EUR' },
        },
      },
      'notYours',
    ],
    [
      'hands over a campaign',
      {
        type: 'HandoffOffered',
        subject: 'campaign/c',
        data: { handoffId: 'h', fromStage: 'create', toStage: 'mobilize' },
      },
      'notYours',
    ],
    [
      'speaks by an id that nobody linked',
      { type: 'OutcomeAgreed', subject: 'stripe/subscription/sub_1', data: { outcomeId: 'o' } },
      'notLinked',
    ],
    [
      'speaks of an opportunity that nobody opened',
      { type: 'OutcomeAgreed', subject: `salesforce:${org}/Opportunity/${firstDeal}`, data: { outcomeId: 'o' } },
      'notYours',
    ],
    [
      'opens an opportunity of the CRM first',
      {
        type: 'EngagementOpened',
        subject: `salesforce:${org}/Opportunity/${firstDeal}`,
        data: { leadPartner: fjordtek },
      },
      'notYours',
    ],
  ];
  test.each(attacks)('%s: it waits, and nothing is recorded', async (_, said, word) => {
    const before = intake.facts().length;
    await fromBound(said);
    expect(await last()).toMatch(new RegExp(`^(waiting|refused) (${word})`));
    expect(intake.facts()).toHaveLength(before);
    expect(await untouched()).toEqual(['EngagementOpened', 'EngagementOpened']);
  });

  const linking = (external: object, subject = about('OURS')) => ({
    mapping: JSON.stringify({
      version: 4,
      rules: [{ type: 'com.tool.work', as: 'OutcomeAgreed', fields: { outcomeId: 'id' }, links: [external] }],
    }),
    event: { ...eventOf({ type: 'x', subject, data: { id: 'P-1' } }), type: 'com.tool.work' },
  });
  test.each([
    ['an opportunity of the CRM', { system: `salesforce:${org}`, kind: 'Opportunity', id: 'data.id' }],
    ['an id of billing', { system: 'stripe', kind: 'subscription', id: 'data.id' }],
    ['an id of another sender', { system: 'cloudevents:crm', kind: 'order', id: 'data.id' }],
  ])('does not link %s to its engagement', async (_, external) => {
    const { mapping, event } = linking(external);
    await connect({ ...bound, mapping, mappingVersion: 4 });
    await post('c-bound', event);
    expect(await last()).toMatch(/^waiting notYours: .* may not link .*, an id of another system$/);
    const id = { ...external, id: 'P-1' };
    expect(await eventsIn(identityStreamOf(tenant, id))).toEqual([]);
    // Nor does this process believe it.
    await fromCrm({ type: 'OutcomeAgreed', subject: `${id.system}/${id.kind}/P-1`, data: { outcomeId: 'z' } });
    expect((await eventsIn(streamOf('OURS'))).map(({ data }) => data)).not.toContainEqual({ outcomeId: 'z' });
  });

  test('links an id of its own to what it leads, and to nothing else', async () => {
    const own = { kind: 'order', id: 'data.id' };
    const ours = linking(own);
    await connect({ ...bound, mapping: ours.mapping, mappingVersion: 4 });
    await post('c-bound', ours.event);
    expect(await last()).toBe('translated');
    const theirs = linking(own, about('THEIRS'));
    await post('c-bound', theirs.event);
    expect(await last()).toMatch(/^waiting notYours/);
    expect(await typesIn(identityStreamOf(tenant, { system: 'cloudevents:portal', kind: 'order', id: 'P-1' }))).toEqual(
      ['IdentityLinked'],
    );
  });

  test('does not restate what the vendor’s own sender said by the same id', async () => {
    await connect({ ...crm, connection: 'c-twin', account: 'portal' });
    const said = eventOf({ type: 'OutcomeAgreed', subject: about('OURS'), data: { outcomeId: 'o', target: 10 } });
    await post('c-twin', { ...said, sequence: '1' });
    await post('c-bound', { ...said, sequence: '2', data: { outcomeId: 'o', target: 1 } });
    const [first, second] = (await eventsIn(streamOf('OURS'))).filter(({ type }) => type === 'OutcomeAgreed');
    expect(first?.factId).not.toBe(second?.factId);
  });

  test('that claims a reference before the vendor uses it does not lead the vendor’s engagement', async () => {
    await fromBound({ type: 'EngagementOpened', subject: about('NEXT'), data: { leadPartner: nordlys } });
    expect(await last()).toBe('translated');
    await intake.receive(intake.queued([opened(firstDeal, { Engagement_Id__c: 'NEXT' })]));
    await intake.settle();
    // The CRM's opening is recorded where its reference leads, and only its word says who leads.
    expect(summary(intake.facts())).toContain(`EngagementOpened ${streamOf('NEXT')}`);
    expect(await eventsIn(engagementOf(firstDeal))).toEqual([]);
    await fromBound({ type: 'OutcomeAgreed', subject: about('NEXT'), data: { outcomeId: 'o' } });
    expect(await last()).toMatch(/^waiting notYours/);
  });
});

describe('another’s offer', () => {
  const publish = (offerId: string, owner: object) =>
    fromCrm({
      type: 'OfferPublished',
      data: { offerId, version: 1, ownerPartner: owner, components: [{ componentId: 'c', kind: 'base_licence' }] },
    });
  const propose = { type: 'SolutionProposed', subject: about('OURS'), data: { offerId: 'theirs' } };

  test('is not named by a partner’s system without the vendor’s word', async () => {
    await publish('theirs', fjordtek);
    await publish('ours', nordlys);
    await fromBound({ ...propose, data: { offerId: 'ours' } });
    expect(await last()).toBe('translated');
    await fromBound(propose);
    expect(await last()).toMatch(/^waiting notYourOffer: offer theirs is of another partner/);
    await fromBound({
      type: 'EngagementOpened',
      subject: about('Y'),
      data: { leadPartner: nordlys, offerId: 'theirs' },
    });
    expect(await last()).toMatch(/^waiting notYourOffer/);
    expect(await eventsIn(streamOf('Y'))).toEqual([]);
    await fromCrm(propose);
    await fromBound({ ...propose, data: { offerId: 'theirs', proposalRef: 'p:2' } });
    expect(await last()).toBe('translated');
  });
});

describe('a sender that nobody has trusted with more', () => {
  const hub = (said: Said) => post('c-cloudevents', eventOf(said));
  const c = (id: string) => ({ system: 'erp', kind: 'account', id });
  beforeEach(() => fromCrm({ type: 'CustomerIdentified', subject: about('DIRECT'), data: { customer: c('1') } }));
  test.each([
    ['assigns itself', { type: 'PartnerAssigned', data: { partner: nordlys, by: 'connection' } }],
    ['opens it again', { type: 'EngagementOpened', data: { leadPartner: nordlys } }],
    ['reopens its deal', { type: 'DealReopened', data: {} }],
    ['withdraws it', { type: 'EngagementWithdrawn', data: {} }],
    ['moves it to another customer', { type: 'CustomerIdentified', data: { customer: c('2') } }],
  ])('%s: it waits as notAllowed', async (_, said) => {
    const before = await typesIn(streamOf('DIRECT'));
    await hub({ ...said, subject: about('DIRECT') });
    expect(await last()).toMatch(/^waiting notAllowed/);
    expect(await typesIn(streamOf('DIRECT'))).toEqual(before);
  });
  test('may say the same customer, or the first one', async () => {
    await hub({ type: 'CustomerIdentified', subject: about('DIRECT'), data: { customer: c('1'), segment: 'bank' } });
    await hub({ type: 'CustomerIdentified', subject: about('THEIRS'), data: { customer: c('9') } });
    expect((await reasons()).slice(-2)).toEqual(['translated', 'translated']);
  });
});
