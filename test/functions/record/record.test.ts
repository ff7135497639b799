// What does a person get who posts a fact?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { streamIdOf } from '../../../events/identifiers.ts';
import { type Answer, type Api, createApi, eventsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { engagementStream, fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let vendor: string;

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const agreed = { type: 'OutcomeAgreed', engagement: 'e1', data: { outcomeId: 'recovery-time', target: 4 } };
const refusedBy = (status: number, reason: string) => ({
  status,
  contentType: 'application/problem+json',
  body: { type: `urn:throughline:problem:${reason}`, status, reason },
});
const issuesOf = ({ body }: Answer) => body.issues;

describe('a fact', () => {
  beforeEach(() => api.record(fact('EngagementOpened', {}, { at: '2026-03-01' })));

  test('is recorded within the request, with the token’s subject as its actor', async () => {
    const answer = await api.post(vendor, { ...agreed, occurredAt: '2026-06-29T11:00:00+02:00' }, 'k1');
    expect(answer).toMatchObject({ status: 200, contentType: 'application/json' });
    const [event, ...others] = eventsOf(answer);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'OutcomeAgreed',
      tenantId,
      streamId: engagementStream,
      version: 2,
      actor: 'vera',
      source: 'people:vera',
      sourceEventId: 'k1',
      occurredAt: '2026-06-29T09:00:00.000Z',
      recordedAt: '2026-06-30T12:00:00.000Z',
      data: agreed.data,
    });
    expect((await api.store.load(engagementStream)).events.at(-1)).toEqual(event);
  });

  test('with the same key and data gets the first events again, also later and without occurredAt', async () => {
    const first = await api.post(vendor, agreed, 'k1');
    api.at('2026-07-02');
    expect(await api.post(vendor, { ...agreed, data: { target: 4, outcomeId: 'recovery-time' } }, 'k1')).toEqual(first);
    const both = await Promise.all([api.post(vendor, agreed, 'k1'), api.post(vendor, agreed, 'k1')]);
    expect(both).toEqual([first, first]);
    expect((await api.store.load(engagementStream)).tip.version).toBe(2);
  });

  test('with the same key and other data, or another type, is refused', async () => {
    await api.post(vendor, agreed, 'k1');
    const other = { ...agreed, data: { outcomeId: 'recovery-time', target: 5 } };
    expect(await api.post(vendor, other, 'k1')).toMatchObject(refusedBy(422, 'idempotencyKeyReused'));
    const closed = { type: 'DealClosed', engagement: 'e1', data: { result: 'lost' } };
    expect(await api.post(vendor, closed, 'k1')).toMatchObject(refusedBy(422, 'idempotencyKeyReused'));
    const somebodyElse = await peopleOf(issuer).vendor({ sub: 'viktor' });
    expect(await api.post(somebodyElse, closed, 'k1')).toMatchObject({ status: 200 });
  });

  test('with the same key on two engagements is two facts with different ids', async () => {
    await api.record(
      fact('EngagementOpened', {}, { at: '2026-03-01', stream: streamIdOf(tenantId, 'engagement', 'e2') }),
    );
    const [one] = eventsOf(await api.post(vendor, agreed, 'k1'));
    const [two] = eventsOf(await api.post(vendor, { ...agreed, engagement: 'e2' }, 'k1'));
    expect(one?.eventId).not.toBe(two?.eventId);
  });

  test('is corrected by a new key with the id of the event that it supersedes', async () => {
    const [first] = eventsOf(await api.post(vendor, agreed, 'k1'));
    const better = { ...agreed, data: { outcomeId: 'recovery-time', target: 5 } };
    expect(await api.post(vendor, agreed, 'k2')).toMatchObject(refusedBy(409, 'outcomeAlreadyAgreed'));
    expect(await api.post(vendor, { ...better, supersedes: first?.eventId }, 'k3')).toMatchObject({
      status: 200,
      body: { events: [{ supersedes: first?.eventId, data: { target: 5 } }] },
    });
    expect(await api.post(vendor, { ...better, supersedes: 'nothing' }, 'k4')).toMatchObject(
      refusedBy(409, 'supersededUnknown'),
    );
  });

  test('without a key, or with a malformed key, is refused', async () => {
    for (const key of [undefined, '', 'with space', 'x'.repeat(256)]) {
      expect(await api.post(vendor, agreed, key)).toMatchObject(refusedBy(400, 'idempotencyKeyMissing'));
    }
  });
});

describe('422 names the path for', () => {
  const wrong: readonly (readonly [string, unknown, string, string])[] = [
    ['malformed JSON', '{"type":', 'requestInvalid', ''],
    ['an empty body', '', 'requestInvalid', ''],
    ['a body that is not an object', [], 'requestInvalid', ''],
    ['an unknown member', { ...agreed, streamId: engagementStream }, 'requestInvalid', 'streamId'],
    ['a missing type', { engagement: 'e1', data: {} }, 'requestInvalid', 'type'],
    ['a malformed engagement id', { ...agreed, engagement: 'e1#x' }, 'requestInvalid', 'engagement'],
    ['two subjects', { ...agreed, reference: 'R' }, 'requestInvalid', 'reference'],
    ['a malformed time', { ...agreed, occurredAt: 'yesterday' }, 'requestInvalid', 'occurredAt'],
    ['an unknown type', { ...agreed, type: 'OutcomeAgred' }, 'typeUnknown', 'type'],
    ['an unknown field', { ...agreed, data: { outcomeId: 'o', goal: 1 } }, 'dataInvalid', 'data.goal'],
    ['a field of the wrong type', { ...agreed, data: { outcomeId: 7 } }, 'dataInvalid', 'data.outcomeId'],
    ['a time before 2000', { ...agreed, occurredAt: '1999-12-31' }, 'occurredAtNotBelievable', 'occurredAt'],
    [
      'a time over a day ahead',
      { ...agreed, occurredAt: '2026-07-01T12:00:01Z' },
      'occurredAtNotBelievable',
      'occurredAt',
    ],
    ['no subject', { type: 'OutcomeAgreed', data: { outcomeId: 'o' } }, 'subjectMissing', 'engagement'],
    [
      'a subject of the wrong kind',
      {
        type: 'OfferPublished',
        engagement: 'e1',
        data: { offerId: 'o', version: 1, components: [{ componentId: 'c', kind: 'base_licence' }] },
      },
      'subjectInvalid',
      'engagement',
    ],
    [
      'an e-mail address',
      {
        type: 'WorkLogged',
        engagement: 'e1',
        data: { workId: 'w', category: 'implementation', minutes: 5, personRef: 'kari@halden.example' },
      },
      'addressInData',
      'data.personRef',
    ],
    [
      'an e-mail address as a reference',
      { type: 'EngagementOpened', reference: 'ann@example.com', data: {} },
      'addressInData',
      'reference',
    ],
    [
      'an unknown rule',
      {
        type: 'PolicyPublished',
        data: { policyVersion: 1, effectiveFrom: '2026-07-01T00:00:00.000Z', thresholds: { 'P9.9': { days: 3 } } },
      },
      'thresholdsUnknown',
      'data.thresholds',
    ],
    [
      'an unknown threshold',
      {
        type: 'PolicyPublished',
        data: { policyVersion: 1, effectiveFrom: '2026-07-01T00:00:00.000Z', thresholds: { 'P1.3': { daze: 3 } } },
      },
      'thresholdsUnknown',
      'data.thresholds.P1.3',
    ],
    [
      'an unknown type that is observed',
      {
        type: 'PolicyPublished',
        data: { policyVersion: 1, effectiveFrom: '2026-07-01T00:00:00.000Z', observedFrom: { UsageMesured: 'never' } },
      },
      'typesUnknown',
      'data.observedFrom.UsageMesured',
    ],
    [
      'a handoff that is required twice',
      {
        type: 'PolicyPublished',
        data: {
          policyVersion: 1,
          effectiveFrom: '2026-07-01T00:00:00.000Z',
          handoffs: [
            { fromStages: ['sell', 'procure'], toStage: 'deliver' },
            { fromStages: ['procure'], toStage: 'report' },
            { fromStages: ['procure'], toStage: 'deliver' },
          ],
        },
      },
      'dataInvalid',
      'data.handoffs.2.fromStages',
    ],
    [
      'a handoff due after more than a year of business days',
      {
        type: 'PolicyPublished',
        data: {
          policyVersion: 1,
          effectiveFrom: '2026-07-01T00:00:00.000Z',
          handoffs: [{ fromStages: ['sell'], toStage: 'deliver', withinBusinessDays: 261 }],
        },
      },
      'dataInvalid',
      'data.handoffs.0.withinBusinessDays',
    ],
  ];
  test.each(wrong)('%s', async (_, body, reason, path) => {
    const answer = await api.post(vendor, body, 'k');
    expect(answer).toMatchObject(refusedBy(422, reason));
    expect(issuesOf(answer)).toEqual([{ path, message: expect.stringMatching(/./) }]);
  });
});

describe('404 answers', () => {
  test('an unknown engagement, reference or campaign', async () => {
    const unknown = refusedBy(404, 'engagementUnknown');
    expect(await api.post(vendor, agreed, 'k1')).toMatchObject(unknown);
    const { engagement: _, ...said } = agreed;
    expect(await api.post(vendor, { ...said, reference: 'ENG-1' }, 'k2')).toMatchObject(unknown);
    const handoff = { handoffId: 'h', fromStage: 'create', toStage: 'mobilize' };
    expect(await api.post(vendor, { type: 'HandoffOffered', campaign: 'spring', data: handoff }, 'k3')).toMatchObject(
      refusedBy(404, 'campaignUnknown'),
    );
    const campaign = { campaignId: 'spring', kind: 'enablement' };
    expect(await api.post(vendor, { type: 'CampaignLaunched', data: campaign }, 'k4')).toMatchObject({ status: 200 });
    expect(await api.post(vendor, { type: 'HandoffOffered', campaign: 'spring', data: handoff }, 'k3')).toMatchObject({
      status: 200,
      body: { events: [{ streamId: 'acme/campaign/spring' }] },
    });
  });
});
