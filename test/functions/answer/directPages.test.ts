// Does a request fold only what it has time for, and hand over to a run, or lead on, where there is more?
import { expect, test } from 'vitest';
import { createDirectPage } from '../../../functions/answer/directPage.ts';
import type { Asking } from '../../../functions/answer/question.ts';
import type { QueryRequest } from '../../../functions/query/queryRequest.ts';
import { tenantId } from '../../support/histories/events.ts';

const ids = Array.from({ length: 60 }, (_, index) => `e${String(index).padStart(2, '0')}`);
const caller = { tenantId, subject: 'vera', role: 'vendor', partnerId: undefined } as const;
const now = '2026-09-01T00:00:00.000Z';
const asking: Asking = {
  ...{ caller, now },
  question: { ask: 'rows', table: 'engagements', at: now, clock: 'occurred', equals: {} },
};
const request = (cursor?: string): QueryRequest => ({
  ...{ caller, now, path: ['engagements'] },
  asked: { limit: '1000', ...(cursor !== undefined && { cursor }) },
});

/** Each engagement takes so many milliseconds, and has one row. */
const given = (msOf: (id: string) => number) => {
  let time = 0;
  let folded = 0;
  const page = createDirectPage({
    gathered: async () => [],
    scope: async () => ({ ids, next: undefined }),
    answer: async (_, some) => {
      folded += some.length;
      for (const id of some) time += msOf(id);
      const nothing = { is: {}, wouldBe: {} };
      return { items: some.map((id) => ({ place: `${id}#r`, item: { id } })), tallies: nothing, unreadable: [] };
    },
    directly: 200,
    ticks: () => time,
  });
  return { page, spent: () => time, folded: () => folded };
};

const pageOf = async ({ page }: ReturnType<typeof given>, cursor?: string) => {
  const found = await page({ question: request(cursor), asking });
  if (found === 'tooMany' || 'problem' in found) throw new Error(JSON.stringify(found));
  return found;
};

test('short histories are folded in the request', async () => {
  const api = given(() => 20);
  expect((await pageOf(api)).items).toHaveLength(60);
  expect(api.folded()).toBe(60);
});

test('long ones are handed over to a run, well within the time of a request', async () => {
  for (const ms of [200, 1000, 3000]) {
    const api = given(() => ms);
    expect(await api.page({ question: request(), asking })).toBe('tooMany');
    expect(api.spent()).toBeLessThanOrEqual(15_000);
  }
});

test('a further page holds what was folded in time, and leads to the rest', async () => {
  const short = await given(() => 1).page({ question: { ...request(), asked: { limit: '1' } }, asking });
  if (short === 'tooMany' || 'problem' in short) throw new Error('no page');
  const found: unknown[] = short.items.map(({ id }) => id);
  let pages = 0;
  for (let cursor = short.cursor; cursor !== undefined; pages += 1) {
    const api = given(() => 1000);
    const page = await pageOf(api, cursor);
    expect(api.spent()).toBeLessThanOrEqual(15_000);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.cursor;
  }
  expect(found).toEqual(ids);
  expect(pages).toBeGreaterThan(3);
});
