// Is a long question answered by a run: once and whole, whatever happens meanwhile?
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
import { storedItems } from '../store/storedItems.ts';

// A real engine, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let vendor = '';

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const engagement = (id: string) => streamIdOf(tenantId, 'engagement', id);
const opened = (id: string, leadPartner: typeof partners.a = partners.a): Fact =>
  fact('EngagementOpened', { leadPartner }, { at: '2026-03-01', stream: engagement(id) });
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

describe('a run', () => {
  test('tells its progress, then pages the rows that the request would have answered', async () => {
    const { api, answering } = await given();
    const run = await begun(api);
    expect((await api.get(vendor, `runs/${run}`)).body).toMatchObject({
      ...{ status: 'running', progress: { of: null, done: 0, items: 0 }, asOf: '2026-04-01T00:00:00.000Z' },
    });
    const [list] = api.sent.splice(0);
    if (list !== undefined) await answering.step(list);
    const [chunk, ...others] = api.sent.splice(0);
    if (chunk !== undefined) await answering.step(chunk);
    const { body } = await api.get(vendor, `runs/${run}`);
    expect(body).toMatchObject({ status: 'running', progress: { of: 60, done: 25 } });
    expect(body.items).toBeUndefined();
    api.sent.push(...others);
    await answering.settle();
    const whole = await api.get(vendor, `runs/${run}`);
    expect(whole.body).toMatchObject({ status: 'done', progress: { of: 60, done: 60, items: 60 }, unreadable: [] });
    expect(idsIn(whole).toSorted()).toEqual(ids);
    const paged = await api.all(vendor, `runs/${run}`, { limit: '7' });
    expect(paged.items).toEqual(itemsOf(whole));
    expect(paged.pages).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 4]);
    const direct = await createApi(engine, issuer, { ...api, directly: 100 });
    direct.at('2026-09-01');
    expect(itemsOf(whole).toSorted((a, b) => (String(a.rowKey) < String(b.rowKey) ? -1 : 1))).toEqual(
      itemsOf(await direct.get(vendor, 'engagements', asked)),
    );
  });

  test('of a table is a file too', async () => {
    const { api, answering } = await given();
    const run = await begun(api, vendor, 'tables/engagements', { ...asked, format: 'csv' });
    const early = await api.ask(vendor, `runs/${run}`, { format: 'csv' });
    expect([early.statusCode, JSON.parse(early.body).reason]).toEqual([409, 'runRunning']);
    expect(early.headers).toMatchObject({ 'retry-after': '2', location: `/v1/runs/${run}` });
    const [list] = api.sent.splice(0);
    if (list !== undefined) await answering.step(list);
    const [chunk] = api.sent.splice(0, 1);
    if (chunk !== undefined) await answering.step(chunk);
    const { detail } = JSON.parse((await api.ask(vendor, `runs/${run}`, { format: 'csv' })).body);
    expect(detail).toContain('25 of 60');
    expect(detail).toContain(`/v1/runs/${run}`);
    await answering.settle();
    const first = await api.ask(vendor, `runs/${run}`, { format: 'csv', limit: '50' });
    const next = await api.ask(vendor, `runs/${run}`, {
      format: 'csv',
      limit: '50',
      cursor: first.headers['x-next-cursor'] ?? '',
    });
    expect(first.headers['content-type']).toContain('text/csv');
    expect(`${first.body}${next.body}`.trim().split('\n')).toHaveLength(61);
  });

  test('that is cancelled has no file, and says to ask again', async () => {
    const { api } = await given();
    const run = await begun(api, vendor, 'tables/engagements', asked);
    await api.send('DELETE', vendor, `runs/${run}`);
    const late = await api.ask(vendor, `runs/${run}`, { format: 'csv' });
    expect([late.statusCode, JSON.parse(late.body).reason]).toEqual([409, 'runCancelled']);
    expect(JSON.parse(late.body).detail).toContain('ask again');
    expect(late.headers['retry-after']).toBeUndefined();
  });

  test('is one for the same words, until ten minutes after its end', async () => {
    const { api, answering } = await given();
    const run = await begun(api);
    expect(await begun(api)).toBe(run);
    expect(await begun(api, vendor, 'engagements', { asOf: '2026-04-02' })).not.toBe(run);
    expect(await begun(api, vendor, 'engagements', { ...asked, stage: 'sell' })).not.toBe(run);
    await answering.settle();
    const again = await api.ask(vendor, 'engagements', asked);
    expect(JSON.parse(again.body)).toMatchObject({ run, status: 'done', progress: { done: 60 } });
    expect(again.headers['retry-after']).toBeUndefined();
    api.at('2026-09-01T00:09');
    expect(await begun(api)).toBe(run);
    api.at('2026-09-01T00:10');
    expect(await begun(api)).not.toBe(run);
  });

  test('is one of five under way at most: a sixth is refused with the five, until one is over or cancelled', async () => {
    const { api, answering } = await given();
    const day = (of: number) => ({ asOf: `2026-04-${String(of).padStart(2, '0')}` });
    const runs: string[] = [];
    for (const of of [1, 2, 3, 4, 5]) runs.push(await begun(api, vendor, 'engagements', day(of)));
    const sixth = await api.ask(vendor, 'engagements', day(6));
    expect([sixth.statusCode, JSON.parse(sixth.body).reason]).toEqual([429, 'tooManyRuns']);
    expect(sixth.headers['retry-after']).toMatch(/^\d+$/);
    for (const run of runs) expect(JSON.parse(sixth.body).detail).toContain(run);
    const body = { set: { 'P4.1': { days: 30 } }, from: '2026-01-01', to: '2026-08-01' };
    expect((await api.send('POST', vendor, 'what-if', body)).status).toBe(429);
    expect(await begun(api, vendor, 'engagements', day(3))).toBe(runs[2]);
    const partner = await peopleOf(issuer).partner(idOf(partners.a));
    await begun(api, partner, 'engagements', day(6));
    await api.send('DELETE', vendor, `runs/${runs[1]}`);
    await begun(api, vendor, 'engagements', day(6));
    expect((await api.ask(vendor, 'engagements', day(7))).statusCode).toBe(429);
    await answering.settle();
    await begun(api, vendor, 'engagements', day(7));
  });

  test('is one of five under way at most, also where many are asked for at once', async () => {
    const { api } = await given();
    const days = Array.from({ length: 9 }, (_, index) => ({ asOf: `2026-04-0${index + 1}` }));
    const statuses = await Promise.all(days.map(async (of) => (await api.ask(vendor, 'engagements', of)).statusCode));
    expect(statuses.filter((status) => status === 202)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
  });

  test('whose first message was lost is sent on its way by the next who asks', async () => {
    const { api, answering } = await given();
    const run = await begun(api);
    api.sent.splice(0);
    expect(await begun(api)).toBe(run);
    await answering.settle();
    expect((await api.get(vendor, `runs/${run}`)).body.status).toBe('done');
  });

  test('asked for by several at once is one', async () => {
    const { api } = await given();
    const runs = await Promise.all(Array.from({ length: 4 }, () => begun(api)));
    expect(new Set(runs).size).toBe(1);
  });

  test('that is delivered twice, in any order, answers each engagement once', async () => {
    const { api, answering } = await given();
    const run = await begun(api);
    const messages = api.sent.splice(0);
    for (const message of [...messages, ...messages]) await answering.step(message);
    const chunks = api.sent.splice(0);
    expect(chunks).toHaveLength(6);
    await Promise.all([...chunks, ...chunks].toReversed().map((chunk) => answering.step(chunk)));
    const whole = await api.get(vendor, `runs/${run}`);
    expect(whole.body).toMatchObject({ status: 'done', progress: { of: 60, done: 60 } });
    expect(idsIn(whole).toSorted()).toEqual(ids);
  });

  test('lists what it covers once: an engagement that is opened meanwhile moves no chunk', async () => {
    const { api, answering } = await given();
    const run = await begun(api);
    const messages = api.sent.splice(0);
    for (const message of messages) await answering.step(message);
    await api.record(opened('e00a'), opened('e59a'));
    for (const message of messages) await answering.step(message);
    await answering.settle();
    expect(idsIn(await api.get(vendor, `runs/${run}`)).toSorted()).toEqual(ids);
  });

  test('names what it cannot read, and goes on', async () => {
    const { api } = await given();
    for (const at of ['2026-03-02', '2026-03-03'])
      await api.record(fact('DealRevised', { salesStage: at }, { at, stream: engagement('e07') }));
    await storedItems(engine, api.eventsTable).remove(engagement('e07'), 2);
    const run = await begun(api);
    await answeringOf(engine, api).settle();
    const whole = await api.get(vendor, `runs/${run}`);
    expect(whole.body).toMatchObject({ status: 'done', unreadable: ['e07'], progress: { items: 59 } });
    const file = await api.ask(vendor, `runs/${run}`, { format: 'csv' });
    expect(file.headers['x-unreadable']).toBe('["e07"]');
  });

  test('of nothing is over at once', async () => {
    const joined = fact(
      'PartyRegistered',
      { party: partners.c, roles: ['msp'] },
      { at: '2026-03-01', stream: streamIdOf(tenantId, 'party', idOf(partners.c)) },
    );
    const { api, answering } = await given(joined);
    const body = { set: { 'P4.1': { days: 30 } }, partner: idOf(partners.c), from: '2026-01-01', to: '2026-08-01' };
    const { body: about } = await api.send('POST', vendor, 'what-if', body);
    await answering.settle();
    expect((await api.get(vendor, `runs/${about.run}`)).body).toMatchObject({ status: 'done', items: [], scores: [] });
  });
});
