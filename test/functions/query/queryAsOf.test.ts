// Does an as-of answer what the tables held then, for any history of facts that came on time?
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { addDays } from '../../../events/instant.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { offerPublished, policyPublished } from '../../support/histories/engagementFacts.ts';
import { fact } from '../../support/histories/events.ts';
import { beginning, someFacts } from '../../support/histories/histories.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let vendor: string;

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const policyFact = (): Fact => {
  const { version, recordedAt, ...said } = policyPublished(
    { thresholds: { 'P1.3': { days: 5 } } },
    { from: '2025-06-01' },
  );
  return { ...said, occurredAt: '2025-03-01T00:00:00.000Z' };
};
const offerFact = (): Fact => {
  const { version, recordedAt, ...said } = offerPublished('2025-02-01', { offerId: 'offer', routes: ['direct'] });
  return said;
};

/** Facts in the order in which they happen, without restatements and retractions: those correct the past. */
const onTime = (facts: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> => {
  const said = [policyFact(), offerFact(), ...facts.filter(({ type }) => type !== 'FactRetracted')];
  const once = [...new Map(said.map((each) => [each.factId, each])).values()];
  const sorted = once.sort((x, y) => (x.occurredAt < y.occurredAt ? -1 : x.occurredAt > y.occurredAt ? 1 : 0));
  return Map.groupBy(sorted, ({ occurredAt }) => occurredAt);
};

const said = async (api: Api, asked: Readonly<Record<string, string>> = {}) => {
  const { status, body } = await api.get(vendor, 'engagements/e1', asked);
  const { asOf, freshness, clock, computedWith, ...rows } = body;
  return { status, rows: status === 200 ? rows : undefined };
};

test('as of any date, an engagement has the rows that it had on that date', async () => {
  await fc.assert(
    fc.asyncProperty(someFacts, fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 4 }), async (facts, days) => {
      const api = await createApi(engine, issuer);
      const history = onTime(facts);
      const looks = days.map((day) => addDays(beginning, day));
      const before = new Map<string, Awaited<ReturnType<typeof said>>>();
      for (const instant of [...new Set([...history.keys(), ...looks])].sort()) {
        api.at(instant);
        await api.record(...(history.get(instant) ?? []));
        await api.project();
        before.set(instant, await said(api));
      }
      api.at('2028-01-01');
      for (const [asOf, then] of before) expect(await said(api, { asOf }), asOf).toEqual(then);
    }),
    { numRuns: 12 },
  );
}, 120_000);

describe('an as-of', () => {
  test('names its clock and its code, and is refused where it is not possible', async () => {
    const api = await createApi(engine, issuer);
    await api.record(fact('EngagementOpened', {}, { at: '2026-03-01' }));
    await api.project();
    expect(await api.get(vendor, 'engagements/e1', { asOf: '2026-03-02', clock: 'occurred' })).toMatchObject({
      status: 200,
      body: { asOf: '2026-03-02T00:00:00.000Z', clock: 'occurred', computedWith: expect.stringContaining('today') },
    });
    const refused = async (asked: Readonly<Record<string, string>>) => {
      const { status, body } = await api.get(vendor, 'engagements/e1', asked);
      return [status, body.reason];
    };
    expect(await refused({ asOf: '2026-02-28' })).toEqual([404, 'notFound']);
    expect(await refused({ asOf: '2026-07-01' })).toEqual([400, 'asOfInTheFuture']);
    expect(await refused({ asOf: 'spring' })).toEqual([400, 'asOfNotAnInstant']);
    expect(await refused({ clock: 'occurred' })).toEqual([400, 'clockWithoutAsOf']);
    expect(await refused({ asOf: '2026-03-02', clock: 'wall' })).toEqual([400, 'clockUnknown']);
    expect((await api.get(vendor, 'engagements/e1', { asOf: '2026-03-02', clock: 'wall' })).body.detail).toContain(
      'occurred, recorded',
    );
  });
});
