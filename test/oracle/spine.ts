// Which steps might a life take, and when?
import fc from 'fast-check';
import type { Said } from '../support/histories/events.ts';
import { corrections } from './corrections.ts';
import { policies } from './randomPolicies.ts';
import { agreements, orders, proposals, strays } from './strays.ts';

type Sections = ReadonlyArray<NonNullable<Said<'ValueReported'>['sections']>[number]>;

const minute = 60_000;

/** Minutes beside an instant: within the tolerance, at its limit, and past it. */
const beside = fc.constantFrom(0, 0, 0, 0, 4, 5, 5 + 1 / minute, 6, -4, -6, 360).map((minutes) => minutes * minute);
/** Days after an instant, often those at which a rule turns. */
const some = fc.constantFrom(-30, -7, -1, 0, 0, 1, 2, 3, 5, 7, 10, 20, 21, 30, 45, 60, 89, 90, 91, 100, 120, 180, 300);

const within = (least: number, most: number): fc.Arbitrary<number> => fc.integer({ min: least, max: most });
const maybe = <Value>(of: fc.Arbitrary<Value>, freq = 3): fc.Arbitrary<Value | undefined> =>
  fc.option(of, { nil: undefined, freq });

/** The steps of a life: each may come early, late, at a limit or never. */
export const spine = fc.record({
  toClose: within(5, 60),
  close: fc.constantFrom('won', 'won', 'won', 'won', 'won', 'won', 'never', 'lost', 'procurement'),
  subscription: maybe(
    fc.record({
      after: within(0, 60),
      kind: fc.constantFrom('base_licence', 'base_licence', 'managed_service', undefined),
      term: fc.constantFrom(undefined, 30, 60, 90, 180, 365, 365, 365, 400),
      quantity: fc.constantFrom(undefined, 100, 100, 100),
      autoRenew: fc.constantFrom(undefined, true, false),
    }),
    8,
  ),
  addOn: maybe(fc.record({ after: within(0, 200), term: fc.constantFrom(undefined, 365) }), 1),
  goLive: maybe(within(10, 90), 4),
  usage: maybe(
    fc.record({
      from: within(0, 4),
      shares: fc.array(fc.constantFrom(0, 0, 30, 49, 50, 59, 60, 79, 80, 84, 85, 100, undefined), {
        minLength: 2,
        maxLength: 14,
      }),
    }),
    5,
  ),
  reports: maybe(
    fc.record({
      after: within(0, 120),
      interval: fc.constantFrom(20, 21, 30, 60, 90, 99, 100, 101, 120, 150),
      sections: fc.array(
        fc.constantFrom<Sections[]>(
          ['business_impact', 'adoption'],
          ['business_impact'],
          ['adoption', 'security'],
          ['security'],
        ),
        { minLength: 1, maxLength: 8 },
      ),
      /** Days until each is acknowledged. */
      read: fc.array(fc.constantFrom(undefined, undefined, undefined, 1, 20, 21, 22, 60), {
        minLength: 8,
        maxLength: 8,
      }),
    }),
    4,
  ),
  routes: fc.array(fc.record({ before: within(-60, 40), said: fc.nat(agreements.length - 1), beside }), {
    maxLength: 3,
  }),
  proposal: maybe(fc.record({ before: within(-20, 40), said: fc.nat(proposals.length - 1), lasts: within(3, 60) }), 4),
  order: maybe(
    fc.record({
      after: within(0, 40),
      said: fc.nat(orders.length - 1),
      blocked: fc.constantFrom(undefined, undefined, 'po_missing' as const, 'legal' as const, 'other' as const),
      goesOn: within(1, 20),
      fulfilled: fc.option(within(2, 120), { nil: undefined }),
    }),
    4,
  ),
  delivery: maybe(
    fc.record({
      after: within(0, 60),
      planned: fc.constantFrom(undefined, 600, 800),
      templateRef: fc.constantFrom(undefined, 'template:1'),
      work: fc.array(fc.record({ after: within(0, 90), minutes: fc.constantFrom(200, 400, 480, 600) }), {
        maxLength: 4,
      }),
      custom: fc.array(fc.record({ after: within(0, 90), minutes: fc.constantFrom(60, 120, 200) }), { maxLength: 3 }),
    }),
    3,
  ),
  outcome: maybe(
    fc.record({
      before: within(-40, 40),
      due: within(5, 200),
      measured: fc.array(fc.record({ late: within(-40, 60), value: fc.constantFrom(3, 4, 5) }), { maxLength: 2 }),
    }),
    3,
  ),
  renewals: fc.array(
    fc.record({
      before: within(-30, 90),
      term: fc.constantFrom(90, 180, 365, 365),
      quantity: fc.constantFrom(undefined, 100, 80, 81, 50),
    }),
    { maxLength: 3 },
  ),
  end: maybe(
    fc.record({
      after: within(60, 900),
      reason: fc.constantFrom('unused', 'no_value', 'other'),
      notice: fc.constantFrom(0, 0, 40),
    }),
    1,
  ),
  strays: fc.array(fc.record({ make: fc.nat(strays.length - 1), point: fc.nat(20), days: some, beside }), {
    maxLength: 16,
  }),
  corrections,
  policies,
  now: within(60, 1300),
});

export type Spine = typeof spine extends fc.Arbitrary<infer Value> ? Value : never;
