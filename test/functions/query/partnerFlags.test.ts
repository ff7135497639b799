// Do the lists of flags hold those of partners too, page by page, and does one of them open to the events behind it?
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { historyObserved } from '../../support/histories/observing.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { org, partyId } from '../../support/tabled.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofP, ofQ] = ['', '', ''];

const stream = (id: string): string => streamIdOf(tenantId, 'engagement', id);

/** Six wins without an offer: P2.6 of the partner, and P1.1 of each engagement. */
const wins: readonly Fact[] = Array.from({ length: 6 }, (_, index) => [
  fact('EngagementOpened', { leadPartner: org('p') }, { at: '2026-01-01', stream: stream(`e${index}`) }),
  fact('DealClosed', { result: 'won' }, { at: `2026-02-0${index + 1}`, stream: stream(`e${index}`) }),
]).flat();

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofP, ofQ] = await Promise.all([people.vendor(), people.partner(partyId('p')), people.partner(partyId('q'))]);
  api = await createApi(engine, issuer);
  api.at('2026-02-07');
  await api.record(
    historyObserved(),
    ...wins,
    fact('PartnerAssigned', { partner: org('q'), by: 'connection' }, { at: '2026-02-06T12:00', stream: stream('e0') }),
  );
  await api.project();
  await api.rollUp();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const rulesIn = async (token: string, asked: Readonly<Record<string, string>> = {}) =>
  (await api.all(token, 'flags', asked)).items.map(({ rule }) => rule);

test('a list holds them after the flags of engagements, whole at any limit and with every filter', async () => {
  const all = (await api.all(vendor, 'flags')).items;
  expect(all.filter(({ rule }) => rule === 'P2.6')).toHaveLength(1);
  expect(all.at(-1)).toMatchObject({ rule: 'P2.6', partnerId: partyId('p'), status: 'open' });
  for (let limit = 1; limit <= all.length + 1; limit += 1) {
    const paged = await api.all(vendor, 'flags', { limit: String(limit) });
    expect(paged.items, `limit ${limit}`).toEqual(all);
    expect(Math.max(...paged.pages), `limit ${limit}`).toBeLessThanOrEqual(limit);
  }
  expect(await rulesIn(vendor, { rule: 'P2.6' })).toEqual(['P2.6']);
  expect(await rulesIn(vendor, { pattern: 'customEveryTime', status: 'open' })).toEqual(['P2.6']);
  expect(await rulesIn(vendor, { rule: 'P2.6', status: 'cleared' })).toEqual([]);
  expect(new Set(await rulesIn(vendor, { rule: 'P1.1' }))).toEqual(new Set(['P1.1']));
  expect(await rulesIn(vendor, { partner: partyId('p'), rule: 'P2.6' })).toEqual(['P2.6']);
  expect(await rulesIn(vendor, { partner: partyId('q'), rule: 'P2.6' })).toEqual([]);
});

test('a partner finds its own, and no other does', async () => {
  expect(await rulesIn(ofP, { rule: 'P2.6' })).toEqual(['P2.6']);
  expect(await rulesIn(ofQ, { rule: 'P2.6' })).toEqual([]);
  const [flag] = itemsOf(await api.get(vendor, 'flags', { rule: 'P2.6' }));
  expect((await api.get(ofQ, `flags/${flag?.flagId}`)).status).toBe(404);
});

test('one of them opens to its events, those of engagements that a partner leads no more left out', async () => {
  const [flag] = itemsOf(await api.get(vendor, 'flags', { rule: 'P2.6' }));
  const read = await api.get(vendor, `flags/${flag?.flagId}`);
  expect(read.status).toBe(200);
  expect(read.body.flag).toEqual(flag);
  expect(read.body.openedBy).toMatchObject({ type: 'DealClosed', eventId: flag?.openedByEvent });
  const pieces = itemsOf({ ...read, body: { items: read.body.explanation } });
  expect(pieces.map(({ kind, event }) => [kind, event === null])).toEqual([
    ...Array.from({ length: 6 }, () => ['event', false]),
    ['value', true],
  ]);
  const theirs = await api.get(ofP, `flags/${flag?.flagId}`);
  const seen = itemsOf({ ...theirs, body: { items: theirs.body.explanation } });
  expect(seen.map(({ event }) => event === null)).toEqual([true, false, false, false, false, false, true]);
  expect((await api.get(vendor, `flags/${flag?.flagId}`, { asOf: '2026-02-06' })).status).toBe(404);
});

test('the table of evidence holds the pieces of all these flags, whole at any limit, for everyone who sees the flags', async () => {
  for (const token of [vendor, ofP, ofQ]) {
    const flags = (await api.all(token, 'flags')).items;
    const pieces = flags.flatMap(({ flagId, evidence }) =>
      (Array.isArray(evidence) ? evidence : []).map(({ kind, says, name }, index) => [
        flagId,
        index + 1,
        kind,
        says ?? name,
      ]),
    );
    const all = (await api.all(token, 'tables/flag_evidence')).items;
    expect(all.map(({ flagId, ordinal, kind, says }) => [flagId, ordinal, kind, says])).toEqual(pieces);
    for (const limit of [1, 2, 3, 5, all.length, all.length + 1]) {
      const paged = await api.all(token, 'tables/flag_evidence', { limit: String(limit) });
      expect(paged.items, `limit ${limit}`).toEqual(all);
      expect(Math.max(...paged.pages), `limit ${limit}`).toBeLessThanOrEqual(limit);
    }
  }
  const rules = async (asked: Readonly<Record<string, string>>) =>
    new Set((await api.all(vendor, 'tables/flag_evidence', asked)).items.map(({ rule }) => rule));
  expect(await rules({})).toContain('P2.6');
  expect(await rules({ partner: partyId('q') })).not.toContain('P2.6');
  expect((await rules({ partner: partyId('q') })).size).toBeGreaterThan(0);
  const made = { cursor: Buffer.from('{}').toString('base64url') };
  expect((await api.get(vendor, 'tables/flag_evidence', made)).status).toBe(400);
});

test('as of a date it holds the evidence of the flags of then, and tells what changed in it', async () => {
  const asOf = '2026-02-03T12:00:00Z';
  const flags = (await api.all(vendor, 'flags', { asOf })).items.map(({ flagId }) => flagId);
  const then = (await api.all(vendor, 'tables/flag_evidence', { asOf })).items;
  expect(new Set(then.map(({ flagId }) => flagId))).toEqual(new Set(flags));
  const theirs = (await api.all(ofQ, 'tables/flag_evidence', { asOf })).items;
  expect(new Set(theirs.map(({ engagementId }) => engagementId))).toEqual(new Set(['e0']));
  const dates = { from: '2026-02-01T12:00:00Z', to: asOf };
  const changed = itemsOf(await api.get(vendor, 'changes', { ...dates, table: 'flag_evidence' }));
  expect(changed.length).toBeGreaterThan(0);
  expect(new Set(changed.map(({ table, change }) => `${table} ${change}`))).toEqual(new Set(['flag_evidence added']));
  const all = itemsOf(await api.get(vendor, 'changes', dates));
  expect(all.map(({ table }) => table)).not.toContain('flag_evidence');
});
