// In which months is a partner's sum closed, and is that known as soon as the price ends?
import { expect, test } from 'vitest';
import { runsOf, seenAfter } from '../../../domain/rollups/closedMonths.ts';
import { anyParty } from '../../../events/audience.ts';

test.each([
  [false, [[3, 4]]],
  [true, [[3, null]]],
] as const)('a last month whose price goes on: %s, is the run %j', (goesOn, runs) => {
  expect(
    runsOf(
      new Map([
        [2, false],
        [3, true],
        [4, true],
      ]),
      goesOn,
    ),
  ).toEqual(runs);
});

test('runs before the last month end where they end, whatever goes on', () => {
  expect(
    runsOf(
      new Map([
        [2, true],
        [3, false],
        [4, true],
      ]),
      true,
    ),
  ).toEqual([
    [2, 2],
    [4, null],
  ]);
  expect(
    runsOf(
      new Map([
        [2, true],
        [3, false],
      ]),
      true,
    ),
  ).toEqual([[2, 2]]);
});

test('the month after a run is anybody’s to see, and that within it nobody’s', () => {
  expect(seenAfter([[2, 4]], 4)).toEqual([anyParty]);
  for (const place of [1, 3]) expect(seenAfter([[2, 4]], place)).toEqual([]);
  expect(seenAfter([[2, null]], 9)).toEqual([]);
});
