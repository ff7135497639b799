// Does a seed say the same each time, and everything that can go wrong?
import { expect, test } from 'vitest';
import {
  clockFaults,
  clockJumpOf,
  deliveryFaultOf,
  deliveryFaults,
  faultKinds,
  faultOf,
  type PlannedCall,
  shuffled,
} from '../../infra/faults/faultPlan.ts';

const calls: readonly PlannedCall[] = ['PutItem', 'Query', 'PutEvents', 'GetItem', 'TransactWriteItems'].flatMap(
  (operation) => Array.from({ length: 2_000 }, (_, ordinal) => ({ caller: 'Sell', operation, ordinal })),
);
const planOf = (seed: number) => calls.map((call) => faultOf(seed, call)?.kind);

test('a seed always has the same plan, and another seed has another plan', () => {
  expect(planOf(7)).toEqual(planOf(7));
  expect(planOf(7)).not.toEqual(planOf(8));
});

test('every kind of fault occurs, and most calls succeed', () => {
  const plan = planOf(1);
  expect(new Set(plan)).toEqual(new Set([undefined, ...faultKinds]));
  expect(plan.filter((kind) => kind === undefined).length).toBeGreaterThan(calls.length * 0.75);
});

test('only operations with entries get partial answers, and only writes are done twice', () => {
  const met = (kind: string): ReadonlySet<string> =>
    new Set(calls.filter((call) => faultOf(1, call)?.kind === kind).map(({ operation }) => operation));
  expect(met('partial')).toEqual(new Set(['Query', 'PutEvents', 'TransactWriteItems']));
  expect(met('duplicate')).toEqual(new Set(['PutItem', 'PutEvents', 'TransactWriteItems']));
});

test('deliveries have their own faults', () => {
  const plan = Array.from({ length: 2_000 }, (_, ordinal) => deliveryFaultOf(3, 'Sell', ordinal));
  expect(new Set(plan)).toEqual(new Set([undefined, ...deliveryFaults]));
});

test('the clock jumps hours and days ahead and corrects itself back, never by more than is passed at the end', () => {
  const jumps = Array.from({ length: 400 }, (_, seed) =>
    Array.from({ length: 5 }, (_, wave) => clockJumpOf(seed, wave)),
  );
  expect(new Set(jumps.flat().map((jump) => jump?.kind))).toEqual(new Set([undefined, ...clockFaults]));
  for (const ofSeed of jumps) {
    const back = ofSeed.reduce((sum, jump) => sum + Math.min(0, jump?.ms ?? 0), 0);
    expect(back).toBeGreaterThan(-16 * 60_000);
  }
});

test('shuffled items are complete, in another order', () => {
  const things = Array.from({ length: 30 }, (_, index) => index);
  const found = shuffled(1, 'x', things);
  expect(found).not.toEqual(things);
  expect(found.toSorted((a, b) => a - b)).toEqual(things);
});
