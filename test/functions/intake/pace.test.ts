// Does each sender get its pace, whatever the others send, in bounded memory?
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBuckets, createWebhookPace, usualPace } from '../../../functions/intake/pace.ts';

const start = Date.parse('2026-12-01T00:00:00.000Z');

const bucketsAt = (given: { readonly perSecond: number; readonly burst: number; readonly most?: number }) => {
  let at = start;
  const buckets = createBuckets({ ...given, now: () => at });
  const pass = (ms: number): void => {
    at += ms;
  };
  return { ...buckets, pass };
};

const perSecond = fc.integer({ min: 1, max: 50 });
const burst = fc.integer({ min: 1, max: 50 });
const steps = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), pause: fc.integer({ min: 0, max: 400 }) }), {
  maxLength: 200,
});

test('no key gets more than its burst and its pace, nor less', () => {
  fc.assert(
    fc.property(perSecond, burst, steps, (rate, most, taken) => {
      const { take, pass } = bucketsAt({ perSecond: rate, burst: most });
      const got = { a: 0, b: 0 };
      let passed = 0;
      for (const { key, pause } of taken) {
        pass(pause);
        passed += pause;
        if (take(key) === 0) got[key === 'a' ? 'a' : 'b'] += 1;
        const allowed = most + (passed / 1000) * rate;
        expect(Math.max(got.a, got.b)).toBeLessThanOrEqual(allowed + 1e-6);
      }
    }),
  );
});

test('what one key takes changes nothing for another', () => {
  fc.assert(
    fc.property(perSecond, burst, steps, (rate, most, taken) => {
      const [both, alone] = [bucketsAt({ perSecond: rate, burst: most }), bucketsAt({ perSecond: rate, burst: most })];
      for (const { key, pause } of taken) {
        both.pass(pause);
        alone.pass(pause);
        const answer = both.take(key);
        if (key === 'b') expect(answer).toBe(alone.take('b'));
      }
    }),
  );
});

test('after the seconds that it names, a key gets its next token', () => {
  fc.assert(
    fc.property(perSecond, burst, (rate, most) => {
      const { take, wait, pass } = bucketsAt({ perSecond: rate, burst: most });
      while (take('a') === 0);
      const seconds = wait('a');
      expect(seconds).toBeGreaterThan(0);
      expect(take('a')).toBe(seconds);
      pass(seconds * 1000);
      expect(take('a')).toBe(0);
    }),
  );
});

test('a clock that goes back takes nothing away', () => {
  const { take, pass } = bucketsAt({ perSecond: 1, burst: 3 });
  expect(take('a')).toBe(0);
  pass(-3_600_000);
  expect([take('a'), take('a')]).toEqual([0, 0]);
  expect(take('a')).toBe(1);
});

test('of more keys than there is room for, the one that was not used for the longest time is forgotten', () => {
  const { take, wait } = bucketsAt({ perSecond: 1, burst: 1, most: 2 });
  take('a');
  take('b');
  take('a');
  take('c');
  expect(wait('b')).toBe(0);
  expect([wait('a'), wait('c')]).toEqual([1, 1]);
});

test('the usual pace takes ten seconds’ worth of messages at once', () => {
  const { messages } = createWebhookPace(() => start);
  const accepted = Array.from({ length: 3000 }, () => messages.take('c')).filter((seconds) => seconds === 0);
  expect(accepted).toHaveLength(usualPace * 10);
});
