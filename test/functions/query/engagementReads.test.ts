// How many calls and computations does a question about one engagement cost?
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { partyIdOf } from '../../../domain/context/context.ts';
import { rules } from '../../../domain/patterns/catalog.ts';
import { engagementTables } from '../../../domain/rows/catalog.ts';
import { type Api, createApi, type Item, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { offerPublished } from '../../support/histories/engagementFacts.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { storeCalls } from '../../support/storeCalls.ts';

const partner = { system: 'crm', kind: 'partner', id: 'northwind' };
const partnerId = partyIdOf({ tenantId, links: new Map() }, partner);

let engine: TestEngine;
let issuer: TestIssuer;
let vendor: string;
let lead: string;
let api: Api;
let calls: ReturnType<typeof storeCalls>;
let unsellable: Item | undefined;
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
  lead = await peopleOf(issuer).partner(partnerId);
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

beforeEach(async () => {
  vi.restoreAllMocks();
  calls = storeCalls(engine);
  api = await createApi({ ...engine, client: calls.client }, issuer);
  const { version, recordedAt, ...published } = offerPublished('2026-01-01', { routes: ['direct'] });
  api.at('2026-03-01');
  await api.record(
    published,
    fact('EngagementOpened', { offerId: 'backup-suite', leadPartner: partner }, { at: '2026-03-01' }),
  );
  api.at('2026-06-30T12:00');
  await api.record(
    fact('RouteAgreed', { route: 'marketplace' }, { at: '2026-03-08' }),
    fact('DealClosed', { result: 'won' }, { at: '2026-03-10' }),
  );
  await api.project();
  [unsellable] = itemsOf(await api.get(vendor, 'flags', { rule: 'P5.3' }));
  calls.taken();
});

/** Counts how often each table makes its rows, and how often the rule judges that judges most often. */
const computed = () => {
  const rows = engagementTables.map((table) => [table.name, vi.spyOn(table, 'rows')] as const);
  const judged = rules.map((rule) => vi.spyOn(rule, 'verdicts'));
  return () => ({
    tables: rows.flatMap(([name, { mock }]) => (mock.calls.length === 0 ? [] : [`${mock.calls.length} ${name}`])),
    judgedAtMost: Math.max(...judged.map(({ mock }) => mock.calls.length)),
  });
};

const asOf = '2026-06-01';

/** What every answer reads: the head, which says whose the engagement is, and how fresh the sources are. */
const always = ['GetItem engagements', 'Query sources'];
/** Whether work of a source still waits, in each shard: a process looks again once five seconds have passed. */
const waits = Array.from({ length: 4 }, () => 'Query receipts/open');
/** Three streams hold events: the engagement's, the offer's and the partner's. One batch read covers all streams of the context. */
const streams = ['BatchGetItem events', 'BatchGetItem events', 'Query events', 'Query events', 'Query events'];

/** Which connections may have been silent: a process that reads a context asks each shard, and then not for a minute. */
const listing = Array.from({ length: 16 }, () => 'Query events/shards');

/** The store's calls for an answer, and what was computed for it. */
const costOf = async (token: string, path: string, asked: Readonly<Record<string, string>> = {}) => {
  const count = computed();
  const answer = await api.get(token, path, asked);
  expect(answer.status).toBe(200);
  return { answer, cost: { calls: calls.taken().toSorted(), ...count() } };
};
const nothing = { tables: [], judgedAtMost: 0 };

test.each(['occurred', 'recorded'])(
  'a flag as of a date (%s) reads each stream once, evaluates no rule twice, and makes only the rows of flags',
  async (clock) => {
    api.at('2026-08-01');
    const asked = { engagement: 'e1', asOf: '2026-07-01', clock };
    const { answer, cost } = await costOf(vendor, `flags/${unsellable?.flagId}`, asked);
    expect(JSON.stringify(answer.body.explanation)).toContain('OfferPublished');
    expect(cost).toEqual({
      calls: [...streams, ...listing, ...always, ...waits].sort(),
      tables: ['1 flags'],
      judgedAtMost: 1,
    });
  },
);

test('a partner’s question costs no more: its parties are found in the streams that were read', async () => {
  const asked = { engagement: 'e1', asOf };
  const { cost } = await costOf(lead, `flags/${unsellable?.flagId}`, asked);
  expect(cost).toEqual({ calls: [...streams, ...listing, ...always].sort(), tables: ['1 flags'], judgedAtMost: 1 });
});

test('an engagement as of a date evaluates no rule twice, and makes the rows of each table once', async () => {
  const { cost } = await costOf(vendor, 'engagements/e1', { asOf });
  const tables = engagementTables.map(({ name }) => `1 ${name}`);
  expect(cost).toEqual({ calls: [...streams, ...listing, ...always].sort(), tables, judgedAtMost: 1 });
});

test('a current flag computes nothing, and reads the context only for events that the engagement’s stream lacks', async () => {
  const rows = ['BatchGetItem flags', 'Query flags', 'Query flags/byFlag'];
  const { cost } = await costOf(vendor, `flags/${unsellable?.flagId}`);
  expect(cost).toEqual({ calls: [...rows, ...streams, ...listing, ...always].sort(), ...nothing });
  const [won] = itemsOf(await api.get(vendor, 'flags', { rule: 'P1.1' }));
  calls.taken();
  const { cost: own } = await costOf(vendor, `flags/${won?.flagId}`);
  expect(own).toEqual({ calls: [...rows, 'BatchGetItem events', ...always].sort(), ...nothing });
});

test('a timeline reads its stream, and for a partner the links of the parties that it names', async () => {
  const { cost } = await costOf(vendor, 'engagements/e1/events');
  expect(cost).toEqual({ calls: ['BatchGetItem events', 'Query events', ...always].sort(), ...nothing });
  const { cost: partners } = await costOf(lead, 'engagements/e1/events');
  expect(partners).toEqual({ calls: ['BatchGetItem events', 'BatchGetItem events', ...always].sort(), ...nothing });
});
