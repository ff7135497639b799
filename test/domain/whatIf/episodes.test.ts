// Which flags differ between two sets of thresholds, and which are the same failure, told earlier or later?
import { describe, expect, test } from 'vitest';
import { type Episode, flagShifts } from '../../../domain/whatIf/episodes.ts';
import { instant } from '../../support/histories/events.ts';

const window = { from: instant('2026-01-01'), to: instant('2027-01-01') };
const episode = (raisedAt: string, openedBy: string, clearedAt: string | null = null, subject = 's'): Episode => ({
  ...{ flagId: `f-${openedBy}`, rule: 'P2.2', pattern: 'customEveryTime', subject },
  ...{ openedBy: { factId: openedBy, eventId: `e-${openedBy}` } },
  ...{ raisedAt: instant(raisedAt), clearedAt: clearedAt === null ? null : instant(clearedAt) },
});
const shifts = (is: readonly Episode[], wouldBe: readonly Episode[]) =>
  flagShifts({ is, wouldBe }, window).map(({ change, openedByEvent, raisedAt, wouldBeRaisedAt }) => [
    ...[change, openedByEvent, raisedAt?.slice(5, 10) ?? null, wouldBeRaisedAt?.slice(5, 10) ?? null],
  ]);

describe('a share that crosses another limit', () => {
  test('is one flag, earlier or later, although another event opens it', () => {
    expect(shifts([episode('2026-05-01', 'b')], [episode('2026-03-01', 'a')])).toEqual([
      ['earlier', 'e-b', '05-01', '03-01'],
    ]);
    expect(shifts([episode('2026-03-01', 'a', '2026-06-01')], [episode('2026-05-01', 'b', '2026-05-20')])).toEqual([
      ['later', 'e-a', '03-01', '05-01'],
    ]);
  });

  test('and then crosses it no more is gone, or is added', () => {
    expect(shifts([episode('2026-03-01', 'a', '2026-04-01')], [episode('2026-04-01', 'b')])).toEqual([
      ['removed', 'e-a', '03-01', null],
      ['added', 'e-b', null, '04-01'],
    ]);
    expect(shifts([episode('2026-03-01', 'a')], [])).toEqual([['removed', 'e-a', '03-01', null]]);
    expect(shifts([], [episode('2026-03-01', 'a')])).toEqual([['added', 'e-a', null, '03-01']]);
  });

  test('of another subject is another flag', () => {
    expect(shifts([episode('2026-05-01', 'b', null, 's1')], [episode('2026-03-01', 'a', null, 's2')])).toEqual([
      ['added', 'e-a', null, '03-01'],
      ['removed', 'e-b', '05-01', null],
    ]);
  });

  test('pairs with one flag, and leaves the others', () => {
    const long = episode('2026-02-01', 'a');
    const short = [episode('2026-03-01', 'b', '2026-04-01'), episode('2026-05-01', 'c', '2026-06-01')];
    expect(shifts(short, [long])).toEqual([
      ['earlier', 'e-b', '03-01', '02-01'],
      ['removed', 'e-c', '05-01', null],
    ]);
    expect(shifts([long], short)).toEqual([
      ['later', 'e-a', '02-01', '03-01'],
      ['added', 'e-c', null, '05-01'],
    ]);
  });
});

test('what the same event opens is the same flag, before any that overlaps', () => {
  const [a, b] = [episode('2026-03-01', 'a', '2026-04-01'), episode('2026-05-01', 'b')];
  expect(shifts([a, b], [{ ...b, raisedAt: instant('2026-03-15') }])).toEqual([
    ['removed', 'e-a', '03-01', null],
    ['earlier', 'e-b', '05-01', '03-15'],
  ]);
  expect(shifts([a, b], [a, b])).toEqual([]);
});
