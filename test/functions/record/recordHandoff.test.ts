// Which stages does an answer to a handoff get that names only the handoff?
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { derivedPartyOf, parseStreamId } from '../../../events/identifiers.ts';
import { type Api, createApi, eventsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const partner = (id: string) => ({ system: 'reference', kind: 'partner', id });
const idOf = (id: string): string => parseStreamId(derivedPartyOf(tenantId, partner(id))).id;

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, leads, other] = ['', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, leads, other] = await Promise.all([
    people.vendor(),
    people.partner(idOf('one')),
    people.partner(idOf('two')),
  ]);
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
  await api.record(
    fact('EngagementOpened', { leadPartner: partner('one') }, { at: '2026-03-01' }),
    fact(
      'HandoffOffered',
      { handoffId: 'h1', fromStage: 'procure', toStage: 'deliver', expectations: [], openRisks: [] },
      { at: '2026-03-02' },
    ),
  );
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const answer = (type: string, data: object = {}) => ({ type, engagement: 'e1', data: { handoffId: 'h1', ...data } });
const stages = { fromStage: 'procure', toStage: 'deliver' };

test.each(['HandoffAccepted', 'HandoffRejected'])('%s gets those of the offer', async (type) => {
  const said = await api.post(vendor, answer(type), 'k1');
  expect(said).toMatchObject({ status: 200 });
  expect(eventsOf(said)[0]?.data).toMatchObject({ handoffId: 'h1', ...stages });
  expect(await api.post(vendor, answer(type), 'k1')).toEqual(said);
  expect(await api.post(vendor, answer(type, stages), 'k1')).toEqual(said);
});

test('only what is left out comes from the offer', async () => {
  const said = await api.post(vendor, answer('HandoffAccepted', { fromStage: 'sell' }), 'k1');
  expect(said).toMatchObject({ status: 409, body: { reason: 'handoffOfOtherStages' } });
});

test('a handoff that was not offered there: 422, which says so', async () => {
  expect(await api.post(vendor, answer('HandoffAccepted', { handoffId: 'h2' }), 'k1')).toMatchObject({
    status: 422,
    body: {
      reason: 'handoffNotOffered',
      detail: expect.stringContaining('no offer of the handoff h2 is known here'),
      issues: [
        { path: 'data.fromStage', message: 'missing, and no offer says it' },
        { path: 'data.toStage', message: 'missing, and no offer says it' },
      ],
    },
  });
});

test('an offer names its stages itself', async () => {
  expect(await api.post(vendor, answer('HandoffOffered', { handoffId: 'h3' }), 'k1')).toMatchObject({
    status: 422,
    body: {
      issues: [
        { path: 'data.fromStage', message: 'missing' },
        { path: 'data.toStage', message: 'missing' },
      ],
    },
  });
});

test('an answer without its handoff, or about nothing, says what is missing', async () => {
  const { handoffId: _, ...none } = answer('HandoffAccepted').data;
  expect(await api.post(vendor, { ...answer('HandoffAccepted'), data: none }, 'k1')).toMatchObject({
    status: 422,
    body: { reason: 'dataInvalid', issues: expect.arrayContaining([{ path: 'data.handoffId', message: 'missing' }]) },
  });
  expect(await api.post(vendor, { type: 'HandoffAccepted', data: { handoffId: 'h1' } }, 'k2')).toMatchObject({
    status: 422,
    body: { reason: 'subjectMissing' },
  });
});

test('a partner that does not lead learns nothing of the handoffs there', async () => {
  const unknown = { status: 404, body: { reason: 'engagementUnknown' } };
  expect(await api.post(other, answer('HandoffAccepted'), 'k1')).toMatchObject(unknown);
  expect(await api.post(other, answer('HandoffAccepted', { handoffId: 'h2' }), 'k1')).toMatchObject(unknown);
  expect(await api.post(leads, answer('HandoffAccepted'), 'k1')).toMatchObject({ status: 200 });
  expect(await api.post(vendor, { ...answer('HandoffAccepted'), engagement: 'e9' }, 'k1')).toMatchObject(unknown);
});
