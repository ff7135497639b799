// Do the sample's stories show what they planted, and nothing else? Judged by the domain alone, for many seeds and days.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { ruleIds } from '../../domain/patterns/catalog.ts';
import { type SampleChannel, sampleChannel } from '../../infra/sample/sampleChannel.ts';
import { systemNames } from '../../infra/sample/sampleMessage.ts';
import { sampleKnown } from '../../infra/sample/sampleSummary.ts';
import { instant } from '../support/histories/events.ts';
import { episodesOf, judgedAt, type SampleWorld, worldOf } from './sampleWorld.ts';

// A world is thousands of messages, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const day = 86_400_000;
const instantOf = (epoch: number): string => new Date(epoch).toISOString();

/** How many episodes each rule has among the planted ones. */
const plantedBy = ({ planted }: SampleChannel): ReadonlyMap<string, number> =>
  new Map([...Map.groupBy(planted, ({ rule }) => rule)].map(([rule, own]) => [rule, own.length]));

const told = (seed: number, today: string): { readonly channel: SampleChannel; readonly world: SampleWorld } => {
  const channel = sampleChannel({ seed, today });
  return { channel, world: worldOf(channel, `${today}T12:00:00.000Z`) };
};

/** From the first instant of the day on, and for one who looks again two days later. */
const looks = [0, 0.6, 2] as const;

const expectFindings = (seed: number, today: string, laters: readonly number[] = looks): void => {
  const { channel, world } = told(seed, today);
  expect(world.unsaid).toEqual([]);
  expect(world.unmatched).toEqual([]);
  const planted = plantedBy(channel);
  // A rule that is new to the catalog has no story yet.
  expect(ruleIds.filter((rule) => (planted.get(rule) ?? 0) < 2)).toEqual([]);
  expect([...planted.keys()].filter((rule) => !ruleIds.includes(rule))).toEqual([]);
  const { comparedWith } = sampleKnown(channel, today);
  for (const later of laters) {
    const now = instant(instantOf(Date.parse(today) + later * day));
    const compared = comparedWith(episodesOf(judgedAt(world, now), now));
    expect(compared, `seed ${seed} at ${now}`).toEqual({ found: channel.planted.length, missed: [], extra: [] });
  }
};

test.each([
  ['a Monday', '2026-11-23'],
  ['a Saturday', '2026-11-21'],
  ['a Sunday', '2026-11-22'],
  ['a leap day', '2028-02-29'],
  ['a year after a leap day', '2029-02-28'],
  ['the end of a month', '2026-05-31'],
  ['the first of a year', '2027-01-01'],
])('every planted failure is found and nothing else is flagged, up to %s', (_, today) => expectFindings(1, today));

test('every planted failure is found for any seed and any day', () => {
  const days = fc.integer({ min: Date.parse('2024-01-01') / day, max: Date.parse('2032-12-31') / day });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), days, fc.constantFrom(...looks), (seed, today, later) =>
      expectFindings(seed, instantOf(today * day).slice(0, 10), [later]),
    ),
    { numRuns: 20 },
  );
});

describe('the sample that everyone sees', () => {
  const { channel, world } = told(1, '2026-11-23');
  const judged = judgedAt(world, instant('2026-11-23T12:00:00.000Z'));

  test('is the same on every run, and differs for another seed', () => {
    expect(sampleChannel({ seed: 1, today: '2026-11-23' })).toEqual(channel);
    expect(sampleChannel({ seed: 2, today: '2026-11-23' }).deliveries).not.toEqual(channel.deliveries);
  });

  test('has enough partners, engagements and routes, at every stage', () => {
    expect(new Set(channel.deals.map(({ partner }) => partner.id)).size).toBeGreaterThanOrEqual(6);
    expect(channel.deals.length).toBeGreaterThanOrEqual(60);
    expect(judged.map(({ engagementId }) => engagementId).sort()).toEqual(
      channel.deals.map(({ engagementId }) => engagementId).sort(),
    );
    expect(new Set(channel.deals.map(({ way }) => way.route)).size).toBe(4);
    const lasting = judged.filter(({ ended }) => ended === undefined);
    expect(new Set(lasting.map(({ stage }) => stage))).toEqual(
      new Set(['sell', 'procure', 'deliver', 'report', 'renew']),
    );
    expect(new Set(judged.map(({ ended }) => ended))).toEqual(new Set([undefined, 'lost', 'subscriptionsEnded']));
    expect(judged.filter(({ cycle }) => cycle === 2).length).toBeGreaterThan(4);
  });

  test('has messages of every system over eighteen months, and healthy engagements beside failing ones', () => {
    expect(new Set(channel.deliveries.map(({ system }) => system))).toEqual(new Set(systemNames));
    const instants = channel.deliveries.map(({ at }) => at).sort();
    expect(instants[0]?.slice(0, 7)).toBe('2025-05');
    expect(instants.at(-1)?.slice(0, 10)).toBe('2026-11-22');
    expect(new Set(channel.planted.map(({ engagementId }) => engagementId)).size).toBeLessThan(
      (channel.deals.length * 2) / 3,
    );
  });

  test('has fixed failures beside open ones', () => {
    const raised = judged.flatMap(({ verdicts }) => verdicts.filter((verdict) => verdict.state === 'raised'));
    const mended = raised.filter(({ cleared }) => cleared !== undefined);
    expect(mended.length).toBeGreaterThan(10);
    expect(raised.length - mended.length).toBeGreaterThan(15);
  });

  test('arrives repeated, late and out of order', () => {
    const ids = channel.deliveries.map(({ id }) => id);
    expect(ids.length - new Set(ids).size).toBeGreaterThan(30);
    const overtaken = channel.deliveries.filter(({ at }, index) =>
      channel.deliveries.slice(0, index).some((before) => before.at > at),
    );
    expect(overtaken.length).toBeGreaterThan(200);
    const texts = channel.deliveries.map((message) => JSON.stringify(message));
    const early = channel.deals.filter(({ reference }) => {
      const first = texts.findIndex((text) => text.includes(reference));
      return first >= 0 && channel.deliveries[first]?.system !== 'crm';
    });
    // What others say of an engagement before the CRM has named it: these messages have to wait.
    expect(early.length).toBeGreaterThan(0);
  });
});
