// Does no caller wait longer in a line than its limit, and does a line that stays filled take only who is soon served?
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWaitingLine } from '../../../infra/local/lambda/waitingLine.ts';

const limits = { burst: 1_000, standing: 250, callers: 500 };

const lineAt = () => {
  let now = 0;
  const refused: number[] = [];
  const line = createWaitingLine<number>(limits, () => now);
  return {
    line,
    refused,
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
    call: (item: number) => line.push(item, () => void refused.push(item)),
  };
};

test('a burst waits for as long as a burst may last; then the rest is refused', () => {
  const { line, refused, advance, call } = lineAt();
  for (const item of [1, 2, 3]) call(item);
  advance(1_000);
  expect(line.next()).toBe(1);
  advance(1);
  expect(line.next()).toBeUndefined();
  expect(refused).toEqual([2, 3]);
});

test('a line that stays filled refuses who has waited for the shorter time, also after it was emptied so', () => {
  const { line, refused, advance, call } = lineAt();
  call(1);
  advance(900);
  call(2);
  expect(line.next()).toBe(1);
  advance(200);
  call(3);
  // It is filled for 1,100 ms: the second has waited for 200 of them.
  expect(line.takes()).toBe(true);
  advance(51);
  expect(line.takes()).toBe(false);
  expect(line.next()).toBe(3);
  expect(refused).toEqual([2]);
  call(4);
  advance(251);
  line.expire();
  expect(refused).toEqual([2, 4]);
  // After a second without a refusal it takes bursts again.
  advance(1_001);
  call(5);
  advance(999);
  expect(line.next()).toBe(5);
});

test('an item without a caller waits for as long as it takes', () => {
  const { line, refused, advance, call } = lineAt();
  line.push(1);
  call(2);
  advance(3_600_000);
  line.expire();
  expect([line.next(), line.next()]).toEqual([1, undefined]);
  expect(refused).toEqual([2]);
});

test('every caller is served or refused once, in order, and none is served after the limit of a burst', () => {
  const Step = fc.oneof(
    fc.record({ kind: fc.constant('call' as const), after: fc.nat(300) }),
    fc.record({ kind: fc.constant('serve' as const), after: fc.nat(300) }),
    fc.record({ kind: fc.constant('look' as const), after: fc.nat(300) }),
  );
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 200 }), (steps) => {
      let now = 0;
      const line = createWaitingLine<number>(limits, () => now);
      const since = new Map<number, number>();
      const [served, refused]: [number[], number[]] = [[], []];
      for (const [item, { kind, after }] of steps.entries()) {
        now += after;
        if (kind === 'look') line.expire();
        else if (kind === 'serve') {
          const next = line.next();
          if (next !== undefined) served.push(next);
          if (next !== undefined) expect(now - (since.get(next) ?? 0)).toBeLessThanOrEqual(limits.burst);
        } else if (line.takes()) {
          since.set(item, now);
          line.push(item, () => void refused.push(item));
        }
      }
      const rest = line.empty();
      expect([...served, ...refused, ...rest].toSorted((a, b) => a - b)).toEqual([...since.keys()]);
      expect(served).toEqual(served.toSorted((a, b) => a - b));
    }),
  );
});
