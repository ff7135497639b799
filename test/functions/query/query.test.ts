// What does the API answer about one engagement and one flag?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { streamIdOf } from '../../../events/identifiers.ts';
import { tablesOfEngagement } from '../../../functions/query/engagementReader.ts';
import { type Api, createApi, type Item, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { offerPublished } from '../../support/histories/engagementFacts.ts';
import { engagementStream, fact, tenantId } from '../../support/histories/events.ts';
import { historyObserved } from '../../support/histories/observing.ts';
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
  await api.record(historyObserved());
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const opened = fact('EngagementOpened', { offerId: 'backup-suite' }, { at: '2026-03-01T09:00' });
const won = fact('DealClosed', { result: 'won' }, { at: '2026-03-10T09:00' });
const agreed = fact('OutcomeAgreed', { outcomeId: 'o' }, { at: '2026-03-12T09:00' });

const flagOf = async (rule: string): Promise<Item> => {
  const [flag] = itemsOf(await api.get(vendor, 'flags', { rule }));
  if (flag === undefined) throw new Error(`no flag of ${rule}`);
  return flag;
};

describe('an engagement', () => {
  test('comes complete: its head and every table, with asOf and freshness; nulls have their reasons', async () => {
    await api.record(opened);
    await api.project();
    const { status, body } = await api.get(vendor, 'engagements/e1');
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(
      ['engagement', 'asOf', 'freshness', ...tablesOfEngagement.filter((name) => name !== 'engagements')].sort(),
    );
    expect(body).toMatchObject({
      engagement: {
        rowKey: 'e1',
        stage: 'sell',
        valueMinor: null,
        valueReason: 'notSaid',
        arrMinor: null,
        arrReason: 'none',
        leadPartnerId: null,
        openRules: [],
      },
      stage_history: [{ stage: 'sell' }],
      order_legs: [],
      asOf: '2026-06-30T12:00:00.000Z',
      freshness: [],
    });
    expect(body.engagement).not.toHaveProperty('digests');
    expect(await api.get(vendor, 'engagements/e2')).toMatchObject({
      status: 404,
      body: { detail: 'no engagement e2' },
    });
  });

  test('has a timeline in the order of occurrence, each event with its lateness, its source and whether it stands', async () => {
    api.at('2026-03-10T10:00');
    const revised = (amount: string, seq: string) =>
      fact('DealRevised', { value: { amount, currency: 'EUR' } }, { at: '2026-03-05', sourceId: 'opportunity', seq });
    await api.record(won, revised('100', '1'));
    api.at('2026-03-11');
    await api.record(opened, revised('200', '2'));
    await api.project();
    const items = itemsOf(await api.get(vendor, 'engagements/e1/events'));
    expect(items.map(({ type, latenessSeconds, stands }) => [type, latenessSeconds, stands])).toEqual([
      ['EngagementOpened', 9 * 86_400 + 15 * 3600, true],
      ['DealRevised', 5 * 86_400 + 10 * 3600, false],
      ['DealRevised', 6 * 86_400, true],
      ['DealClosed', 3600, true],
    ]);
    expect(items[0]).toMatchObject({ ...opened, version: 3, recordedAt: '2026-03-11T00:00:00.000Z' });
  });

  test('has a timeline in pages; the cursor continues after the same event although others were recorded meanwhile', async () => {
    const noted = (day: number) =>
      fact('OutcomeAgreed', { outcomeId: `o${day}` }, { at: `2026-03-${String(day).padStart(2, '0')}` });
    // More than ten events, recorded in another order than they occurred: versions must compare as numbers, not as texts.
    await api.record(...[12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map(noted));
    await api.project();
    const path = 'engagements/e1/events';
    const whole = itemsOf(await api.get(vendor, path));
    expect(whole.map(({ version }) => version)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    for (const [limit, lengths] of [
      ['5', [5, 5, 2]],
      ['4', [4, 4, 4]],
      ['12', [12]],
    ] as const) {
      expect(await api.all(vendor, path, { limit })).toEqual({ items: whole, pages: lengths });
    }
    const first = await api.get(vendor, path, { limit: '5' });
    await api.record(fact('OutcomeAgreed', { outcomeId: 'late' }, { at: '2026-03-01' }));
    const cursor = String(first.body.cursor);
    expect(itemsOf(await api.get(vendor, path, { cursor }))).toEqual(whole.slice(5));
    expect(await api.get(vendor, path, { limit: '0' })).toMatchObject({ body: { reason: 'limitOutOfRange' } });
    await api.record(
      fact('EngagementOpened', {}, { at: '2026-03-01', stream: streamIdOf(tenantId, 'engagement', 'e2') }),
    );
    await api.project();
    for (const other of ['engagements/e2/events', 'engagements/e1', 'engagements']) {
      expect(await api.get(vendor, other, { cursor }), other).toMatchObject({
        status: 400,
        body: { reason: 'cursorNotOfThisQuery' },
      });
    }
  });

  test('has a timeline of a hundred events per page where the request gives no limit', async () => {
    const said = Array.from({ length: 101 }, (_, index) =>
      fact('OutcomeAgreed', { outcomeId: `o${index}` }, { at: '2026-03-01' }),
    );
    await api.record(...said);
    await api.project();
    expect((await api.all(vendor, 'engagements/e1/events')).pages).toEqual([100, 1]);
  });
});

describe('a flag', () => {
  test('is found by its id alone, or with its engagement, and cites whole events', async () => {
    await api.record(opened, won);
    await api.project();
    const flag = await flagOf('P1.1');
    const path = `flags/${flag.flagId}`;
    const answer = await api.get(vendor, path);
    expect(answer).toMatchObject({
      status: 200,
      body: { flag, openedBy: { eventId: won.eventId, data: { result: 'won' }, version: 2 }, clearedBy: null },
    });
    expect(answer.body.explanation).toContainEqual(
      expect.objectContaining({ kind: 'event', event: expect.objectContaining({ eventId: won.eventId }) }),
    );
    expect(await api.get(vendor, path, { engagement: 'e1' })).toEqual(answer);
    expect(await api.get(vendor, path, { engagement: 'e2' })).toMatchObject({ status: 404 });
    expect(await api.get(vendor, 'flags/unknown')).toMatchObject({ status: 404, body: { reason: 'notFound' } });
    expect(await api.get(vendor, 'flags/unknown', { engagement: 'e1' })).toMatchObject({ status: 404 });
  });

  test('comes with the event that cleared it, and is open as of a date before that', async () => {
    await api.record(opened, won, agreed);
    await api.project();
    const { flagId } = await flagOf('P1.1');
    expect(await api.get(vendor, `flags/${flagId}`)).toMatchObject({
      body: { flag: { status: 'cleared' }, clearedBy: { eventId: agreed.eventId } },
    });
    expect(await api.get(vendor, `flags/${flagId}`, { asOf: '2026-03-11' })).toMatchObject({
      status: 200,
      body: { flag: { status: 'open' }, clearedBy: null, asOf: '2026-03-11T00:00:00.000Z', clock: 'occurred' },
    });
    expect(await api.get(vendor, `flags/${flagId}`, { asOf: '2026-03-05' })).toMatchObject({ status: 404 });
  });

  test("that cites an offer comes with the offer's event, from the offer's stream", async () => {
    const { version, recordedAt, ...published } = offerPublished('2026-01-01', { routes: ['direct'] });
    const route = fact('RouteAgreed', { route: 'marketplace' }, { at: '2026-03-08T09:00' });
    await api.record(published, opened, route);
    await api.project();
    const { flagId } = await flagOf('P5.3');
    const { body } = await api.get(vendor, `flags/${flagId}`);
    const cited = (event: object) => expect.objectContaining({ kind: 'event', event: expect.objectContaining(event) });
    expect(body.explanation).toContainEqual(cited({ eventId: route.eventId, streamId: engagementStream }));
    expect(body.explanation).toContainEqual(
      cited({ eventId: published.eventId, streamId: 'acme/offer/backup-suite', data: published.data }),
    );
  });

  test('that a silence has raised comes with the event that armed it', async () => {
    await api.record(opened, won);
    await api.project();
    const silent = itemsOf(await api.get(vendor, 'flags')).filter(({ evidence }) =>
      JSON.stringify(evidence).includes('"silence"'),
    );
    expect(silent.length).toBeGreaterThan(0);
    for (const { flagId } of silent) {
      const { body } = await api.get(vendor, `flags/${flagId}`);
      expect(body.explanation).toContainEqual(
        expect.objectContaining({ kind: 'silence', event: expect.objectContaining({ streamId: engagementStream }) }),
      );
    }
  });
});
