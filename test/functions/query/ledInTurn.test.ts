// What does a partner see of the time before it led, and what of its own time, to the instant?
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { rowFor } from '../../../functions/query/visibility/partnerView.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type FactOptions, fact, tenantId } from '../../support/histories/events.ts';
import { idOf, partners } from '../../support/histories/ledInTurn.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let [ofA, ofB, vendor] = ['', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [ofA, ofB, vendor] = await Promise.all([
    people.partner(idOf(partners.a)),
    people.partner(idOf(partners.b)),
    people.vendor(),
  ]);
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const stream = streamIdOf(tenantId, 'engagement', 'e');
const change = '2026-03-01T12:00:00.000Z';
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const opened = (at = '2026-01-01') =>
  fact('EngagementOpened', { leadPartner: partners.a, customer: partners.c }, { at, stream });
const toB = (at: string = change) => fact('PartnerAssigned', { partner: partners.b, by: 'connection' }, { at, stream });
const worth = (amount: string, at: string) =>
  fact('DealRevised', { value: { amount, currency: 'EUR' } }, { at, stream });
const started = (subscriptionId: string, amount: number, at: string) =>
  fact(
    'SubscriptionStarted',
    { subscriptionId, price: eur(amount), billingPeriod: 'P1Y', termStart: `${at}T00:00:00.000Z` },
    { at, stream },
  );
const priced = (subscriptionId: string, amount: number, at: string) =>
  fact('SubscriptionChanged', { subscriptionId, price: eur(amount) }, { at, stream });
const won = (at: string) => fact('DealClosed', { result: 'won' }, { at, stream });

const saidBy = (said: Fact, party: typeof partners.a): Fact => ({
  ...said,
  saidBy: { role: 'partner', partyId: idOf(party) },
});

/** An API in which these facts are recorded, each when it occurred, and whose rows are up to date. */
const given = async (...facts: readonly Fact[]): Promise<Api> => {
  const api = await createApi(engine, issuer);
  for (const each of facts) {
    api.at(each.occurredAt);
    await api.record(each);
  }
  api.at('2026-09-01');
  await api.project();
  await api.rollUp();
  return api;
};

const headFor = async (api: Api, token: string, asked: Readonly<Record<string, string>> = {}) =>
  (await api.get(token, 'engagements/e', asked)).body.engagement;

describe('the value of a deal', () => {
  it.each([
    ['just before the change is the old partner’s', '2026-03-01T11:59:59.999Z', null],
    ['at the change is the new partner’s: it leads from that instant on', change, 4242],
    ['after the change is the new partner’s', '2026-03-01T12:00:00.001Z', 4242],
  ])('%s', async (_case, at, seen) => {
    const api = await given(opened(), toB(), worth('42.42', at));
    expect(await headFor(api, ofB)).toMatchObject({
      valueMinor: seen,
      valueReason: seen === null ? 'not_yours' : null,
    });
    const events = itemsOf(await api.get(ofB, 'engagements/e/events'));
    const value = events.find(({ type }) => type === 'DealRevised')?.data;
    expect(value).toMatchObject({ value: seen === null ? null : { amount: '42.42' } });
    expect(await headFor(api, vendor)).toMatchObject({
      valueMinor: 4242,
      valueSeenBy: [idOf(seen === null ? partners.a : partners.b)],
    });
  });

  it('that a partner said itself stays its own', async () => {
    const api = await given(opened(), saidBy(worth('42.42', '2026-02-01'), partners.b), toB());
    expect(await headFor(api, ofB)).toMatchObject({ valueMinor: 4242 });
  });

  it('is the old partner’s still if only its currency is said anew', async () => {
    const currency = fact('DealRevised', { currency: 'USD' }, { at: '2026-04-01', stream });
    const api = await given(opened(), worth('42.42', '2026-02-01'), toB(), currency);
    expect(await headFor(api, ofB)).toMatchObject({ valueMinor: null, valueCurrency: null, valueReason: 'not_yours' });
  });
});

describe('revenue', () => {
  const own = [opened(), won('2026-01-05'), started('s', 4242, '2026-01-10'), toB()];

  it('from the old partner’s price is hidden in every row, format and answer', async () => {
    const api = await given(...own);
    const [flag] = itemsOf(await api.get(ofB, 'flags'));
    expect(flag).toMatchObject({ arrAtRiskMinor: null, arrAtRiskReason: 'not_yours', reason: 'not_yours' });
    const one = await api.get(ofB, `flags/${flag?.flagId}`);
    expect(one.body.flag).toEqual(flag);
    const texts = [
      JSON.stringify(await api.get(ofB, 'engagements/e')),
      JSON.stringify(await api.get(ofB, 'engagements/e', { asOf: '2026-02-01', clock: 'recorded' })),
      JSON.stringify(await api.get(ofB, 'engagements/e/events')),
    ];
    for (const table of ['engagements', 'subscriptions', 'arr_steps', 'flags', 'customer_months', 'partner_months']) {
      for (const format of ['json', 'csv', 'ndjson'])
        texts.push((await api.ask(ofB, `tables/${table}`, { format })).body);
    }
    for (const text of texts) expect(text).not.toMatch(/(?<!\d)4242(?!\d)/);
    expect(JSON.stringify(await api.get(vendor, 'tables/partner_months'))).toContain('4242');
  });

  it('is hidden whole if one of its prices is the old partner’s, and shown once no such price counts', async () => {
    const both = await given(...own, started('t', 100, '2026-04-01'));
    expect(await headFor(both, ofB)).toMatchObject({ arrMinor: null, arrReason: 'not_yours' });
    const replaced = await given(...own, started('t', 100, '2026-04-01'), priced('s', 200, '2026-05-10'));
    expect(await headFor(replaced, ofB)).toMatchObject({ arrMinor: 300, arrReason: null });
    const months = itemsOf(await replaced.get(ofB, 'tables/partner_months', { limit: '1000' })).filter(
      ({ measure }) => measure === 'money',
    );
    const ends = months.map(({ month, endMinor, amountReason }) => [month, endMinor, amountReason]);
    expect(ends).toEqual([
      ['2026-03', null, 'not_yours'],
      ['2026-04', null, 'not_yours'],
      ['2026-05', null, 'not_yours'],
      ['2026-06', 300, null],
      ['2026-07', 300, null],
      ['2026-08', 300, null],
      ['2026-09', 300, null],
    ]);
    expect(months.at(-1)).toMatchObject({ nrr: null, nrrReason: 'not_yours', windowTransferInMinor: null });
  });
});

describe('an earlier date', () => {
  it('shows a new partner no more than today, and a former one nothing', async () => {
    const api = await given(opened(), worth('42.42', '2026-02-01'), toB(), worth('99.99', '2026-04-01'));
    for (const clock of ['occurred', 'recorded']) {
      expect(await headFor(api, ofB, { asOf: '2026-02-15', clock })).toMatchObject({
        leadPartnerId: idOf(partners.a),
        valueMinor: null,
      });
      expect(await headFor(api, ofB, { asOf: '2026-05-01', clock })).toMatchObject({ valueMinor: 9999 });
      expect(await api.get(ofA, 'engagements/e', { asOf: '2026-02-15', clock })).toMatchObject({ status: 404 });
    }
  });

  it('gives no part that was corrected since: what was recorded then said that it led', async () => {
    const api = await given(opened(), worth('42.42', '2026-02-01'));
    api.at('2026-06-01');
    // Only now it becomes known that the other partner led from January to May.
    const early = fact('PartnerAssigned', { partner: partners.b, by: 'connection' }, { at: '2026-01-15', stream });
    const back = fact('PartnerAssigned', { partner: partners.a, by: 'connection' }, { at: '2026-05-01', stream });
    await api.record(early, back);
    api.at('2026-09-01');
    await api.project();
    expect(await headFor(api, ofA)).toMatchObject({ valueMinor: null, valueReason: 'not_yours' });
    const then = { asOf: '2026-03-01', clock: 'recorded' };
    expect(await headFor(api, vendor, then)).toMatchObject({ valueMinor: 4242, valueSeenBy: [idOf(partners.a)] });
    expect(await headFor(api, ofA, then)).toMatchObject({ valueMinor: null, valueReason: 'not_yours' });
  });
});

describe('what a former partner still holds', () => {
  it('is worth nothing: cursors, ids of flags, and rows that are behind their stream', async () => {
    const api = await given(opened(), worth('1.00', '2026-01-02'), won('2026-01-05'));
    const [flag] = itemsOf(await api.get(ofA, 'flags'));
    const cursors: Readonly<Record<string, unknown>> = {
      'engagements/e/events': (await api.get(ofA, 'engagements/e/events', { limit: '1' })).body.cursor,
      flags: (await api.get(ofA, 'flags', { limit: '1' })).body.cursor,
    };
    expect(Object.values(cursors).filter((cursor) => typeof cursor === 'string').length).toBeGreaterThan(0);
    await api.record(toB(), worth('42.42', '2026-04-01'));
    // The rows still name the old partner.
    for (const path of ['engagements/e', 'engagements/e/events', `flags/${flag?.flagId}`]) {
      expect(await api.get(ofA, path), path).toMatchObject({ status: 404 });
    }
    await api.project();
    for (const [path, cursor] of Object.entries(cursors)) {
      if (typeof cursor !== 'string') continue;
      const answer = await api.get(ofA, path, { cursor, limit: '1' });
      expect(answer.status === 404 || itemsOf(answer).length === 0, path).toBe(true);
    }
    expect(await api.get(ofA, `flags/${flag?.flagId}`)).toMatchObject({ status: 404 });
  });
});

it('a partner that opens an engagement anew, at an earlier date, sees no more of what was said before it led', async () => {
  const options: FactOptions = { at: '2026-01-02', stream };
  const claim = saidBy(fact('EngagementOpened', { leadPartner: partners.b }, options), partners.b);
  const api = await given(opened(), worth('42.42', '2026-02-01'), toB(), { ...claim });
  expect(await headFor(api, ofB)).toMatchObject({ leadPartnerId: idOf(partners.b), valueMinor: null });
  expect(JSON.stringify(await api.get(ofB, 'engagements/e/events'))).not.toContain('42.42');
});

it('of an event that somebody else said, a partner sees neither its person nor its source', async () => {
  const said = {
    ...worth('42.42', '2026-02-01'),
    actor: 'vera',
    saidBy: { role: 'vendor' as const },
    source: 'people:vera',
  };
  const api = await given(opened(), saidBy(worth('1.00', '2026-01-15'), partners.a), said);
  const [, own, others] = itemsOf(await api.get(ofA, 'engagements/e/events'));
  expect(own).toMatchObject({
    saidBy: { role: 'partner', partyId: idOf(partners.a) },
    data: { value: { amount: '1.00' } },
  });
  expect(own).not.toHaveProperty('reason');
  expect(others).toMatchObject({ source: null, sourceEventId: null, causationId: null, reason: 'not_yours' });
  expect(JSON.stringify(others)).not.toContain('vera');
  for (const field of ['actor', 'saidBy', 'sourceSeq', 'connectionCurrency']) expect(others).not.toHaveProperty(field);
});

it('a row of an older release, which does not say who may see its amounts, shows them to the vendor alone', () => {
  const row = { rowKey: 'e', leadPartnerId: 'p', valueMinor: 4242, valueReason: null, valueSeenBy: null };
  const caller = { tenantId, subject: 'paul', role: 'partner' as const, partnerId: 'p' };
  expect(rowFor(caller, 'engagements', row)).toMatchObject({ valueMinor: null, valueReason: 'not_yours' });
  expect(rowFor({ ...caller, role: 'vendor', partnerId: undefined }, 'engagements', row)).toBe(row);
});
