// Do the answers of long questions match their document, for a vendor and for a partner, from the beginning of a run to its end?
import { afterAll, beforeAll, expect, it } from 'vitest';
import { datedRollup } from '../../../domain/rollups/dated.ts';
import { askedTables } from '../../../domain/rows/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { answeringOf } from '../../support/asking/answering.ts';
import { wrongAnswer } from '../../support/asking/wrongAnswer.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { everythingSaid } from '../../support/histories/everything.ts';
import { idOf, partners } from '../../support/histories/ledInTurn.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let callers: readonly (readonly [string, string])[] = [];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  callers = [
    ['a vendor', await people.vendor()],
    ['a partner', await people.partner(idOf(partners.a))],
  ];
  api = await createApi(engine, issuer);
  const stream = streamIdOf(tenantId, 'engagement', 'e1');
  const term = { termStart: '2025-03-01T00:00:00.000Z', termEnd: '2026-03-01T00:00:00.000Z' };
  await api.record(
    ...everythingSaid({ engagement: 'e2', lead: partners.a }),
    fact('EngagementOpened', { leadPartner: partners.a, customer: partners.c }, { at: '2025-03-01', stream }),
    fact('SubscriptionStarted', { subscriptionId: 's1', kind: 'base_licence', ...term }, { at: '2025-03-01', stream }),
    fact('MilestoneReached', { milestone: 'go_live' }, { at: '2025-04-01', stream }),
    fact('SubscriptionEnded', { subscriptionId: 's1' }, { at: '2025-09-01', stream }),
  );
  await api.project();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

it('lists and tables as of a date, changes, and runs from their beginning to their end', async () => {
  const few = await createApi(engine, issuer, { ...api, directly: 0 });
  const answering = answeringOf(engine, few);
  const asOf = '2026-06-20';
  for (const [who, token] of callers) {
    for (const table of askedTables.filter(({ name, grain }) => grain !== 'group' || datedRollup(name) !== undefined)) {
      const answer = await api.get(token, `tables/${table.name}`, { asOf });
      expect(answer.status, table.name).toBe(200);
      expect(wrongAnswer('get', `/v1/tables/${table.name}`, answer), `${table.name} for ${who}`).toEqual([]);
    }
    const changes = await api.get(token, 'changes', { from: '2025-03-15', to: asOf });
    expect(itemsOf(changes).length).toBeGreaterThan(5);
    expect(wrongAnswer('get', '/v1/changes', changes), who).toEqual([]);
    for (const [path, asked] of [
      ['flags', { asOf }],
      ['changes', { from: '2025-03-15', to: asOf }],
    ] as const) {
      const begun = await few.get(token, path, asked);
      expect(begun.status).toBe(202);
      expect(wrongAnswer('get', `/v1/${path}`, begun), who).toEqual([]);
      const run = `runs/${begun.body.run}`;
      expect(wrongAnswer('get', '/v1/runs/{run}', await few.get(token, run)), who).toEqual([]);
      await answering.settle();
      const done = await few.get(token, run);
      expect([done.body.status, itemsOf(done).length > 0]).toEqual(['done', true]);
      expect(wrongAnswer('get', '/v1/runs/{run}', done), who).toEqual([]);
      expect(wrongAnswer('delete', '/v1/runs/{run}', await few.send('DELETE', token, run)), who).toEqual([]);
    }
    const body = { set: { 'P4.1': { days: 1 } }, from: '2025-01-01', to: asOf };
    const asked = await few.send('POST', token, 'what-if', body);
    expect(asked.status).toBe(who === 'a vendor' ? 202 : 403);
    expect(wrongAnswer('post', '/v1/what-if', asked), who).toEqual([]);
    expect(wrongAnswer('post', '/v1/what-if', await few.send('POST', token, 'what-if', {})), who).toEqual([]);
    if (asked.status === 403) continue;
    await answering.settle();
    const done = await few.get(token, `runs/${asked.body.run}`);
    expect(done.body.scores).not.toEqual([]);
    expect(wrongAnswer('get', '/v1/runs/{run}', done)).toEqual([]);
  }
}, 120_000);
