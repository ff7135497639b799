// Are references and external ids taken wherever an id of an engagement or partner is, and are days counted when they are read?
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import {
  derivedEngagementOf,
  derivedPartyOf,
  identityStreamOf,
  parseStreamId,
  streamIdOf,
} from '../../../events/identifiers.ts';
import { engagementReference, partnerReference, salesforceId } from '../../../events/sources/externalIds.ts';
import { type Api, createApi, eventsOf, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, instant, tenantId } from '../../support/histories/events.ts';
import { historyObserved } from '../../support/histories/observing.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

// Real engines and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, byCode, byExternal, stranger] = ['', '', '', ''];

const full = (id: string): string => salesforceId(id) ?? id;
const org = full('00D000000000001');
const opportunity = { system: `salesforce:${org}`, kind: 'Opportunity', id: full('0065g00000AbCdE') };
const order = { system: `salesforce:${org}`, kind: 'Order', id: full('8015g00000AbCdE') };
const partner = { system: `salesforce:${org}`, kind: 'Account', id: full('0015g00000AbCdE') };
const stream = derivedEngagementOf(tenantId, opportunity);
const engagementId = parseStreamId(stream).id;
const northwind = partnerReference('NORTHWIND');
const partnerId = parseStreamId(derivedPartyOf(tenantId, northwind)).id;
const at = '2026-01-05';
const linked = (external: typeof order, to: typeof order) =>
  fact(
    'IdentityLinked',
    { external, to: { external: to }, reason: 'told' },
    { at, stream: identityStreamOf(tenantId, external) },
  );
const texts = {
  reference: 'ENG-2026-000417',
  slashed: 'ENG/2026/0417',
  external: `${opportunity.system}/${opportunity.kind}/${opportunity.id}`,
  short: `salesforce:${org.slice(0, 15)}/Opportunity/${opportunity.id.slice(0, 15)}`,
  order: `${order.system}/${order.kind}/${order.id}`,
  id: engagementId,
};

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, byCode, byExternal, stranger] = await Promise.all([
    people.vendor(),
    people.partner('NORTHWIND'),
    people.partner(`${partner.system}/${partner.kind}/${partner.id}`),
    people.partner('SOUTHWIND'),
  ]);
  api = await createApi(engine, issuer);
  await api.record(
    historyObserved(),
    fact('EngagementOpened', { leadPartner: northwind }, { at, stream }),
    fact(
      'SubscriptionStarted',
      { subscriptionId: 's', termStart: instant('2026-02-01'), termEnd: instant('2027-02-01') },
      { at: '2026-02-01', stream },
    ),
    fact('DealClosed', { result: 'won' }, { at: '2026-02-02', stream }),
    linked(engagementReference(texts.reference), opportunity),
    linked(engagementReference(texts.slashed), opportunity),
    linked(order, engagementReference(texts.reference)),
    linked(partner, northwind),
    fact('EngagementOpened', {}, { at, stream: streamIdOf(tenantId, 'engagement', 'other') }),
  );
  await api.project();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const encoded = (text: string): string => encodeURIComponent(text);
const Engagement = z.looseObject({ engagement: z.looseObject({ engagementId: z.string() }) });

test.each(Object.entries(texts))('an engagement is found by its %s', async (_, text) => {
  const { body, status } = await api.get(vendor, `engagements/${encoded(text)}`);
  expect([status, Engagement.safeParse(body).data?.engagement.engagementId]).toEqual([200, engagementId]);
  const events = await api.get(vendor, `engagements/${encoded(text)}/events`);
  expect(itemsOf(events).map(({ streamId }) => streamId)).toEqual([stream, stream, stream]);
  const asOf = await api.get(vendor, `engagements/${encoded(text)}`, { asOf: '2026-01-20' });
  expect(asOf.status).toBe(200);
});

test('a flag is found within an engagement that is named so, and what is unknown is a 404', async () => {
  const [flag] = itemsOf(await api.get(vendor, 'flags', { rule: 'P1.1' }));
  const asked = { engagement: texts.reference, asOf: '2026-06-01' };
  expect((await api.get(vendor, `flags/${flag?.flagId}`, asked)).status).toBe(200);
  for (const unknown of [
    'ENG-0',
    'stripe/subscription/sub_1',
    `${opportunity.system}/Opportunity/0065g00000ZbCdEAAV`,
  ]) {
    expect([unknown, (await api.get(vendor, `engagements/${encoded(unknown)}`)).status]).toEqual([unknown, 404]);
  }
});

test.each(['NORTHWIND', 'reference/partner/NORTHWIND', `${partner.system}/${partner.kind}/${partner.id}`, partnerId])(
  'the partner %s filters lists, tables and their files',
  async (named) => {
    for (const path of ['engagements', 'flags', 'tables/engagements', 'tables/subscriptions']) {
      const rows = itemsOf(await api.get(vendor, path, { partner: named }));
      expect([path, new Set(rows.map((row) => row.leadPartnerId))]).toEqual([path, new Set([partnerId])]);
    }
    const csv = await api.ask(vendor, 'tables/engagements', { partner: named, format: 'csv' });
    expect(csv.body.trim().split('\r\n')).toHaveLength(2);
  },
);

test('a partner that nobody knows has no rows', async () => {
  expect(itemsOf(await api.get(vendor, 'engagements', { partner: 'SOUTHWIND' }))).toEqual([]);
});

test('a token may name its partner so, and sees what that partner leads, and no more', async () => {
  for (const token of [byCode, byExternal]) {
    expect(itemsOf(await api.get(token, 'engagements')).map((row) => row.engagementId)).toEqual([engagementId]);
    expect((await api.get(token, `engagements/${texts.reference}`)).status).toBe(200);
    expect((await api.get(token, 'engagements/other')).status).toBe(404);
  }
  expect(itemsOf(await api.get(stranger, 'engagements'))).toEqual([]);
  expect((await api.get(stranger, `engagements/${texts.reference}`)).status).toBe(404);
});

test('a fact is recorded on the engagement that it names so, by the partner that leads it', async () => {
  const say = (token: string, engagement: string, key: string) =>
    api.post(token, { type: 'OutcomeAgreed', engagement, data: { outcomeId: key } }, key);
  for (const [index, text] of [texts.reference, texts.external, texts.order, engagementId].entries()) {
    const said = await say(byCode, text, `k${index}`);
    expect([said.status, eventsOf(said)[0]?.streamId]).toEqual([200, stream]);
  }
  const byReference = { type: 'OutcomeAgreed', reference: texts.slashed, data: { outcomeId: 'by reference' } };
  expect((await api.post(byCode, byReference, 'k8')).body).toMatchObject({ events: [{ reference: texts.slashed }] });
  const unknown = await say(vendor, 'stripe/subscription/sub_1', 'k9');
  expect([unknown.status, unknown.body.reason]).toEqual([404, 'engagementUnknown']);
  expect((await say(stranger, texts.reference, 'k10')).status).toBe(404);
});

test('the days to the renewal count from the day of the question, in every answer and format', async () => {
  const days = async (now: string): Promise<readonly unknown[]> => {
    api.at(now);
    const asked = { rule: 'P1.1' };
    const [flag] = itemsOf(await api.get(vendor, 'flags', asked));
    const explained = z
      .looseObject({ flag: z.looseObject({}) })
      .parse((await api.get(vendor, `flags/${flag?.flagId}`)).body);
    const one = z
      .looseObject({ flags: z.array(z.looseObject({ flagId: z.string() })) })
      .parse((await api.get(vendor, `engagements/${engagementId}`)).body);
    const csv = await api.ask(vendor, 'tables/flags', { format: 'csv' });
    const ndjson = await api.ask(vendor, 'tables/flags', { format: 'ndjson' });
    const lines = z.array(z.record(z.string(), z.string())).parse(parse(csv.body, { columns: true }));
    const rows = z.array(z.looseObject({})).parse(
      ndjson.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    const same = [
      flag,
      explained.flag,
      one.flags.find(({ flagId }) => flagId === flag?.flagId),
      lines.find(({ flagId }) => flagId === flag?.flagId),
      rows.find(({ flagId }) => flagId === flag?.flagId),
    ].map((row) => Number(row?.leadDaysToRenewal));
    return [...new Set(same), flag?.leadDaysAtRaising];
  };
  expect(await days('2026-12-01')).toEqual([62, 363]);
  expect(await days('2027-01-31')).toEqual([1, 363]);
  expect(await days('2027-02-03')).toEqual([-2, 363]);
  const [then] = z
    .looseObject({ flags: z.array(z.looseObject({ rule: z.string() })) })
    .parse((await api.get(vendor, `engagements/${engagementId}`, { asOf: '2026-06-01' })).body)
    .flags.filter(({ rule }) => rule === 'P1.1');
  expect(then?.leadDaysToRenewal).toBe(245);
});
