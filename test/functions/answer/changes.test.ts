// What differs between two dates, on which clock, and which events does the answer name for it?
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { idOf, partners } from '../../support/histories/ledInTurn.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { storedItems } from '../store/storedItems.ts';

// A real engine, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let [vendor, ofA, ofB] = ['', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofA, ofB] = await Promise.all([
    people.vendor(),
    people.partner(idOf(partners.a)),
    people.partner(idOf(partners.b)),
  ]);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const stream = streamIdOf(tenantId, 'engagement', 'e1');
const opened = fact(
  'EngagementOpened',
  { leadPartner: partners.a, customer: partners.c },
  { at: '2026-03-01', stream },
);
const won = fact('DealClosed', { result: 'won' }, { at: '2026-04-01', stream });
const toB = fact('PartnerAssigned', { partner: partners.b, by: 'connection' }, { at: '2026-05-01', stream });

const given = async (...facts: readonly (Fact | readonly [Fact, string])[]): Promise<Api> => {
  const api = await createApi(engine, issuer);
  for (const each of facts) {
    const [said, recordedAt] = 'factId' in each ? [each, each.occurredAt] : each;
    api.at(recordedAt);
    await api.record(said);
  }
  api.at('2026-09-01');
  await api.project();
  return api;
};

const Change = z.looseObject({
  table: z.string(),
  change: z.string(),
  columns: z.record(z.string(), z.object({ from: z.unknown(), to: z.unknown() })),
  events: z.array(z.looseObject({ type: z.string(), why: z.string(), change: z.string(), by: z.string().nullable() })),
  moreEvents: z.number(),
  byTime: z.boolean(),
});
const changes = async (api: Api, asked: Readonly<Record<string, string>>, token = vendor) =>
  z.array(Change).parse((await api.all(token, 'changes', asked)).items);

const between = { from: '2026-03-15', to: '2026-04-15' };

describe('between two dates', () => {
  test('rows are added and changed, column by column, by the events that did it', async () => {
    const api = await given(opened, won);
    const found = await changes(api, { ...between, table: 'engagements' });
    expect(found).toMatchObject([
      {
        ...{ engagementId: 'e1', table: 'engagements', change: 'changed', byTime: false },
        columns: { stage: { from: 'sell', to: 'procure' }, result: { from: null, to: 'won' } },
        events: [{ type: 'DealClosed', why: 'occurred', change: 'began', by: null, cited: expect.any(Boolean) }],
      },
    ]);
    const visits = await changes(api, { ...between, table: 'stage_history' });
    expect(visits.map(({ change }) => change).sort()).toEqual(['added', 'changed']);
    expect(await changes(api, { from: '2026-02-01', to: '2026-03-15', table: 'engagements' })).toMatchObject([
      { change: 'added', columns: {}, row: { stage: 'sell' } },
    ]);
  });

  test('what only time did names no event', async () => {
    const found = await changes(await given(opened, won), { from: '2026-04-03', to: '2026-04-15', table: 'flags' });
    expect(found).toMatchObject([{ change: 'added', byTime: true, events: [] }]);
  });

  test('what only time did names none of the events that stand beside it', async () => {
    const aside = fact('DealRevised', { value: { amount: '9.00', currency: 'EUR' } }, { at: '2026-04-05', stream });
    const found = await changes(await given(opened, won, aside), { from: '2026-04-03', to: '2026-04-15' });
    const flag = found.find(({ table }) => table === 'flags');
    expect(flag).toMatchObject({ change: 'added', byTime: true, events: [] });
    expect(found.find(({ table }) => table === 'engagements')).toMatchObject({
      ...{ byTime: false, events: [{ type: 'DealRevised', why: 'occurred' }] },
    });
  });

  test('what had been announced for a time between them is named where it took effect', async () => {
    const term = { termStart: '2026-01-01T00:00:00.000Z', termEnd: '2027-01-01T00:00:00.000Z' };
    const started = fact(
      'SubscriptionStarted',
      { subscriptionId: 's', kind: 'base_licence', ...term },
      { at: '2026-01-01', stream },
    );
    const end = { subscriptionId: 's', effectiveAt: '2026-04-10T00:00:00.000Z' };
    const announced = fact('SubscriptionEnded', end, { at: '2026-03-05', stream });
    const api = await given(started, opened, announced);
    const found = await changes(api, { from: '2026-04-05', to: '2026-04-15', table: 'subscriptions' });
    expect(found).toMatchObject([
      { change: 'changed', byTime: true, events: [{ type: 'SubscriptionEnded', why: 'tookEffect', by: null }] },
    ]);
  });

  test('a policy that was published between them, for a time before, is named', async () => {
    const policy = fact(
      'PolicyPublished',
      {
        ...{ policyVersion: 1, effectiveFrom: '2026-03-01T00:00:00.000Z', thresholds: {} },
        handoffs: [{ fromStages: ['sell'], toStage: 'deliver', withinBusinessDays: 90 }],
      },
      { at: '2026-04-10', stream: streamIdOf(tenantId, 'policy', 'policy') },
    );
    const api = await given(opened, won, policy);
    const dates = { from: '2026-04-09', to: '2026-04-11', table: 'flags' };
    expect(await changes(api, { ...dates, clock: 'recorded' })).toMatchObject([
      { change: 'removed', events: [{ type: 'PolicyPublished', why: 'occurred' }] },
    ]);
    // By all that is known now, it held on both dates.
    expect(await changes(api, { ...dates, clock: 'occurred' })).toEqual([]);
  });

  test('the recorded clock tells late, corrected and retracted facts apart; the occurred clock knew them all along', async () => {
    const closed = (result: 'won' | 'lost', seq: string) =>
      fact('DealClosed', { result }, { at: '2026-04-01', stream, sourceId: 'deal', seq });
    const [wrong, right] = [closed('lost', '1'), closed('won', '2')];
    const route = fact('RouteAgreed', { route: 'direct' }, { at: '2026-03-02', stream });
    const back = fact('FactRetracted', { eventId: route.eventId, reason: 'code:wrong' }, { at: '2026-05-20', stream });
    const late = fact('SolutionProposed', { offerId: 'o' }, { at: '2026-03-20', stream });
    const api = await given(opened, route, wrong, [right, '2026-05-10'], [late, '2026-05-15'], back);
    const dates = { from: '2026-05-01', to: '2026-06-01', table: 'engagements' };
    expect(await changes(api, { ...dates, clock: 'occurred' })).toEqual([]);
    const [found] = await changes(api, { ...dates, clock: 'recorded' });
    expect(found?.columns).toMatchObject({
      ...{ result: { from: 'lost', to: 'won' }, route: { from: 'direct', to: null }, offerId: { from: null, to: 'o' } },
    });
    expect(found?.events.map(({ type, change, why }) => [type, change, why])).toEqual(
      expect.arrayContaining([
        ['DealClosed', 'ended', 'corrected'],
        ['DealClosed', 'began', 'corrected'],
        ['SolutionProposed', 'began', 'late'],
        ['RouteAgreed', 'ended', 'retracted'],
      ]),
    );
  });

  test('pages lead from one to the next', async () => {
    const api = await given(opened, won, toB);
    const asked = { from: '2026-02-01', to: '2026-08-01' };
    const whole = itemsOf(await api.get(vendor, 'changes', asked));
    expect(whole.length).toBeGreaterThan(3);
    expect((await api.all(vendor, 'changes', { ...asked, limit: '2' })).items).toEqual(whole);
  });
});

describe('a partner', () => {
  test('is told of what it leads now, and nobody else’s', async () => {
    const api = await given(opened, won, toB);
    const asked = { from: '2026-03-15', to: '2026-05-15' };
    expect(await changes(api, asked, ofA)).toEqual([]);
    expect(await changes(api, { ...asked, partner: idOf(partners.a) }, ofB)).toEqual([]);
    expect((await changes(api, asked, ofB)).length).toBeGreaterThan(0);
    expect((await changes(api, { ...asked, partner: idOf(partners.a) })).length).toBeGreaterThan(0);
    expect(await changes(api, { ...asked, partner: idOf(partners.c) })).toEqual([]);
  });

  test('is told of no event on the streams of other parties, of policies or of links, but of those that its rows cite', async () => {
    const partyOf = (of: typeof partners.a) => streamIdOf(tenantId, 'party', idOf(of));
    const aside = '2026-05-10';
    const capacity = fact(
      'CapacityDeclared',
      { party: partners.a, month: '2026-05', availableMinutes: 600 },
      { at: aside, stream: partyOf(partners.a) },
    );
    const policy = fact(
      'PolicyPublished',
      { policyVersion: 1, effectiveFrom: '2026-05-10T00:00:00.000Z', thresholds: {} },
      { at: aside, stream: streamIdOf(tenantId, 'policy', 'policy') },
    );
    const own = fact('SolutionProposed', { offerId: 'o' }, { at: aside, stream });
    const offer = fact(
      'OfferPublished',
      { offerId: 'o', version: 1, components: [{ componentId: 'c', kind: 'base_licence' }], routes: ['direct'] },
      { at: aside, stream: streamIdOf(tenantId, 'offer', 'o') },
    );
    const api = await given(opened, won, toB, capacity, policy, own, offer);
    const asked = { from: '2026-05-02', to: '2026-05-15' };
    const typesFor = async (token: string) =>
      new Set((await changes(api, asked, token)).flatMap(({ events }) => events.map(({ type }) => type)));
    expect(await typesFor(vendor)).toEqual(
      new Set(['CapacityDeclared', 'PolicyPublished', 'SolutionProposed', 'OfferPublished']),
    );
    const toldB = await changes(api, asked, ofB);
    expect(toldB.length).toBeGreaterThan(0);
    expect(await typesFor(ofB)).toEqual(new Set(['SolutionProposed']));
    for (const { moreEvents } of toldB) expect(moreEvents).toBe(0);
  });

  test('sees no difference in a column that is not its own', async () => {
    const worth = (amount: string, at: string) =>
      fact('DealRevised', { value: { amount, currency: 'EUR' } }, { at, stream });
    const api = await given(opened, worth('10.00', '2026-03-02'), worth('99.00', '2026-04-01'), toB);
    const asked = { from: '2026-03-15', to: '2026-04-15', table: 'engagements' };
    const [seen] = await changes(api, asked);
    expect(seen?.columns.valueMinor).toEqual({ from: 1000, to: 9900 });
    for (const { columns } of await changes(api, asked, ofB)) expect(columns.valueMinor).toBeUndefined();
  });
});

test('wrong dates, an unknown clock and an unknown table are refused', async () => {
  const api = await given(opened);
  const reason = async (asked: Readonly<Record<string, string>>) => {
    const { status, body } = await api.get(vendor, 'changes', asked);
    return [status, body.reason];
  };
  const to = '2026-04-15';
  expect(await reason({ to })).toEqual([400, 'fromMissing']);
  expect(await reason({ from: '2026-03-01' })).toEqual([400, 'toMissing']);
  expect(await reason({ from: 'spring', to })).toEqual([400, 'fromNotAnInstant']);
  expect(await reason({ from: '2026-03-01', to: '2026-13-01' })).toEqual([400, 'toNotAnInstant']);
  expect(await reason({ from: '2026-03-01', to: '2027-01-01' })).toEqual([400, 'toInTheFuture']);
  expect(await reason({ from: to, to })).toEqual([400, 'datesInWrongOrder']);
  expect(await reason({ from: '2026-03-01', to, clock: 'wall' })).toEqual([400, 'clockUnknown']);
  expect(await reason({ from: '2026-03-01', to, table: 'partner_months' })).toEqual([400, 'tableUnknown']);
  expect(await reason({ from: '2026-03-01', to, asOf: to })).toEqual([400, 'parameterUnknown']);
  // Decades are as good a range as a day: what is folded is the same.
  expect((await api.get(vendor, 'changes', { from: '1970-01-01', to })).status).toBe(200);
});

test('a stream that cannot be read is named, and stops nothing', async () => {
  const other = fact('EngagementOpened', {}, { at: '2026-03-20', stream: streamIdOf(tenantId, 'engagement', 'e2') });
  const api = await given(opened, won, toB, other);
  await storedItems(engine, api.eventsTable).remove(stream, 2);
  const { body } = await (await createApi(engine, issuer, api)).get(vendor, 'changes', between);
  expect(body.unreadable).toEqual(['e1']);
  expect(z.array(z.looseObject({ engagementId: z.string() })).parse(body.items)[0]?.engagementId).toBe('e2');
});
