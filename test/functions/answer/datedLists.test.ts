// Do lists and tables answer what they held on an earlier date, filtered as things were then, to whom may see it now?
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
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

const engagement = (id: string) => streamIdOf(tenantId, 'engagement', id);
const opened = (id: string, at: string, leadPartner: typeof partners.a = partners.a): Fact =>
  fact('EngagementOpened', { leadPartner, customer: partners.c }, { at, stream: engagement(id) });
const won = (id: string, at: string) => fact('DealClosed', { result: 'won' }, { at, stream: engagement(id) });
const toB = (id: string, at: string) =>
  fact('PartnerAssigned', { partner: partners.b, by: 'connection' }, { at, stream: engagement(id) });

/** Facts, each recorded when it occurred unless it names a later day, and then the rows of September. */
const given = async (facts: readonly (Fact | readonly [Fact, string])[]): Promise<Api> => {
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

const idsIn = (items: readonly Readonly<Record<string, unknown>>[]) => items.map(({ engagementId }) => engagementId);

describe('every list of an earlier date', () => {
  test('is what it was when that date was now', async () => {
    const api = await createApi(engine, issuer);
    const days: readonly (readonly [string, readonly Fact[]])[] = [
      [
        '2026-03-01',
        [
          opened('e1', '2026-03-01'),
          opened('e2', '2026-03-01', partners.b),
          fact(
            'PartyRegistered',
            { party: partners.a, roles: ['msp'] },
            { at: '2026-03-01', stream: streamIdOf(tenantId, 'party', idOf(partners.a)) },
          ),
          fact(
            'OfferPublished',
            { offerId: 'o', version: 1, components: [{ componentId: 'c', kind: 'base_licence' }], routes: ['direct'] },
            { at: '2026-03-01', stream: streamIdOf(tenantId, 'offer', 'o') },
          ),
        ],
      ],
      ['2026-03-10', [won('e1', '2026-03-10')]],
      [
        '2026-04-01',
        [
          opened('e3', '2026-04-01'),
          toB('e1', '2026-04-01'),
          // A partner dates its own offer back: it counts from when it was recorded.
          fact(
            'OfferPublished',
            {
              ...{ offerId: 'own', version: 1, ownerPartner: partners.a, routes: ['direct'] },
              components: [{ componentId: 'c', kind: 'base_licence' }],
            },
            {
              ...{ at: '2026-03-05', stream: streamIdOf(tenantId, 'offer', 'own') },
              saidBy: { role: 'partner', partyId: idOf(partners.a) },
            },
          ),
        ],
      ],
      [
        '2026-05-01',
        [
          fact(
            'OfferPublished',
            {
              offerId: 'o',
              version: 2,
              components: [{ componentId: 'c', kind: 'base_licence' }],
              routes: ['marketplace'],
            },
            { at: '2026-05-01', stream: streamIdOf(tenantId, 'offer', 'o') },
          ),
        ],
      ],
    ];
    const asked = [
      ['engagements', {}],
      ['engagements', { stage: 'procure' }],
      ['engagements', { partner: idOf(partners.b) }],
      ['engagements', { flag: 'P3.1' }],
      ['flags', { status: 'open' }],
      ...['engagements', 'flags', 'stage_history', 'deadlines', 'offers', 'parties'].map((table) => [
        `tables/${table}`,
        {},
      ]),
    ] as readonly (readonly [string, Readonly<Record<string, string>>])[];
    const listed = async (extra: Readonly<Record<string, string>> = {}) =>
      await Promise.all(
        asked.map(async ([path, words]) => (await api.all(vendor, path, { ...words, ...extra })).items),
      );
    const before = new Map<string, Awaited<ReturnType<typeof listed>>>();
    for (const [day, facts] of days) {
      api.at(day);
      await api.record(...facts);
      await api.project();
      before.set(day, await listed());
    }
    api.at('2026-09-01');
    await api.project();
    for (const clock of ['occurred', 'recorded']) {
      for (const [asOf, then] of before) expect(await listed({ asOf, clock }), `${clock} ${asOf}`).toEqual(then);
    }
  });
});

describe('a list of a date', () => {
  test('pages by its own cursor, in files too, and names its clock', async () => {
    const api = await given(['e1', 'e2', 'e3', 'e4', 'e5'].map((id) => opened(id, '2026-03-01')));
    const asOf = '2026-04-01T00:00:00Z';
    const whole = await api.get(vendor, 'engagements', { asOf });
    expect(whole.body).toMatchObject({ asOf: '2026-04-01T00:00:00.000Z', clock: 'occurred', unreadable: [] });
    const paged = await api.all(vendor, 'engagements', { asOf, limit: '2' });
    expect(paged.items).toEqual(itemsOf(whole));
    expect(paged.pages).toEqual([2, 2, 1]);
    const first = await api.ask(vendor, 'tables/engagements', { asOf, format: 'csv', limit: '3' });
    const cursor = first.headers['x-next-cursor'] ?? '';
    const second = await api.ask(vendor, 'tables/engagements', { asOf, format: 'csv', limit: '3', cursor });
    expect(`${first.body}${second.body}`.trim().split('\n')).toHaveLength(6);
    expect(first.headers['x-as-of']).toBe('2026-04-01T00:00:00.000Z');
    const { cursor: own } = (await api.get(vendor, 'engagements', { asOf, limit: '2' })).body;
    const other = await api.get(vendor, 'engagements', { asOf: '2026-04-02', limit: '2', cursor: String(own) });
    expect([other.status, other.body.reason]).toEqual([400, 'cursorNotOfThisQuery']);
  });

  test('is filtered as things were then', async () => {
    const api = await given([opened('e1', '2026-03-01'), won('e1', '2026-04-01'), toB('e1', '2026-05-01')]);
    const ids = async (asked: Readonly<Record<string, string>>) =>
      idsIn((await api.all(vendor, 'engagements', asked)).items);
    expect(await ids({ asOf: '2026-03-15', stage: 'sell' })).toEqual(['e1']);
    expect(await ids({ asOf: '2026-03-15', stage: 'procure' })).toEqual([]);
    expect(await ids({ asOf: '2026-04-15', partner: idOf(partners.a) })).toEqual(['e1']);
    expect(await ids({ asOf: '2026-05-15', partner: idOf(partners.a) })).toEqual([]);
    expect(await ids({ asOf: '2026-02-01' })).toEqual([]);
  });

  test('differs between the clocks by what came late', async () => {
    const api = await given([opened('e1', '2026-03-01'), [won('e1', '2026-04-01'), '2026-06-01']]);
    const stage = async (clock: string) =>
      itemsOf(await api.get(vendor, 'engagements', { asOf: '2026-05-01', clock }))[0]?.stage;
    expect([await stage('occurred'), await stage('recorded')]).toEqual(['procure', 'sell']);
  });

  test('is refused where the date is none, or lies ahead, and for months', async () => {
    const api = await given([opened('e1', '2026-03-01')]);
    const reason = async (path: string, asked: Readonly<Record<string, string>>) => {
      const { status, body } = await api.get(vendor, path, asked);
      return [status, body.reason];
    };
    for (const path of ['engagements', 'flags', 'tables/flags']) {
      expect(await reason(path, { asOf: 'spring' })).toEqual([400, 'asOfNotAnInstant']);
      expect(await reason(path, { asOf: '2027-01-01' })).toEqual([400, 'asOfInTheFuture']);
      expect(await reason(path, { clock: 'recorded' })).toEqual([400, 'clockWithoutAsOf']);
      expect(await reason(path, { asOf: '2026-04-01', clock: 'wall' })).toEqual([400, 'clockUnknown']);
    }
    expect(await reason('tables/flags', { asOf: 'spring', format: 'csv' })).toEqual([400, 'asOfNotAnInstant']);
    expect(await reason('tables/partner_months', { asOf: '2026-04-01' })).toEqual([400, 'parameterUnknown']);
  });
});

describe('a partner', () => {
  test('sees what it leads now, whatever the date, and nothing of what it led then', async () => {
    const api = await given([opened('e1', '2026-03-01'), opened('e2', '2026-03-01'), toB('e1', '2026-05-01')]);
    const ids = async (token: string, asked: Readonly<Record<string, string>> = {}) =>
      idsIn((await api.all(token, 'engagements', { asOf: '2026-04-01', ...asked })).items);
    expect(await ids(ofA)).toEqual(['e2']);
    expect(await ids(ofB)).toEqual(['e1']);
    expect(await ids(ofA, { partner: idOf(partners.b) })).toEqual([]);
    expect(await ids(ofB, { partner: idOf(partners.a) })).toEqual([]);
    expect(await ids(ofB, { partner: idOf(partners.b) })).toEqual([]);
    expect(await ids(vendor)).toEqual(['e1', 'e2']);
  });

  test('whose row is behind its stream sees nothing of what it leads no more', async () => {
    const api = await given([opened('e1', '2026-03-01')]);
    await api.record(toB('e1', '2026-08-01'));
    expect((await api.all(ofA, 'engagements', { asOf: '2026-04-01' })).items).toEqual([]);
    expect((await api.all(ofB, 'engagements', { asOf: '2026-04-01' })).items).toEqual([]);
  });

  test('of another tenant finds none', async () => {
    const api = await given([opened('e1', '2026-03-01')]);
    const stranger = await peopleOf(issuer).vendor({ tenant: 'others' });
    expect((await api.all(stranger, 'engagements', { asOf: '2026-04-01' })).items).toEqual([]);
  });
});

test('a stream that cannot be read is named, and stops nothing', async () => {
  const api = await given([
    opened('e1', '2026-03-01'),
    won('e1', '2026-03-02'),
    toB('e1', '2026-03-03'),
    opened('e2', '2026-03-01'),
  ]);
  await storedItems(engine, api.eventsTable).remove(engagement('e1'), 2);
  const { status, body } = await (await createApi(engine, issuer, api)).get(vendor, 'engagements', {
    asOf: '2026-04-01',
  });
  expect(status).toBe(200);
  expect(body.unreadable).toEqual(['e1']);
  expect(idsIn(itemsOf({ status, body, contentType: '' }))).toEqual(['e2']);
  for (const format of ['csv', 'ndjson']) {
    const asked = { asOf: '2026-04-01', format };
    const file = await (await createApi(engine, issuer, api)).ask(vendor, 'tables/engagements', asked);
    expect([file.statusCode, file.headers['x-unreadable']]).toEqual([200, '["e1"]']);
    const whole = await (await createApi(engine, issuer, api)).ask(vendor, 'tables/offers', asked);
    expect(whole.headers['x-unreadable']).toBeUndefined();
  }
});
