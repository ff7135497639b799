// What does a hostile connection try that is bound to a partner, and what becomes of it?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { identityStreamOf } from '../../../events/identifiers.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import {
  about,
  type BoundChannel,
  bound,
  crm,
  eventOf,
  fjordtek,
  nordlys,
  type Said,
  startBoundChannel,
  streamOf,
} from '../../support/intake/boundChannel.ts';
import { engagementOf, firstDeal, opened, summary } from '../../support/intake/intakeMessages.ts';
import { org, tenant } from '../../support/intake/intakeRequests.ts';

let engine: TestEngine;
let channel: BoundChannel;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  channel = await startBoundChannel(engine.client);
});

describe('a hostile bound connection', () => {
  const untouched = async () => {
    const streams = ['THEIRS', 'DIRECT'].map(streamOf);
    return (await Promise.all(streams.map(channel.typesIn))).flat();
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
    const before = channel.intake.facts().length;
    await channel.fromBound(said);
    expect(await channel.last()).toMatch(new RegExp(`^(waiting|refused) (${word})`));
    expect(channel.intake.facts()).toHaveLength(before);
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
    await channel.connect({ ...bound, mapping, mappingVersion: 4 });
    await channel.post('c-bound', event);
    expect(await channel.last()).toMatch(/^waiting notYours: .* may not link .*, an id of another system$/);
    const id = { ...external, id: 'P-1' };
    expect(await channel.eventsIn(identityStreamOf(tenant, id))).toEqual([]);
    // Nor does this process believe it.
    await channel.fromCrm({ type: 'OutcomeAgreed', subject: `${id.system}/${id.kind}/P-1`, data: { outcomeId: 'z' } });
    expect((await channel.eventsIn(streamOf('OURS'))).map(({ data }) => data)).not.toContainEqual({ outcomeId: 'z' });
  });

  test('links an id of its own to what it leads, and to nothing else', async () => {
    const own = { kind: 'order', id: 'data.id' };
    const ours = linking(own);
    await channel.connect({ ...bound, mapping: ours.mapping, mappingVersion: 4 });
    await channel.post('c-bound', ours.event);
    expect(await channel.last()).toBe('translated');
    const theirs = linking(own, about('THEIRS'));
    await channel.post('c-bound', theirs.event);
    expect(await channel.last()).toMatch(/^waiting notYours/);
    expect(
      await channel.typesIn(identityStreamOf(tenant, { system: 'cloudevents:portal', kind: 'order', id: 'P-1' })),
    ).toEqual(['IdentityLinked']);
  });

  test('does not restate what the vendor’s own sender said by the same id', async () => {
    await channel.connect({ ...crm, connection: 'c-twin', account: 'portal' });
    const said = eventOf({ type: 'OutcomeAgreed', subject: about('OURS'), data: { outcomeId: 'o', target: 10 } });
    await channel.post('c-twin', { ...said, sequence: '1' });
    await channel.post('c-bound', { ...said, sequence: '2', data: { outcomeId: 'o', target: 1 } });
    const [first, second] = (await channel.eventsIn(streamOf('OURS'))).filter(({ type }) => type === 'OutcomeAgreed');
    expect(first?.factId).not.toBe(second?.factId);
  });

  test('that claims a reference before the vendor uses it does not lead the vendor’s engagement', async () => {
    await channel.fromBound({ type: 'EngagementOpened', subject: about('NEXT'), data: { leadPartner: nordlys } });
    expect(await channel.last()).toBe('translated');
    await channel.intake.receive(channel.intake.queued([opened(firstDeal, { Engagement_Id__c: 'NEXT' })]));
    await channel.intake.settle();
    // The CRM's opening is recorded where its reference leads, and only its word says who leads.
    expect(summary(channel.intake.facts())).toContain(`EngagementOpened ${streamOf('NEXT')}`);
    expect(await channel.eventsIn(engagementOf(firstDeal))).toEqual([]);
    await channel.fromBound({ type: 'OutcomeAgreed', subject: about('NEXT'), data: { outcomeId: 'o' } });
    expect(await channel.last()).toMatch(/^waiting notYours/);
  });
});
