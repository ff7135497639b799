// Do the rows of groups equal the function of their contributions in any order, after repetition and concurrency, and after a rebuild?
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { createGroups, type Groups } from '../../support/groups.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { org, partyId } from '../../support/tabled.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const now = '2026-06-15T12:00:00.000Z';
const engagement = (id: string): string => streamIdOf(tenantId, 'engagement', id);

const sold = (id: string, partner: string, customer: string, amountMinor: number): readonly Fact[] => {
  const stream = engagement(id);
  return [
    fact(
      'EngagementOpened',
      { leadPartner: org(partner), customer: org(customer) },
      { at: '2025-03-01', stream, sourceId: `${id}-opened` },
    ),
    fact(
      'SubscriptionStarted',
      {
        subscriptionId: `s-${id}`,
        price: { amountMinor, currency: 'EUR' },
        billingPeriod: 'P1M',
        termStart: '2025-03-10T00:00:00.000Z',
      },
      { at: '2025-03-10', stream, sourceId: `${id}-started` },
    ),
  ];
};

/** Two partners; one customer is served by both. */
const channel = [
  ...sold('e-1', 'north', 'c-1', 1_000),
  ...sold('e-2', 'south', 'c-1', 500),
  ...sold('e-3', 'north', 'c-2', 700),
];

const world = async (): Promise<Groups> => createGroups(engine, now);
const told = async (): Promise<Groups> => {
  const here = await world();
  await here.projectAll(await here.record(channel));
  await here.rollUp();
  return here;
};

const monthOf = async (here: Groups, table: string, group: string, measured: string, month = '2026-06') =>
  (await here.groupRows())[`${table}|${group}#${month}#${measured}`];

test('a partner’s customers add up; a customer of two partners is one logo for the vendor', async () => {
  const here = await told();
  expect(await monthOf(here, 'partner_months', partyId('north'), 'EUR')).toMatchObject({ endMinor: 12 * 1_700 });
  expect(await monthOf(here, 'partner_months', partyId('south'), 'EUR')).toMatchObject({ endMinor: 12 * 500 });
  expect(await monthOf(here, 'tenant_months', 'all', 'EUR')).toMatchObject({ endMinor: 12 * 2_200, closed: false });
  const logos = Object.entries(await here.groupRows()).filter(
    ([id, row]) => id.startsWith('tenant_months|') && row.month === '2026-06' && row.measure === 'logos',
  );
  expect(logos.map(([, row]) => row.logosEnd)).toEqual([2]);
});

test('arrival, repetition and concurrency don’t matter (law 2)', { timeout: 60_000 }, async () => {
  const wanted = await (await told()).groupRows();
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...channel, ...channel], { minLength: channel.length * 2 }), async (said) => {
      const here = await world();
      const streams = await here.record(said);
      await Promise.all([...streams, ...streams].map((stream) => here.project(stream)));
      const all = await here.groups();
      // A projection that comes too early reads too little, and comes again when more contributions do.
      await Promise.all([...all, ...all].map((group) => here.projectGroup(tenantId, group)));
      await here.rollUp();
      expect(await here.groupRows()).toEqual(wanted);
    }),
    { numRuns: 5 },
  );
});

test('a removed contribution leaves no row behind', async () => {
  const here = await told();
  const before = await here.groups();
  const ended = fact(
    'SubscriptionStarted',
    {
      subscriptionId: 's-e-2',
      termStart: '2025-03-10T00:00:00.000Z',
      price: { amountMinor: 0, currency: 'EUR' },
      billingPeriod: 'P1M',
    },
    { at: '2025-03-10', stream: engagement('e-2'), sourceId: 'e-2-started', seq: '2' },
  );
  await here.projectAll(await here.record([ended]));
  await here.rollUp(before);
  // The partner still leads the engagement, so what is known of its health stays.
  const left = Object.keys(await here.groupRows()).filter((id) => id.includes(partyId('south')));
  expect(left).toEqual([`partner_health|${partyId('south')}`]);
  expect(await monthOf(here, 'tenant_months', 'all', 'EUR')).toMatchObject({ endMinor: 12 * 1_700 });
});

test('a rebuild wakes lost groups level by level, and their rows become the same as before', async () => {
  const here = await told();
  const wanted = await here.groupRows();
  await here.loseGroups();
  expect(await here.groupRows()).toEqual({});
  await here.projectAll(['e-1', 'e-2', 'e-3'].map(engagement), 'rebuild');
  // Only the rebuild wakes them: the contributions have not changed, so their stream has no records.
  for (let rounds = 0; here.woken.length > 0; rounds += 1) {
    if (rounds > 5) throw new Error('groups wake each other for ever');
    for (const group of here.woken.splice(0)) await here.projectGroup(tenantId, group, 'rebuild');
  }
  expect(await here.groupRows()).toEqual(wanted);
});

test('whether the groups above have heads is asked once for all customers', async () => {
  const here = await told();
  const readsBeside = async (id: string, customer: string): Promise<number> => {
    await here.projectAll(await here.record(sold(id, 'north', customer, 300)));
    const before = here.headsRead();
    await here.rollUp();
    // Each group reads its own head.
    const all = new Set((await here.groups()).map(({ rollup, group }) => `${rollup}#${group}`));
    return here.headsRead() - before - all.size;
  };
  // Those of the partner and of the tenant.
  expect(await readsBeside('e-4', 'c-3')).toBe(2);
  expect(await readsBeside('e-5', 'c-4')).toBe(0);
});

test('a new month changes groups, but no engagement', async () => {
  const here = await told();
  here.at('2026-07-01T00:00:00.000Z');
  expect(await here.projectAll(['e-1', 'e-2', 'e-3'].map(engagement))).toEqual(['current', 'current', 'current']);
  await here.rollUp();
  expect(await monthOf(here, 'partner_months', partyId('north'), 'EUR')).toMatchObject({ closed: true });
  expect(await monthOf(here, 'partner_months', partyId('north'), 'EUR', '2026-07')).toMatchObject({
    endMinor: 12 * 1_700,
    closed: false,
  });
});

test('a group without a head and without contributions is not projected, nor is a group of an unknown rollup', async () => {
  const here = await world();
  expect(await here.projectGroup(tenantId, { rollup: 'partner_months', group: 'nobody' })).toBe('notProjected');
  expect(await here.projectGroup(tenantId, { rollup: 'of_yesterday', group: 'x' })).toBe('notProjected');
});
