// Are a person's times, days, ids and numbers recorded exactly, or refused by the path of the wrong one?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Api, createApi, eventsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
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
  await api.record(fact('EngagementOpened', {}, { at: '2026-03-01' }));
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const started = (given: Readonly<Record<string, unknown>>) => ({
  type: 'SubscriptionStarted',
  engagement: 'e1',
  data: { subscriptionId: 'B-1', termStart: '2026-01-06T00:00:00.000Z', ...given },
});
const agreed = { type: 'OutcomeAgreed', engagement: 'e1', data: { outcomeId: 'o1' } };
const pathsOf = ({ status, body }: Awaited<ReturnType<Api['post']>>) => ({ status, issues: body.issues });

describe('a time', () => {
  test.each(['2026-02-29T10:00:00Z', '2026-02-30T10:00:00Z', '2026-01-01T24:61:00Z', '2026-01-31T23:59:60Z'])(
    '%s is refused by its path',
    async (occurredAt) => {
      expect(pathsOf(await api.post(vendor, { ...agreed, occurredAt }, 'k1'))).toMatchObject({
        status: 422,
        issues: [{ path: 'occurredAt' }],
      });
    },
  );

  test.each([
    ['2026-06-01T00:00:00.123999+02:00', '2026-05-31T22:00:00.123Z'],
    ['2026-06-01t00:00:00z', '2026-06-01T00:00:00.000Z'],
    ['2026-06-01 00:00:00-00:00', '2026-06-01T00:00:00.000Z'],
    ['2025-06-30T23:59:60Z', '2025-06-30T23:59:59.999Z'],
  ])('%s is %s', async (occurredAt, expected) => {
    expect(eventsOf(await api.post(vendor, { ...agreed, occurredAt }, 'k1'))).toMatchObject([{ occurredAt: expected }]);
  });

  test('inside the data may have any offset, and the same instant written otherwise is the same fact', async () => {
    const first = await api.post(vendor, started({ termStart: '2026-01-06T00:00:00+02:00' }), 'k1');
    expect(eventsOf(first)).toMatchObject([{ data: { termStart: '2026-01-05T22:00:00.000Z' } }]);
    expect(await api.post(vendor, started({ termStart: '2026-01-05t22:00:00.0004Z' }), 'k1')).toEqual(first);
  });

  test.each(['2026-02-30T00:00:00Z', '2026-01-06', '2026-01-06T00:00:00'])(
    'inside the data is refused by its path: %s',
    async (termStart) => {
      expect(pathsOf(await api.post(vendor, started({ termStart }), 'k1'))).toMatchObject({
        status: 422,
        issues: [{ path: 'data.termStart' }],
      });
    },
  );

  test('for a day keeps its day', async () => {
    const due = '2026-03-31T22:30:00-05:00';
    const answer = await api.post(vendor, { ...agreed, data: { outcomeId: 'o1', due } }, 'k1');
    expect(eventsOf(answer)).toMatchObject([{ data: { due: '2026-03-31' } }]);
  });
});

describe('a number', () => {
  const raw = (price: string, further = ''): string =>
    JSON.stringify(started({ price: { amountMinor: '?', currency: 'IRR' }, billingPeriod: 'P1M' }))
      .replace('"?"', price)
      .replace('"data":{', `"data":{${further}`);

  test.each(['9007199254740993', '1e16', '9007199254740992', '100.00000000000000000001'])(
    'that can not be kept is refused by its path: %s',
    async (amount) => {
      expect(pathsOf(await api.post(vendor, raw(amount), 'k1'))).toMatchObject({
        status: 422,
        issues: [{ path: 'data.price.amountMinor' }],
      });
    },
  );

  test('of a measure is refused if a digit of it would be lost', async () => {
    const answer = await api.post(vendor, raw('100', '"quantity":0.1000000000000000000001,'), 'k1');
    expect(pathsOf(answer)).toMatchObject({ status: 422, issues: [{ path: 'data.quantity' }] });
  });

  test('that is large stops no row: the engagement is in its table, its revenue null with the reason', async () => {
    expect((await api.post(vendor, raw('800000000000000'), 'k1')).status).toBe(200);
    await api.project();
    expect((await api.get(vendor, 'engagements/e1')).body).toMatchObject({
      engagement: { arrMinor: null, arrReason: 'amountTooLarge' },
    });
  });
});

test('a reference that is a number is refused by its path, and never rounded', async () => {
  const answer = await api.post(vendor, JSON.stringify({ ...agreed, engagement: undefined, reference: 1 }), 'k1');
  expect(answer).toMatchObject({ status: 422, body: { issues: [{ path: 'reference' }] } });
});

test('a byte order mark before the body is no error', async () => {
  expect((await api.post(vendor, `\uFEFF${JSON.stringify(agreed)}`, 'k1')).status).toBe(200);
});

test('text with half of a surrogate pair is refused by its path', async () => {
  const half = '\ud83d';
  const said = { ...agreed, data: { outcomeId: half } };
  expect(pathsOf(await api.post(vendor, JSON.stringify(said), 'k1'))).toMatchObject({
    status: 422,
    issues: [{ path: 'data.outcomeId' }],
  });
  const named = { type: 'EngagementOpened', reference: half, data: {} };
  expect(pathsOf(await api.post(vendor, JSON.stringify(named), 'k1'))).toMatchObject({
    status: 422,
    issues: [{ path: 'reference' }],
  });
});
