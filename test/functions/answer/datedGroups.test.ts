// Do the flags of partners, and the thresholds of their top quartiles, stand as of a date as they stood when that date was now?
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { answeringOf } from '../../support/asking/answering.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { historyObserved } from '../../support/histories/observing.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { org, partyId } from '../../support/tabled.ts';

// A real engine, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofP, ofQ] = ['', '', ''];

const tables = ['partner_flags', 'arr_quartiles'] as const;
type Rows = readonly Readonly<Record<string, unknown>>[];
/** What stood on each day, read on that day. */
const stood = new Map<string, Rows>();
const [before, raised, dismissed, late] = ['2026-02-05', '2026-02-08', '2026-02-12', '2026-03-10'];

const stream = (id: string): string => streamIdOf(tenantId, 'engagement', id);
/** A win without an offer, with revenue: six of them are P2.6 of the partner, and four have a top quartile. */
const win = (index: number): readonly Fact[] => [
  fact('EngagementOpened', { leadPartner: org('p') }, { at: '2026-01-01', stream: stream(`e${index}`) }),
  fact('DealClosed', { result: 'won' }, { at: `2026-02-0${index + 1}`, stream: stream(`e${index}`) }),
  fact(
    'SubscriptionStarted',
    {
      ...{ subscriptionId: 's', kind: 'base_licence', termStart: `2026-02-0${index + 1}T00:00:00.000Z` },
      ...{ price: { amountMinor: 1000 * (index + 1), currency: 'EUR' }, billingPeriod: 'P1Y' },
    },
    { at: `2026-02-0${index + 1}`, stream: stream(`e${index}`) },
  ),
];

const read = async (token: string, table: string, asked: Readonly<Record<string, string>> = {}) =>
  (await api.all(token, `tables/${table}`, asked)).items;

const live = async (day: string, ...facts: readonly Fact[]): Promise<void> => {
  api.at(day);
  await api.record(...facts);
  await api.project();
  await api.rollUp();
  for (const table of tables) stood.set(`${table} ${day}`, await read(vendor, table));
};

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofP, ofQ] = await Promise.all([people.vendor(), people.partner(partyId('p')), people.partner(partyId('q'))]);
  api = await createApi(engine, issuer);
  await live(before, historyObserved(), ...[0, 1, 2, 3].flatMap(win));
  await live(raised, ...[4, 5].flatMap(win));
  const flagId = String(stood.get(`partner_flags ${raised}`)?.[0]?.flagId);
  const ofParty = streamIdOf(tenantId, 'party', partyId('p'));
  await live(
    dismissed,
    fact('FlagDismissed', { flagId, reason: 'known' }, { at: '2026-02-12', stream: ofParty }),
    fact('PartnerAssigned', { partner: org('q'), by: 'connection' }, { at: '2026-02-11', stream: stream('e5') }),
  );
  // Said late: one of the deals was lost, so it is no win of P2.6.
  await live(late, fact('DealClosed', { result: 'lost' }, { at: '2026-02-02', stream: stream('e1') }));
  api.at('2026-04-01');
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

test('on the recorded clock they are what they were when that date was now, in the request and as a run', async () => {
  expect(stood.get(`partner_flags ${before}`)).toEqual([]);
  expect(stood.get(`partner_flags ${raised}`)).toMatchObject([{ rule: 'P2.6', status: 'open' }]);
  expect(stood.get(`partner_flags ${dismissed}`)).toMatchObject([{ rule: 'P2.6', status: 'dismissed' }]);
  expect(stood.get(`arr_quartiles ${raised}`)?.length).toBeGreaterThan(1);
  const few = await createApi(engine, issuer, { ...api, directly: 0 });
  const answering = answeringOf(engine, few);
  for (const [key, rows] of stood) {
    const [table = '', day = ''] = key.split(' ');
    const asked = { asOf: `${day}T12:00:00Z`, clock: 'recorded' };
    expect(await read(vendor, table, { ...asked, limit: '1' }), key).toEqual(rows);
    if (day !== dismissed) continue;
    const begun = await few.get(vendor, `tables/${table}`, asked);
    expect(begun.status, key).toBe(202);
    await answering.settle();
    const run = await few.all(vendor, `runs/${begun.body.run}`, { limit: '1' });
    expect(run.items, key).toEqual(rows);
  }
});

test('a partner sees its own groups by what happened, also of what another leads now, and not by what was recorded', async () => {
  for (const table of tables) {
    const asked = { asOf: `${dismissed}T12:00:00Z` };
    const own = await read(ofP, table, asked);
    expect(own.map(({ rowKey }) => rowKey)).toEqual((await read(vendor, table, asked)).map(({ rowKey }) => rowKey));
    expect(await read(ofQ, table, asked)).toEqual([]);
    const refused = await api.get(ofP, `tables/${table}`, { ...asked, clock: 'recorded' });
    expect([refused.status, refused.body.reason]).toEqual([403, 'vendorsOnly']);
  }
  const [quartile] = await read(ofP, 'arr_quartiles', { asOf: `${dismissed}T12:00:00Z` });
  expect(quartile).toMatchObject({ partnerId: partyId('p'), arrMinor: null });
});

test('tables of months take no date yet', async () => {
  const refused = await api.get(vendor, 'tables/partner_months', { asOf: before });
  expect([refused.status, refused.body.reason]).toEqual([400, 'parameterUnknown']);
});
