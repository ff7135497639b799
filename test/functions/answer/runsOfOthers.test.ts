// Is a run its asker's alone, cancelled when nobody wants it, and kept no longer than a week?
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { type Answer, type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { type Answering, answeringOf } from '../../support/asking/answering.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { idOf, partners } from '../../support/histories/ledInTurn.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

// A real engine, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let [vendor, ofA, ofB] = ['', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofA, ofB] = await Promise.all([
    people.vendor(),
    people.partner(idOf(partners.a)),
    people.partner(idOf(partners.b)),
  ]);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const engagement = (id: string) => streamIdOf(tenantId, 'engagement', id);
const opened = (id: string, leadPartner: typeof partners.a = partners.a): Fact =>
  fact('EngagementOpened', { leadPartner }, { at: '2026-03-01', stream: engagement(id) });
const toB = (id: string) =>
  fact('PartnerAssigned', { partner: partners.b, by: 'connection' }, { at: '2026-05-01', stream: engagement(id) });
const ids = Array.from({ length: 60 }, (_, index) => `e${String(index).padStart(2, '0')}`);

/** Sixty engagements, of which a request folds at most `directly`. */
const given = async (...more: readonly Fact[]): Promise<{ readonly api: Api; readonly answering: Answering }> => {
  const api = await createApi(engine, issuer, { directly: 10 });
  await api.record(...ids.map((id) => opened(id)), ...more);
  api.at('2026-09-01');
  await api.project();
  return { api, answering: answeringOf(engine, api) };
};

const Begun = z.looseObject({ run: z.string(), status: z.string(), place: z.string() });
const asked = { asOf: '2026-04-01' };
const begun = async (
  api: Api,
  token = vendor,
  path = 'engagements',
  words: Readonly<Record<string, string>> = asked,
) => {
  const answer = await api.ask(token, path, words);
  expect(answer.statusCode).toBe(202);
  const body = Begun.parse(JSON.parse(answer.body));
  expect(answer.headers.location).toBe(body.place);
  expect(body.place).toBe(`/v1/runs/${body.run}`);
  return body.run;
};
const idsIn = (answer: Answer) => itemsOf(answer).map(({ engagementId }) => engagementId);

describe('a run that nobody wants any more', () => {
  test('is cancelled: no chunk is folded from then on, and no result is shown', async () => {
    const { api } = await given();
    let folded = 0;
    const answering = answeringOf(engine, api, (answer) => async (asking, of) => {
      folded += of.length;
      return await answer(asking, of);
    });
    const run = await begun(api);
    const [list] = api.sent.splice(0);
    if (list !== undefined) await answering.step(list);
    expect((await api.send('DELETE', vendor, `runs/${run}`)).body).toMatchObject({ status: 'cancelled' });
    await answering.settle();
    expect(folded).toBe(0);
    const { status, body } = await api.get(vendor, `runs/${run}`);
    expect([status, body.status, body.items]).toEqual([200, 'cancelled', undefined]);
    expect((await api.send('DELETE', vendor, `runs/${run}`)).status).toBe(200);
    expect(await begun(api)).not.toBe(run);
  });

  test('that is done already keeps its result, for others may read it', async () => {
    const { api, answering } = await given();
    const run = await begun(api);
    await answering.settle();
    expect((await api.send('DELETE', vendor, `runs/${run}`)).body).toMatchObject({ status: 'done' });
    expect(idsIn(await api.get(vendor, `runs/${run}`)).toSorted()).toEqual(ids);
  });

  test('but for which somebody else asked too goes on until that person cancels it as well', async () => {
    const { api, answering } = await given();
    const mate = await peopleOf(issuer).vendor({ sub: 'viktor' });
    const third = await peopleOf(issuer).vendor({ sub: 'vlad' });
    const run = await begun(api);
    expect(await begun(api, mate)).toBe(run);
    const { status, body } = await api.send('DELETE', third, `runs/${run}`);
    expect([status, body.reason]).toEqual([409, 'runWanted']);
    expect((await api.send('DELETE', vendor, `runs/${run}`)).body).toMatchObject({ status: 'running' });
    expect((await api.get(mate, `runs/${run}`)).body.status).toBe('running');
    expect((await api.send('DELETE', mate, `runs/${run}`)).body).toMatchObject({ status: 'cancelled' });
    await answering.settle();
    expect((await api.get(mate, `runs/${run}`)).body.items).toBeUndefined();
  });

  test('is gone after seven days, and its messages do nothing', async () => {
    const { api, answering } = await given();
    const run = await begun(api);
    api.at('2026-09-07T23:59');
    expect((await api.get(vendor, `runs/${run}`)).status).toBe(200);
    api.at('2026-09-08');
    expect((await api.get(vendor, `runs/${run}`)).body.reason).toBe('notFound');
    expect((await api.send('DELETE', vendor, `runs/${run}`)).status).toBe(404);
    await answering.settle();
    const stored = await answering.store.get(tenantId, run);
    expect(stored?.listed).toBeUndefined();
  });
});

describe('a run of somebody else', () => {
  test('is not there: of another tenant, of the vendor, of another partner', async () => {
    const { api, answering } = await given(...ids.slice(0, 20).map(toB));
    const stranger = await peopleOf(issuer).vendor({ tenant: 'others' });
    const run = await begun(api);
    const own = await begun(api, ofB);
    await answering.settle();
    for (const [token, of] of [
      [stranger, run],
      [ofA, run],
      [ofA, own],
      [vendor, own],
      [stranger, own],
    ] as const) {
      expect((await api.get(token, `runs/${of}`)).status).toBe(404);
      if (token !== vendor) expect((await api.send('DELETE', token, `runs/${of}`)).status).toBe(404);
    }
    expect((await api.get(vendor, 'runs/none')).status).toBe(404);
    const mate = await peopleOf(issuer).vendor({ sub: 'viktor' });
    expect((await api.get(mate, `runs/${run}`)).status).toBe(200);
  });

  test('is ended by the vendor where it is of a partner of its tenant', async () => {
    const { api } = await given();
    const run = await begun(api, ofA);
    expect((await api.send('DELETE', vendor, `runs/${run}`)).body).toMatchObject({ status: 'cancelled' });
    expect((await api.get(ofA, `runs/${run}`)).body).toMatchObject({ status: 'cancelled' });
    expect((await api.get(vendor, `runs/${run}`)).status).toBe(404);
  });

  test('holds of a partner what it leads, and shows what it leads still', async () => {
    const { api, answering } = await given(...ids.slice(0, 20).map(toB));
    const run = await begun(api, ofB);
    await answering.settle();
    expect(idsIn(await api.get(ofB, `runs/${run}`)).toSorted()).toEqual(ids.slice(0, 20));
    const back = fact(
      'PartnerAssigned',
      { partner: partners.a, by: 'connection' },
      { at: '2026-08-01', stream: engagement('e03') },
    );
    await api.record(back);
    await api.project();
    expect(idsIn(await api.get(ofB, `runs/${run}`))).not.toContain('e03');
    expect(itemsOf(await api.get(ofB, `runs/${run}`))).toHaveLength(19);
  });
});

describe('a run of a partner shows no more', () => {
  test('of engagements of which it came to be known since that another led for a time', async () => {
    const { api, answering } = await given();
    const run = await begun(api, ofA);
    await answering.settle();
    expect(itemsOf(await api.get(ofA, `runs/${run}`))).toHaveLength(60);
    // It leads still, but not the time before: what it saw of that time it may see no more.
    const assigned = (partner: typeof partners.a, at: string, id: string) =>
      fact('PartnerAssigned', { partner, by: 'connection' }, { at, stream: engagement(id) });
    api.at('2026-09-02');
    await api.record(assigned(partners.b, '2026-03-02', 'e03'), assigned(partners.a, '2026-03-05', 'e03'));
    await api.record(fact('DealClosed', { result: 'won' }, { at: '2026-09-02', stream: engagement('e04') }));
    await api.project();
    const shown = idsIn(await api.get(ofA, `runs/${run}`));
    expect(shown).not.toContain('e03');
    expect(shown).toHaveLength(59);
    api.at('2026-09-02T00:11');
    const again = await begun(api, ofA);
    await answering.settle();
    expect(idsIn(await api.get(ofA, `runs/${again}`))).toContain('e03');
  });

  test('of offers that are no longer its own', async () => {
    const published = (id: string, ownerPartner: typeof partners.a, seq: string) =>
      fact(
        'OfferPublished',
        {
          ...{ offerId: id, version: 1, ownerPartner, routes: ['direct'] },
          components: [{ componentId: 'c', kind: 'base_licence' }],
        },
        { at: '2026-03-01', stream: streamIdOf(tenantId, 'offer', id), sourceId: id, seq },
      );
    const own = Array.from({ length: 12 }, (_, index) => `o${String(index).padStart(2, '0')}`);
    const { api, answering } = await given(...own.map((id) => published(id, partners.a, '1')));
    const run = await begun(api, ofA, 'tables/offers');
    await answering.settle();
    const offerIds = async () => itemsOf(await api.get(ofA, `runs/${run}`)).map(({ offerId }) => offerId);
    expect((await offerIds()).toSorted()).toEqual(own);
    await api.record(published('o05', partners.b, '2'));
    await api.project();
    expect((await offerIds()).toSorted()).toEqual(own.filter((id) => id !== 'o05'));
  });
});

test('what is no route, and no method of it, is not there', async () => {
  const { api } = await given();
  expect((await api.get(vendor, 'runs')).status).toBe(404);
  expect((await api.get(vendor, 'what-if')).status).toBe(404);
  expect((await api.send('DELETE', vendor, 'engagements/e00')).status).toBe(404);
  expect((await api.send('POST', vendor, 'engagements', {})).status).toBe(404);
  expect((await api.send('POST', vendor, 'runs/e00', {})).status).toBe(404);
});
