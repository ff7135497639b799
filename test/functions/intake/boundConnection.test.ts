// What may a connection say that is bound to a partner, what a sender that nobody trusts, and what becomes of the rest?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { derivedEngagementOf, parseStreamId } from '../../../events/identifiers.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import {
  about,
  type BoundChannel,
  bound,
  eventOf,
  fjordtek,
  idOf,
  nordlys,
  type Said,
  startBoundChannel,
  streamOf,
} from '../../support/intake/boundChannel.ts';
import { tenant } from '../../support/intake/intakeRequests.ts';

let engine: TestEngine;
let channel: BoundChannel;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  channel = await startBoundChannel(engine.client);
});

describe('a connection that is bound to a partner', () => {
  test('speaks of the engagements that its partner leads, on its behalf', async () => {
    await channel.fromBound({ type: 'OutcomeAgreed', subject: about('OURS'), data: { outcomeId: 'o' } });
    expect(await channel.last()).toBe('translated');
    expect((await channel.eventsIn(streamOf('OURS'))).at(-1)).toMatchObject({
      type: 'OutcomeAgreed',
      saidBy: { role: 'partner', partyId: idOf(nordlys) },
      source: `cloudevents:portal|${idOf(nordlys)}`,
    });
  });

  test.each(['THEIRS', 'DIRECT'])('waits with the reason where it speaks of %s', async (reference) => {
    await channel.fromBound({ type: 'OutcomeAgreed', subject: about(reference), data: { outcomeId: 'o' } });
    expect(await channel.last()).toBe(
      `waiting notYours: the connection speaks for partner ${idOf(nordlys)}, which does not lead engagement ${parseStreamId(streamOf(reference)).id}`,
    );
    expect(await channel.typesIn(streamOf(reference))).toEqual(['EngagementOpened']);
  });

  test('is heard at once when its partner becomes the lead, and no more when another does', async () => {
    await channel.fromBound({ type: 'OutcomeAgreed', subject: about('DIRECT'), data: { outcomeId: 'o' } });
    expect(await channel.last()).toMatch(/^waiting notYours/);
    await channel.fromCrm({
      type: 'PartnerAssigned',
      subject: about('DIRECT'),
      data: { partner: nordlys, by: 'connection' },
    });
    expect(await channel.typesIn(streamOf('DIRECT'))).toEqual(['EngagementOpened', 'PartnerAssigned', 'OutcomeAgreed']);
    expect(await channel.reasons()).not.toContainEqual(expect.stringContaining('waiting'));
    await channel.fromCrm({
      type: 'PartnerAssigned',
      subject: about('DIRECT'),
      data: { partner: fjordtek, by: 'connection' },
    });
    await channel.fromBound({ type: 'DeliveryStarted', subject: about('DIRECT'), data: {} });
    expect(await channel.last()).toMatch(/^waiting notYours/);
  });

  test('is heard when the sweep offers its receipt again after it was bound to the partner that leads', async () => {
    await channel.fromBound({ type: 'OutcomeAgreed', subject: about('THEIRS'), data: { outcomeId: 'o' } });
    await channel.connect({ ...bound, partner: idOf(fjordtek) });
    channel.pass(300_000);
    const receipt = (await channel.intake.receiptRows()).at(-1);
    const translate = channel.intake.newTranslate();
    await translate(channel.intake.queued([{ receipt: { partition: receipt?.partition, id: receipt?.id } }]));
    await channel.intake.settle();
    expect(await channel.last()).toBe('translated');
    expect((await channel.eventsIn(streamOf('THEIRS'))).at(-1)).toMatchObject({ saidBy: { partyId: idOf(fjordtek) } });
  });

  test('opens an engagement by a new reference with its partner as the lead, and speaks of it then', async () => {
    await channel.fromBound({ type: 'OutcomeAgreed', subject: about('NEW'), data: { outcomeId: 'o' } });
    expect(await channel.last()).toBe('waiting notLinked: reference/engagement/NEW');
    await channel.fromBound({ type: 'EngagementOpened', subject: about('NEW'), data: { leadPartner: nordlys } });
    expect((await channel.typesIn(streamOf('NEW'))).sort()).toEqual(['EngagementOpened', 'OutcomeAgreed']);
    expect(await channel.reasons()).not.toContainEqual(expect.stringContaining('waiting'));
  });

  test('speaks in one batch of what it opens there; each other event waits by itself', async () => {
    const at = (subject: string, type: string, data: object) => eventOf({ type, subject, data });
    await channel.post('c-bound', [
      at('hub/deal/7', 'EngagementOpened', { leadPartner: nordlys }),
      at('hub/deal/7', 'OutcomeAgreed', { outcomeId: 'o' }),
      at(about('THEIRS'), 'OutcomeAgreed', { outcomeId: 'o' }),
    ]);
    const stream = derivedEngagementOf(tenant, { system: 'hub', kind: 'deal', id: '7' });
    expect((await channel.typesIn(stream)).sort()).toEqual(['EngagementOpened', 'OutcomeAgreed']);
    expect(await channel.typesIn(streamOf('THEIRS'))).toEqual(['EngagementOpened']);
    expect((await channel.intake.receiptRows()).at(-1)).toMatchObject({
      status: 'waiting',
      parts: expect.arrayContaining([expect.objectContaining({ path: '2', status: 'waiting' })]),
    });
  });

  test('says by default only what partners may say, and never who leads', async () => {
    await channel.fromBound({ type: 'UsageMeasured', subject: about('OURS'), data: {} });
    expect(await channel.last()).toBe('waiting notAllowed: the connection may not say UsageMeasured');
    await channel.connect({
      ...bound,
      alsoAllows: ['PartnerAssigned', 'IdentityLinked', 'FactRetracted', 'PolicyPublished'],
    });
    channel.pass(60_000);
    await channel.fromBound({
      type: 'PartnerAssigned',
      subject: about('OURS'),
      data: { partner: nordlys, by: 'connection' },
    });
    expect(await channel.last()).toBe('waiting notAllowed: the connection may not say PartnerAssigned');
  });
});

describe('another’s offer', () => {
  const publish = (offerId: string, owner: object) =>
    channel.fromCrm({
      type: 'OfferPublished',
      data: { offerId, version: 1, ownerPartner: owner, components: [{ componentId: 'c', kind: 'base_licence' }] },
    });
  const propose = { type: 'SolutionProposed', subject: about('OURS'), data: { offerId: 'theirs' } };

  test('is not named by a partner’s system without the vendor’s word', async () => {
    await publish('theirs', fjordtek);
    await publish('ours', nordlys);
    await channel.fromBound({ ...propose, data: { offerId: 'ours' } });
    expect(await channel.last()).toBe('translated');
    await channel.fromBound(propose);
    expect(await channel.last()).toMatch(/^waiting notYourOffer: offer theirs is of another partner/);
    await channel.fromBound({
      type: 'EngagementOpened',
      subject: about('Y'),
      data: { leadPartner: nordlys, offerId: 'theirs' },
    });
    expect(await channel.last()).toMatch(/^waiting notYourOffer/);
    expect(await channel.eventsIn(streamOf('Y'))).toEqual([]);
    await channel.fromCrm(propose);
    await channel.fromBound({ ...propose, data: { offerId: 'theirs', proposalRef: 'p:2' } });
    expect(await channel.last()).toBe('translated');
  });
});

describe('a sender that nobody has trusted with more', () => {
  const hub = (said: Said) => channel.post('c-cloudevents', eventOf(said));
  const c = (id: string) => ({ system: 'erp', kind: 'account', id });
  beforeEach(() =>
    channel.fromCrm({ type: 'CustomerIdentified', subject: about('DIRECT'), data: { customer: c('1') } }),
  );
  test.each([
    ['assigns itself', { type: 'PartnerAssigned', data: { partner: nordlys, by: 'connection' } }],
    ['opens it again', { type: 'EngagementOpened', data: { leadPartner: nordlys } }],
    ['reopens its deal', { type: 'DealReopened', data: {} }],
    ['withdraws it', { type: 'EngagementWithdrawn', data: {} }],
    ['moves it to another customer', { type: 'CustomerIdentified', data: { customer: c('2') } }],
  ])('%s: it waits as notAllowed', async (_, said) => {
    const before = await channel.typesIn(streamOf('DIRECT'));
    await hub({ ...said, subject: about('DIRECT') });
    expect(await channel.last()).toMatch(/^waiting notAllowed/);
    expect(await channel.typesIn(streamOf('DIRECT'))).toEqual(before);
  });
  test.each(['PartnerAssigned', 'EngagementOpened'])('says no %s by a mapping either', async (as) => {
    const fields =
      as === 'PartnerAssigned' ? { partner: 'data', by: { constant: 'connection' } } : { leadPartner: 'data' };
    const mapping = JSON.stringify({ version: 5, rules: [{ type: 'com.tool.lead', as, fields }] });
    await channel.connect({ mapping, mappingVersion: 5 });
    const said = { ...eventOf({ type: 'x', subject: about('DIRECT'), data: nordlys }), type: 'com.tool.lead' };
    await channel.post('c-cloudevents', said);
    expect(await channel.last()).toBe(`waiting notAllowed: the connection may not say ${as}`);
  });
  test('may say the same customer, or the first one', async () => {
    await hub({ type: 'CustomerIdentified', subject: about('DIRECT'), data: { customer: c('1'), segment: 'bank' } });
    await hub({ type: 'CustomerIdentified', subject: about('THEIRS'), data: { customer: c('9') } });
    expect((await channel.reasons()).slice(-2)).toEqual(['translated', 'translated']);
  });
});
