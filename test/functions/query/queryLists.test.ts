// Is every list complete, with every filter and page by page, without a lost or repeated row?
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derivedPartyOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { historyObserved } from '../../support/histories/observing.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const partners = ['A', 'B', 'C'].map((letter) => ({ system: 'erp', kind: 'account', id: letter }));
const [a = '', b = ''] = partners.map((partner) => parseStreamId(derivedPartyOf(tenantId, partner)).id);

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofA, ofB, ofRival] = ['', '', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofA, ofB, ofRival] = await Promise.all([
    people.vendor(),
    people.partner(a),
    people.partner(b),
    people.vendor({ tenant: 'rival' }),
  ]);
  api = await createApi(engine, issuer);
  await api.record(historyObserved());
  for (let number = 0; number < 40; number += 1) {
    const stream = streamIdOf(tenantId, 'engagement', `e${String(number).padStart(2, '0')}`);
    const leadPartner = partners[number % 3];
    await api.record(
      fact('EngagementOpened', leadPartner === undefined ? {} : { leadPartner }, { at: '2026-03-01', stream }),
    );
    // Won without an outcome: P1.1 opens. Every fourth engagement clears it.
    if (number % 2 === 0) await api.record(fact('DealClosed', { result: 'won' }, { at: '2026-03-10', stream }));
    if (number % 4 === 0) await api.record(fact('OutcomeAgreed', { outcomeId: 'o' }, { at: '2026-03-12', stream }));
  }
  await api.project();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const lists: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['engagements', {}],
  ['engagements', { stage: 'procure' }],
  ['engagements', { partner: a }],
  ['engagements', { flag: 'P1.1' }],
  ['flags', {}],
  ['flags', { status: 'open', pattern: 'toolsInsteadOfOutcomes' }],
  ['flags', { status: 'cleared', rule: 'P1.1' }],
  ['tables/stage_history', {}],
  ['tables/flags', { partner: b }],
];

describe('a list', () => {
  test('with any filter is complete at any limit, with each row once and always in the same order', async () => {
    const whole = new Map<string, readonly unknown[]>();
    for (const [path, asked] of lists) {
      const { items } = await api.all(vendor, path, { ...asked, limit: '1000' });
      expect(items.length, path).toBeGreaterThan(0);
      whole.set(JSON.stringify([path, asked]), items);
    }
    const limits = fc.integer({ min: 1, max: 45 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...lists), limits, async ([path, asked], limit) => {
        const { items, pages } = await api.all(vendor, path, { ...asked, limit: String(limit) });
        expect(items).toEqual(whole.get(JSON.stringify([path, asked])));
        expect(Math.max(...pages)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  const count = async (token: string, path: string, asked: Readonly<Record<string, string>> = {}) =>
    (await api.all(token, path, asked)).items.length;

  test('holds the rows that match its filters', async () => {
    expect(await count(vendor, 'engagements')).toBe(40);
    expect(await count(vendor, 'engagements', { partner: a })).toBe(14);
    expect(await count(vendor, 'engagements', { stage: 'procure' })).toBe(20);
    expect(await count(vendor, 'engagements', { stage: 'procure', partner: a })).toBe(7);
    expect(await count(vendor, 'engagements', { flag: 'P1.1' })).toBe(10);
    expect(await count(vendor, 'engagements', { flag: 'toolsInsteadOfOutcomes', partner: b })).toBe(3);
    expect(await count(vendor, 'flags', { rule: 'P1.1', status: 'open' })).toBe(10);
    expect(await count(vendor, 'flags', { rule: 'P1.1', status: 'cleared' })).toBe(10);
    expect(await count(vendor, 'flags', { rule: 'P1.1' })).toBe(20);
    expect(await count(ofA, 'engagements')).toBe(14);
    expect(await count(ofA, 'engagements', { partner: b })).toBe(0);
    expect(await count(ofRival, 'engagements')).toBe(0);
  });
});

describe('a cursor', () => {
  const cursorOf = async (token: string, path: string, asked: Readonly<Record<string, string>> = {}) => {
    const { body } = await api.get(token, path, { ...asked, limit: '3' });
    return String(body.cursor);
  };
  const notIts = { status: 400, body: { reason: 'cursorNotOfThisQuery' } };

  test('is valid with another limit, but with no other change of the request', async () => {
    const cursor = await cursorOf(vendor, 'engagements');
    expect(await api.get(vendor, 'engagements', { cursor, limit: '7' })).toMatchObject({ status: 200 });
    expect(await api.get(vendor, 'engagements', { cursor, partner: a })).toMatchObject(notIts);
    expect(await api.get(vendor, 'tables/engagements', { cursor, format: 'json' })).toMatchObject(notIts);
    expect(await api.get(vendor, 'flags', { cursor })).toMatchObject(notIts);
    expect(await api.get(ofRival, 'engagements', { cursor })).toMatchObject(notIts);
    expect(await api.get(ofA, 'engagements', { cursor })).toMatchObject(notIts);
    expect(await api.get(ofB, 'engagements', { cursor: await cursorOf(ofA, 'engagements') })).toMatchObject(notIts);
    for (const made of ['', 'x', cursor.slice(1)]) {
      expect(await api.get(vendor, 'engagements', { cursor: made })).toMatchObject(notIts);
    }
  });
});

describe('400 and 404 name what is wrong', () => {
  const wrong: readonly (readonly [string, Readonly<Record<string, string>>, number, string, string])[] = [
    ['engagements', { colour: 'red' }, 400, 'parameterUnknown', 'colour'],
    ['engagements', { stage: 'sold' }, 400, 'stageUnknown', 'procure'],
    ['engagements', { flag: 'P9.9' }, 400, 'flagUnknown', 'P1.1'],
    ['engagements', { limit: '0' }, 400, 'limitOutOfRange', '1000'],
    ['engagements', { limit: '1001' }, 400, 'limitOutOfRange', '1000'],
    ['engagements', { limit: 'ten' }, 400, 'limitOutOfRange', 'ten'],
    ['flags', { pattern: 'bad' }, 400, 'patternUnknown', 'unclearHandoffs'],
    ['flags', { rule: 'P9.9' }, 400, 'ruleUnknown', 'P1.1'],
    ['flags', { status: 'closed' }, 400, 'statusUnknown', 'cleared'],
    ['tables/flags', { format: 'xml' }, 400, 'formatUnknown', 'json, csv, ndjson'],
    ['tables/flags', { status: 'open' }, 400, 'parameterUnknown', 'partner'],
    ['tables/people', {}, 404, 'notFound', 'stage_history'],
    ['tables', {}, 404, 'notFound', '/v1/tables'],
    ['', {}, 404, 'notFound', '/v1/'],
    ['%E0%A4%A', {}, 404, 'notFound', '/v1/'],
    ['engagements/e00/flags', {}, 404, 'notFound', '/v1/engagements/e00/flags'],
    ['flags/f/events', {}, 404, 'notFound', '/v1/flags/f/events'],
    ['health/x', {}, 404, 'notFound', '/v1/health/x'],
  ];
  test.each(wrong)('%s %o', async (path, asked, status, reason, says) => {
    const answer = await api.get(vendor, path, asked);
    expect(answer).toMatchObject({ status, contentType: 'application/problem+json', body: { reason } });
    expect(answer.body.detail).toContain(says);
  });
});
