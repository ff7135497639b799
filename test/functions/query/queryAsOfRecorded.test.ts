// Does an as-of on the recorded clock answer what was known then?
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { Fact } from '../../../events/catalog.ts';
import { addDays } from '../../../events/instant.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { offerPublished, policyPublished } from '../../support/histories/engagementFacts.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { beginning, someFacts } from '../../support/histories/histories.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

// Real engines and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

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

const said = async (of: Api, asked: Readonly<Record<string, string>> = {}) => {
  const { status, body } = await of.get(vendor, 'engagements/e1', asked);
  const { asOf, freshness, clock, computedWith, ...rows } = body;
  return { status, rows: status === 200 ? rows : undefined };
};

const policyFact = (): Fact => {
  const { version, recordedAt, ...policy } = policyPublished(
    { thresholds: { 'P1.3': { days: 5 } } },
    { from: '2025-06-01' },
  );
  return { ...policy, occurredAt: '2025-03-01T00:00:00.000Z' };
};
const offerFact = (): Fact => {
  const { version, recordedAt, ...offer } = offerPublished('2025-02-01', { offerId: 'offer', routes: ['direct'] });
  return offer;
};

/** Facts by the instant at which they are recorded: so many days after they happened, restatements among them. */
const recordings = (facts: readonly Fact[], delays: readonly number[]): ReadonlyMap<string, readonly Fact[]> =>
  Map.groupBy([policyFact(), offerFact(), ...facts], (each) =>
    addDays(each.occurredAt, delays[facts.indexOf(each) % Math.max(delays.length, 1)] ?? 0),
  );

const someDelays = fc.array(fc.constantFrom(0, 0, 1, 40, 200), { minLength: 1, maxLength: 6 });
const someLooks = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 4 });

test('the as-of of a date answers what the tables held then, whatever was recorded later', async () => {
  await fc.assert(
    fc.asyncProperty(someFacts, someDelays, someLooks, async (facts, delays, days) => {
      const fresh = await createApi(engine, issuer);
      const byRecording = recordings(facts, delays);
      const looks = days.map((day) => addDays(beginning, day));
      const before = new Map<string, Awaited<ReturnType<typeof said>>>();
      for (const instant of [...new Set([...byRecording.keys(), ...looks])].sort()) {
        fresh.at(instant);
        await fresh.record(...(byRecording.get(instant) ?? []));
        await fresh.project();
        before.set(instant, await said(fresh));
      }
      fresh.at('2028-01-01');
      for (const [asOf, then] of before) expect(await said(fresh, { asOf, clock: 'recorded' }), asOf).toEqual(then);
    }),
    { numRuns: 12 },
  );
}, 120_000);

describe('a fact that comes late', () => {
  const opened = fact('EngagementOpened', {}, { at: '2026-03-01T09:00' });
  const won = fact('DealClosed', { result: 'won' }, { at: '2026-03-10T09:00' });
  const agreed = fact('OutcomeAgreed', { outcomeId: 'o' }, { at: '2026-03-08T09:00' });
  const clocks = async (path: string, asOf: string) => {
    const [byDefault, occurred, recorded] = await Promise.all([
      api.get(vendor, path, { asOf, engagement: 'e1' }),
      api.get(vendor, path, { asOf, engagement: 'e1', clock: 'occurred' }),
      api.get(vendor, path, { asOf, engagement: 'e1', clock: 'recorded' }),
    ]);
    expect(byDefault).toEqual(occurred);
    return { occurred, recorded };
  };

  test('clears its flag from its occurrence on one clock, and from its recording on the other', async () => {
    api.at(opened.occurredAt);
    await api.record(opened);
    api.at('2026-03-11');
    await api.record(won);
    await api.project();
    const [flag] = itemsOf(await api.get(vendor, 'flags', { rule: 'P1.1' }));
    const path = `flags/${flag?.flagId}`;
    expect(flag).toMatchObject({ status: 'open' });
    api.at('2026-04-01');
    await api.record(agreed);
    await api.project();

    const between = await clocks(path, '2026-03-20');
    expect(between.recorded).toMatchObject({
      status: 200,
      body: { flag: { status: 'open' }, clock: 'recorded', asOf: '2026-03-20T00:00:00.000Z', clearedBy: null },
    });
    // The outcome was agreed before the deal was won: on the occurred clock there was never a flag.
    expect(between.occurred).toMatchObject({ status: 404, body: { reason: 'notFound' } });
    api.at('2026-04-03');
    const after = await clocks(path, '2026-04-02');
    expect(after.recorded).toMatchObject({ status: 404 });
    expect(after.occurred).toMatchObject({ status: 404 });
  });

  test('opens its engagement on the recorded clock from its recording, and the answer names that clock', async () => {
    api.at('2026-04-01');
    await api.record(opened, won);
    await api.project();
    const ask = (asOf: string, clock?: string) =>
      api.get(vendor, 'engagements/e1', { asOf, ...(clock !== undefined && { clock }) });
    expect(await ask('2026-03-05')).toMatchObject({
      status: 200,
      body: { clock: 'occurred', engagement: { stage: 'sell' } },
    });
    const unknown = await ask('2026-03-05', 'recorded');
    expect(unknown).toMatchObject({ status: 404, body: { reason: 'notFound' } });
    expect(unknown.body.detail).toContain('been recorded by 2026-03-05T00:00:00.000Z (clock=recorded)');
    expect(await ask('2026-04-01', 'recorded')).toMatchObject({
      status: 200,
      body: { clock: 'recorded', engagement: { stage: 'procure' } },
    });
  });

  test('about the offer counts in the same way: an offer that is published late was not known before', async () => {
    const { version, recordedAt, ...published } = offerPublished('2026-01-01', { routes: ['direct'] });
    api.at('2026-03-08T09:00');
    await api.record(fact('EngagementOpened', { offerId: 'backup-suite' }, { at: '2026-03-01T09:00' }));
    await api.record(fact('RouteAgreed', { route: 'marketplace' }, { at: '2026-03-08T09:00' }));
    api.at('2026-04-01');
    await api.record(published);
    await api.project();
    api.at('2026-04-03');
    const rules = async (clock: string, asOf: string): Promise<readonly string[]> => {
      const { body } = await api.get(vendor, 'engagements/e1', { asOf, clock });
      return z
        .array(z.looseObject({ rule: z.string() }))
        .parse(body.flags)
        .map(({ rule }) => rule);
    };
    expect(published.streamId).toBe(`${tenantId}/offer/backup-suite`);
    expect(await rules('occurred', '2026-03-20')).toContain('P5.3');
    expect(await rules('recorded', '2026-03-20')).not.toContain('P5.3');
    expect(await rules('recorded', '2026-04-02')).toContain('P5.3');
  });
});
