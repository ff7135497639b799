// Does a run come to an end where something in it fails again and again, and does it say what failed and why?
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { streamIdOf } from '../../../events/identifiers.ts';
import { createAnswerHandler } from '../../../functions/answer/answerHandler.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { answeringOf } from '../../support/asking/answering.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { idOf, partners } from '../../support/histories/ledInTurn.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

// A real engine, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let engine: TestEngine;
let issuer: TestIssuer;
let [vendor, ofA] = ['', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, ofA] = await Promise.all([people.vendor(), people.partner(idOf(partners.a))]);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const ids = Array.from({ length: 30 }, (_, index) => `e${String(index).padStart(2, '0')}`);

/** Thirty engagements, of which a request folds at most `directly`. */
const given = async (): Promise<Api> => {
  const api = await createApi(engine, issuer, { directly: 10 });
  const opened = (id: string) =>
    fact(
      'EngagementOpened',
      { leadPartner: partners.a },
      { at: '2026-03-01', stream: streamIdOf(tenantId, 'engagement', id) },
    );
  await api.record(...ids.map(opened));
  api.at('2026-09-01');
  await api.project();
  return api;
};

const begun = async (api: Api, token = vendor) => {
  const answer = await api.get(token, 'engagements', { asOf: '2026-04-01' });
  expect(answer.status).toBe(202);
  return z.string().parse(answer.body.run);
};

describe('an engagement that can not be folded', () => {
  const heavy = (api: Api) =>
    answeringOf(engine, api, (answer) => async (asking, of) => {
      if (of.includes('e07')) throw new Error('too heavy');
      return await answer(asking, of);
    });

  test.each([
    ['the vendor', () => vendor, 'Error: too heavy'],
    ['a partner', () => ofA, 'an error of ours; ask again'],
  ])('is named on the last try, and the others are answered: to %s', async (_, token, reason) => {
    const api = await given();
    const run = await begun(api, token());
    const answering = heavy(api);
    const messages = api.sent.splice(0);
    for (const message of messages) await answering.step(message);
    const chunks = api.sent.splice(0);
    const tried = await Promise.allSettled(chunks.map((chunk) => answering.step(chunk)));
    expect(tried.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await api.get(token(), `runs/${run}`)).body).toMatchObject({ status: 'running', failed: [] });
    api.sent.push(...chunks);
    await answering.settle({ isLast: true });
    const answer = await api.get(token(), `runs/${run}`);
    expect(answer.body).toMatchObject({ status: 'done', problem: null, failed: [{ id: 'e07', reason }] });
    expect(answer.body).toMatchObject({ progress: { of: 30, done: 30, items: 29 }, unreadable: [] });
    expect(
      itemsOf(answer)
        .map(({ engagementId }) => engagementId)
        .toSorted(),
    ).toEqual(ids.filter((id) => id !== 'e07'));
  });
});

test('a run whose list can not be made fails, says why, and the question begins another', async () => {
  const api = await given();
  const run = await begun(api);
  const streams = async (): Promise<never> => {
    throw new Error('no index');
  };
  const without = answeringOf(engine, { ...api, store: { ...api.store, streams } });
  const [message] = api.sent.splice(0);
  if (message === undefined) throw new Error('no message');
  await expect(without.step(message)).rejects.toThrow('no index');
  expect((await api.get(vendor, `runs/${run}`)).body.status).toBe('running');
  await expect(without.step(message, { isLast: true })).rejects.toThrow('no index');
  const { body } = await api.get(vendor, `runs/${run}`);
  expect(body).toMatchObject({ status: 'failed', problem: expect.stringContaining('no index') });
  expect(body.items).toBeUndefined();
  const file = await api.ask(vendor, `runs/${run}`, { format: 'csv' });
  expect([file.statusCode, JSON.parse(file.body).reason]).toEqual([409, 'runFailed']);
  expect(await begun(api)).not.toBe(run);
});

test('a run of which nothing is heard for two hours has failed, and its question begins another', async () => {
  const api = await given();
  const run = await begun(api);
  api.sent.splice(0);
  api.at('2026-09-01T01:59');
  expect((await api.get(vendor, `runs/${run}`)).body.status).toBe('running');
  api.at('2026-09-01T02:00');
  const { body } = await api.get(vendor, `runs/${run}`);
  expect(body).toMatchObject({ status: 'failed', problem: expect.stringContaining('two hours') });
  expect(await begun(api)).not.toBe(run);
});

test('a message that the queue delivers for the last time is told to be so', async () => {
  const told: boolean[] = [];
  const handler = createAnswerHandler({
    step: async (_, { isLast }) => void told.push(isLast),
    tries: 5,
    keepFailure: async () => undefined,
    logger: { debug: () => undefined, error: () => undefined },
  });
  const body = JSON.stringify({ tenantId, run: 'r', chunk: { page: 0, slice: 0 } });
  for (const count of ['1', '4', '5', '6']) {
    await handler({ Records: [{ messageId: 'm', body, attributes: { ApproximateReceiveCount: count } }] });
  }
  expect(told).toEqual([false, false, true, true]);
});
