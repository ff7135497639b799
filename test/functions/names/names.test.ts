// Who may say and see who a person is, and where does that never show?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pseudonymOf } from '../../../events/freeText.ts';
import { personFields, personReferencesIn } from '../../../functions/names/personFields.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, ofRival, partner] = ['', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofRival, partner] = await Promise.all([
    people.vendor(),
    people.vendor({ tenant: 'rival' }),
    people.partner('p'),
  ]);
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

test('the fields that refer to persons are those of the catalog, and the actor', () => {
  expect([...personFields()].sort()).toEqual([
    'actor',
    'approvedBy',
    'by',
    'fromOwner',
    'personRef',
    'respondentRef',
    'toOwner',
  ]);
  const answer = { items: [{ actor: 'a', data: { toOwner: 'b', contextRef: 'c', list: [{ personRef: 'a' }] } }] };
  expect(personReferencesIn(answer)).toEqual(['a', 'b']);
});

describe('names', () => {
  test('are put, changed, listed by page and removed, for the tenant alone', async () => {
    const put = await api.putNames(vendor, { names: { 'crm:user/1': 'Ann Smith', 'crm:user/2': ' Bo Lund ' } });
    expect(put).toMatchObject({ status: 200, body: { named: ['crm:user/1', 'crm:user/2'], removed: [] } });
    await api.putNames(ofRival, { names: { 'crm:user/1': 'Their own' } });
    await api.putNames(vendor, { names: { 'crm:user/1': 'Ann Berg' } });
    expect((await api.all(vendor, 'names', { limit: '1' })).items).toEqual([
      { reference: 'crm:user/1', name: 'Ann Berg' },
      { reference: 'crm:user/2', name: 'Bo Lund' },
    ]);
    expect(await api.putNames(vendor, { names: { 'crm:user/1': null } })).toMatchObject({
      body: { named: [], removed: ['crm:user/1'] },
    });
    expect((await api.all(vendor, 'names')).items).toEqual([{ reference: 'crm:user/2', name: 'Bo Lund' }]);
    expect((await api.all(ofRival, 'names')).items).toEqual([{ reference: 'crm:user/1', name: 'Their own' }]);
  });

  test('of an address mean the reference that events hold for it', async () => {
    const reference = pseudonymOf(tenantId, 'ann@example.com');
    expect(await api.putNames(vendor, { names: { 'Ann@Example.com': 'Ann Smith' } })).toMatchObject({
      body: { named: [reference] },
    });
    expect((await api.all(vendor, 'names')).items).toEqual([{ reference, name: 'Ann Smith' }]);
  });

  test.each([
    ['a partner', () => partner, 403, 'vendorsOnly'],
    ['nobody', () => undefined, 401, 'tokenInvalid'],
  ])('are neither put nor listed by %s', async (_, token, status, reason) => {
    expect(await api.putNames(token(), { names: { a: 'b' } })).toMatchObject({ status, body: { reason } });
    expect(await api.get(token(), 'names')).toMatchObject({ status, body: { reason } });
  });

  test.each([
    ['no JSON', '{', ''],
    ['no names', {}, 'names'],
    ['a name that is no text', { names: { a: 7 } }, 'names.a'],
    ['an empty name', { names: { a: ' ' } }, 'names.a'],
    ['a name of two lines', { names: { a: 'b\nc' } }, 'names.a'],
    ['a name that is too long', { names: { a: 'b'.repeat(257) } }, 'names.a'],
    ['an empty reference', { names: { '': 'b' } }, 'names.'],
    ['a reference that is too long', { names: { ['é'.repeat(513)]: 'b' } }, `names.${'é'.repeat(513)}`],
    ['half a character', '{"names":{"a":"\\ud800"}}', 'names.a'],
    ['too many', { names: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`r${at}`, 'b'])) }, 'names'],
    ['an unknown field', { names: {}, name: 'b' }, ''],
  ])('are refused with %s', async (_, body, path) => {
    const answer = await api.putNames(vendor, body);
    expect(answer).toMatchObject({ status: 422, body: { reason: 'requestInvalid', issues: [{ path }] } });
    expect((await api.all(vendor, 'names')).items).toEqual([]);
  });
});

describe('beside an answer', () => {
  const offered = { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver', toOwner: 'crm:user/1' } as const;
  beforeEach(async () => {
    await api.record(
      fact('EngagementOpened', {}, { at: '2026-03-01' }),
      fact('HandoffOffered', { ...offered, fromOwner: 'crm:user/9' }, { at: '2026-03-02' }),
    );
    await api.project();
    await api.putNames(vendor, { names: { 'crm:user/1': 'Ann Smith', 'crm:user/2': 'Bo Lund' } });
  });

  test.each(['engagements/e1/events', 'engagements/e1', 'tables/handoffs'])(
    'of %s, names of those to whom it refers are given to vendors that ask',
    async (path) => {
      const plain = await api.get(vendor, path);
      expect(JSON.stringify(plain.body)).not.toContain('Ann Smith');
      const { body } = await api.get(vendor, path, { names: 'true' });
      expect(body).toEqual({ ...plain.body, names: { 'crm:user/1': 'Ann Smith' } });
      expect(await api.get(vendor, path, { names: 'false' })).toEqual(plain);
    },
  );

  test('they are refused to partners, in files, and with another word', async () => {
    const refusedBy = (status: number, reason: string) => ({ status, body: { reason } });
    expect(await api.get(partner, 'engagements', { names: 'true' })).toMatchObject(refusedBy(403, 'vendorsOnly'));
    expect(await api.get(vendor, 'tables/handoffs', { names: 'true', format: 'csv' })).toMatchObject(
      refusedBy(400, 'namesNotInFiles'),
    );
    expect(await api.get(vendor, 'engagements', { names: 'yes' })).toMatchObject(refusedBy(400, 'namesUnknown'));
  });

  test('a cursor of a page goes with and without them', async () => {
    const page = await api.get(vendor, 'engagements/e1/events', { limit: '1', names: 'true' });
    const next = await api.get(vendor, 'engagements/e1/events', { limit: '1', cursor: String(page.body.cursor) });
    expect(next.status).toBe(200);
  });
});
