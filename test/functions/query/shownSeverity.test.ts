// Is a flag one step more severe wherever it is read, if its revenue stands in its partner's top quartile?
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, type Item, itemsOf, peopleOf } from '../../support/api.ts';
import { answeringOf } from '../../support/asking/answering.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { historyObserved } from '../../support/histories/observing.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { org, partyId } from '../../support/tabled.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let [vendor, ofP, ofQ] = ['', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofP, ofQ] = await Promise.all([people.vendor(), people.partner(partyId('p')), people.partner(partyId('q'))]);
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const at = (id: string) => streamIdOf(tenantId, 'engagement', id);

/** Won without an outcome (P1.1), with a subscription. */
const sold = (id: string, amountMinor: number): readonly Fact[] => {
  const stream = at(id);
  return [
    fact('EngagementOpened', { leadPartner: org('p'), customer: org(id) }, { at: '2026-01-01', stream }),
    fact('DealClosed', { result: 'won' }, { at: '2026-02-01', stream }),
    fact(
      'SubscriptionStarted',
      {
        ...{ subscriptionId: 's', price: { amountMinor, currency: 'EUR' }, billingPeriod: 'P1Y' },
        termStart: '2026-02-01T00:00:00.000Z',
      },
      { at: '2026-02-01', stream },
    ),
  ];
};

const eight = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8'];
const revenues = [100, 110, 120, 130, 140, 150, 160, 112 * 135];

const given = async (...more: readonly Fact[]): Promise<Api> => {
  const api = await createApi(engine, issuer);
  api.at('2026-02-02');
  await api.record(historyObserved(), ...eight.flatMap((id, index) => sold(id, revenues[index] ?? 0)));
  for (const each of more) {
    api.at(each.occurredAt);
    await api.record(each);
  }
  api.at('2026-03-01');
  await api.project();
  await api.rollUp();
  return api;
};

const severities = (items: readonly Item[]) =>
  Object.fromEntries(
    items.filter(({ rule }) => rule === 'P1.1').map(({ engagementId, severity }) => [String(engagementId), severity]),
  );
const expected = { ...Object.fromEntries(eight.map((id) => [id, 'medium'])), e7: 'high', e8: 'high' };

describe('the two largest of eight engagements', () => {
  let api: Api;
  beforeAll(async () => {
    api = await given();
  }, 60_000);

  it('have flags one step more severe, in every list and file', async () => {
    expect(severities(itemsOf(await api.get(vendor, 'flags')))).toEqual(expected);
    expect(severities(itemsOf(await api.get(vendor, 'flags', { status: 'open', rule: 'P1.1' })))).toEqual(expected);
    expect(severities(itemsOf(await api.get(vendor, 'tables/flags')))).toEqual(expected);
    expect(severities(itemsOf(await api.get(ofP, 'flags')))).toEqual(expected);
    const file = (await api.ask(vendor, 'tables/flags', { format: 'ndjson' })).body;
    const lines: readonly Item[] = file
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(severities(lines)).toEqual(expected);
    expect(lines.every(({ ruleSeverity }) => ruleSeverity === 'medium')).toBe(true);
  });

  it('have them so one by one, with their engagement, and as of a date, in the request or by a run', async () => {
    for (const [id, severity] of Object.entries(expected)) {
      const one = await api.get(vendor, `engagements/${id}`);
      expect([id, severities(itemsOf({ ...one, body: { items: one.body.flags } }))]).toEqual([id, { [id]: severity }]);
      expect(one.body.engagement).toMatchObject({ worstSeverity: severity });
    }
    const [flag] = itemsOf(await api.get(vendor, 'flags')).filter(({ engagementId }) => engagementId === 'e8');
    const read = { ruleSeverity: 'medium', severity: 'high' };
    expect((await api.get(vendor, `flags/${flag?.flagId}`)).body.flag).toMatchObject(read);
    const dated = { engagement: 'e8', asOf: '2026-02-20' };
    expect((await api.get(vendor, `flags/${flag?.flagId}`, dated)).body.flag).toMatchObject(read);
    expect(severities(itemsOf(await api.get(vendor, 'flags', { asOf: '2026-02-20' })))).toEqual(expected);
    const heads = itemsOf(await api.get(vendor, 'engagements'));
    expect(Object.fromEntries(heads.map((row) => [row.engagementId, row.worstSeverity]))).toEqual(expected);
    const long = await createApi(engine, issuer, { ...api, directly: 1 });
    long.at('2026-03-01');
    const begun = await long.get(vendor, 'flags', { asOf: '2026-02-20' });
    expect(begun.status).toBe(202);
    await answeringOf(engine, long).settle();
    expect(severities(itemsOf(await long.get(vendor, `runs/${begun.body.run}`)))).toEqual(expected);
  });
});

describe('the step', () => {
  const grown = fact(
    'SubscriptionChanged',
    { subscriptionId: 's', price: { amountMinor: 50_000, currency: 'EUR' } },
    { at: '2026-02-20', stream: at('e1') },
  );

  it('goes with the revenue, for open flags', async () => {
    const api = await given(grown);
    const shown = severities(itemsOf(await api.get(vendor, 'flags')));
    expect(shown).toEqual({ ...expected, e7: 'medium', e1: 'high' });
    const before = severities(itemsOf(await api.get(vendor, 'flags', { asOf: '2026-02-19' })));
    expect(before).toEqual(expected);
  });

  it('stays as it was when the flag was cleared', async () => {
    const agreed = (id: string, on: string) => fact('OutcomeAgreed', { outcomeId: 'o' }, { at: on, stream: at(id) });
    const api = await given(agreed('e7', '2026-02-19'), grown, agreed('e8', '2026-02-21'));
    const shown = severities(itemsOf(await api.get(vendor, 'flags', { status: 'cleared' })));
    expect(shown).toEqual({ e7: 'high', e8: 'high' });
    expect(severities(itemsOf(await api.get(vendor, 'flags', { status: 'open' })))).toMatchObject({ e1: 'high' });
  });

  it('is not told to a partner that may not see the revenue', async () => {
    const api = await given(
      fact('PartnerAssigned', { partner: org('q'), by: 'connection' }, { at: '2026-02-20', stream: at('e8') }),
    );
    const [flag] = itemsOf(await api.get(ofQ, 'flags'));
    expect(flag).toMatchObject({ engagementId: 'e8', severity: 'medium', arrAtRiskMinor: null });
    // The seven that stay: a quarter of them is one.
    expect(severities(itemsOf(await api.get(vendor, 'flags')))).toMatchObject({ e7: 'high', e8: 'medium' });
  });

  it('needs no more than is there: a table without rows shows what the rules say', async () => {
    const api = await createApi(engine, issuer);
    api.at('2026-02-02');
    await api.record(historyObserved(), ...sold('e1', 100));
    await api.project();
    expect(severities(itemsOf(await api.get(vendor, 'flags')))).toEqual({ e1: 'medium' });
  });
});
