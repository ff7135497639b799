// Does a waiting receipt say what would free it, in requests that work as they stand?
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engagementReference } from '../../../events/sources/externalIds.ts';
import { externalIdText } from '../../../functions/intake/waitingIndex.ts';
import { waysOut } from '../../../functions/receipts/waysOut.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let vendor: string;
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  [api, vendor] = [await createApi(engine, issuer), await peopleOf(issuer).vendor()];
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const waitsFor = (...ids: readonly { system: string; kind: string; id: string }[]) =>
  waysOut(`notLinked: ${ids.map(externalIdText).join(', ')}`, tenantId);
const requestIn = (way = ''): unknown => JSON.parse(/POST \/v1\/facts (\{.*\})(?:, or|$)/.exec(way)?.[1] ?? '');

describe('what frees a receipt', () => {
  test('that lacks a reference is an opening by it, or a link of it', async () => {
    const [opens, links] = waitsFor(engagementReference('ENG-1'));
    expect(opens).toContain('subject "engagement/ENG-1"');
    expect(await api.post(vendor, requestIn(opens), 'k1')).toMatchObject({ status: 200 });
    expect(requestIn(links)).toMatchObject({ data: { to: { stream: `${tenantId}/engagement/<id>` } } });
  });

  test.each([
    { system: 'stripe', kind: 'subscription', id: 'sub_1' },
    { system: 'https://hub.example/a', kind: 'order', id: 'PO 7' },
    { system: 'erp', kind: 'order', id: 'a, b/c/d' },
    { system: 'erp', kind: 'order', id: 'a/b, "c"' },
  ])('that lacks another id is a link of exactly that id: %j', async (external) => {
    const ways = waitsFor(engagementReference('ENG-1'), external).slice(2);
    expect(ways.map(requestIn)).toMatchObject([{ data: { external } }, { data: { external } }]);
    const answer = await api.post(vendor, requestIn(ways[1]), JSON.stringify(external).replaceAll(' ', ''));
    expect(answer).toMatchObject({ status: 200 });
  });

  test.each([undefined, 'notAllowed: the connection may not say DealClosed', 'needsMerge: two, three'])(
    'for another reason is no link: %s',
    (reason) => {
      expect(waysOut(reason, tenantId)).toEqual([]);
    },
  );
});
