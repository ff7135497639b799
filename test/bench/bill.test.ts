// Does the bill count what is easily forgotten: starts of processes, empty polls, alarms, and what is stored?
import { describe, expect, test } from 'vitest';
import { startsOf } from './initLines.ts';
import { monthlyLines } from './monthlyLines.ts';
import { dollarsOf, prices } from './prices.ts';

test('every price names where it was read', () => {
  for (const { dollars, source } of [...Object.values(prices.perMillion), ...Object.values(prices.monthly)]) {
    expect(dollars).toBeGreaterThan(0);
    expect(source).toMatch(/^\w.* pricing, /);
  }
  expect(dollarsOf('writeUnits', 2)).toBe(1.25);
});

describe('starts of processes', () => {
  const running = { invocations: 100, seconds: 10 };

  test('come with every call where hours lie between calls', () => {
    expect(startsOf(running, { facts: 100, pace: 1 / 7200 })).toBeGreaterThan(0.95);
  });

  test('come only as processes grow old where calls are never idle for long', () => {
    const starts = startsOf(running, { facts: 100, pace: 1 });
    expect(starts).toBeCloseTo(1 / 7200, 6);
    // Forty times as many facts keep four processes busy, not forty.
    expect(startsOf(running, { facts: 100, pace: 40 })).toBeCloseTo(4 / 7200 / 40, 8);
  });
});

test('a month counts each metric of an alarm, each queue’s empty polls, and each tick', () => {
  const alarm = (Metrics?: readonly object[]) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics } });
  const template = {
    Resources: {
      Plain: alarm(),
      Sum: alarm([{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }]),
      Board: { Type: 'AWS::CloudWatch::Dashboard' },
    },
  };
  const queue = { function: 'Sell', queue: 'Sell', batchSize: 10, reportsItemFailures: true };
  const plan = { queueMappings: [queue, queue], schedules: [{ name: 'Due', everySeconds: 60, targets: [] }] };
  const lines = new Map(monthlyLines({ template, plan, metrics: 2 }).map(({ name, dollars }) => [name, dollars]));
  expect(lines.get('3 alarms')).toBeCloseTo(0.3, 6);
  expect(lines.get('1 dashboard')).toBe(3);
  expect(lines.get('0 key')).toBe(0);
  // Five connections that ask three times a minute.
  expect(lines.get('2 queues asked while they are empty')).toBeCloseTo(2 * 5 * 3 * 60 * 24 * 30 * 0.4e-6, 6);
  expect(lines.get('43200 ticks of schedules')).toBeGreaterThan(0);
});
