// How are precision and recall counted: followed episodes, hits, losses, and what no number can be given for?
import { describe, expect, test } from 'vitest';
import type { Episode } from '../../../domain/whatIf/episodes.ts';
import type { Loss } from '../../../domain/whatIf/losses.ts';
import { added, scoreOf, tallied, warningDays } from '../../../domain/whatIf/scores.ts';
import { instant } from '../../support/histories/events.ts';

const window = { from: instant('2026-01-01'), to: instant('2026-07-01') };
const episode = (raisedAt: string, rule = 'P4.1'): Episode => ({
  ...{ flagId: raisedAt, rule, pattern: 'noEvidenceOfValue', subject: 'engagement', clearedAt: null },
  ...{ openedBy: { factId: raisedAt, eventId: raisedAt }, raisedAt: instant(raisedAt) },
});
const loss = (at: string, kind: Loss['kind'] = 'anchorEnded'): Loss => ({ kind, at: instant(at), eventId: at });

const counted = (episodes: readonly Episode[], losses: readonly Loss[], now = '2027-01-01') =>
  tallied({ episodes, losses, isDismissed: ({ subject }) => subject === 'dismissed', window, now: instant(now) });

describe('an episode', () => {
  test('counts once 180 days have followed it, and is a hit where a loss came 1 to 180 days after it', () => {
    const raised = [episode('2026-03-01')];
    expect(counted(raised, [loss('2026-08-28')])['P4.1']).toMatchObject({ episodes: 1, hits: 1 });
    expect(counted(raised, [loss('2026-08-29')])['P4.1']).toMatchObject({ episodes: 1, hits: 0 });
    expect(counted(raised, [loss('2026-03-02')])['P4.1']).toMatchObject({ hits: 1 });
    expect(counted(raised, [loss('2026-03-01T23:59')])['P4.1']).toMatchObject({ hits: 0 });
    expect(counted(raised, [], '2026-08-28')['P4.1']).toMatchObject({ episodes: 1 });
    // It is raised all the same, for `acceptance`.
    expect(counted(raised, [], '2026-08-27T23:59')['P4.1']).toMatchObject({ episodes: 0, hits: 0, raised: 1 });
  });

  test('outside the window does not count, but may have foreseen a loss inside it', () => {
    expect(counted([episode('2025-12-31')], [loss('2026-02-01')])['P4.1']).toEqual({
      ...{ episodes: 0, hits: 0, losses: 1, foreseen: 1, raised: 0, dismissed: 0 },
    });
    expect(counted([episode('2026-07-01')], [])).toEqual({});
  });

  test('that the vendor dismissed counts as raised, followed or not, and as dismissed', () => {
    const dismissed = { ...episode('2026-03-01'), subject: 'dismissed' };
    const raised = [dismissed, episode('2026-03-02'), episode('2025-12-31'), { ...dismissed, raisedAt: window.to }];
    for (const now of ['2026-07-02', '2027-01-01'])
      expect(counted(raised, [], now)['P4.1']).toMatchObject({ raised: 2, dismissed: 1 });
  });

  test('of one rule foresees nothing for another', () => {
    const tallies = counted([episode('2026-03-01')], [loss('2026-04-01')]);
    expect(tallies['P4.1']).toMatchObject({ losses: 1, foreseen: 1 });
    expect(tallies['P1.3']).toMatchObject({ episodes: 0, losses: 1, foreseen: 0 });
  });

  test('of P5 alone is held against a lost deal', () => {
    const tallies = counted([episode('2026-03-01'), episode('2026-03-01', 'P5.1')], [loss('2026-04-01', 'dealLost')]);
    expect(tallies['P5.1']).toMatchObject({ hits: 1, losses: 1, foreseen: 1 });
    expect(tallies['P4.1']).toMatchObject({ episodes: 1, hits: 0, losses: 0 });
  });
});

describe('a score', () => {
  test('is a ratio, or null with its reason', () => {
    const tally = { episodes: 3, hits: 1, losses: 4, foreseen: 3, raised: 4, dismissed: 1 };
    expect(scoreOf('P4.1', tally)).toEqual({
      ...tally,
      ...{ precision: 0.333333, precisionReason: null, recall: 0.75, recallReason: null },
      ...{ acceptance: 0.75, acceptanceReason: null },
    });
    expect(scoreOf('P4.1')).toMatchObject({
      ...{ precision: null, precisionReason: 'noEpisodes', recall: null, recallReason: 'noLosses' },
      ...{ acceptance: null, acceptanceReason: 'noEpisodes' },
    });
  });

  test.each(['P1.6', 'P5.8'])('of %s has no precision: the loss itself raises it', (rule) => {
    const tally = { episodes: 3, hits: 1, losses: 4, foreseen: 3, raised: 4, dismissed: 1 };
    expect(scoreOf(rule, tally)).toMatchObject({ precision: null, precisionReason: 'notScored', recall: 0.75 });
  });

  test('adds up over engagements in any order', () => {
    const some = [
      counted([episode('2026-03-01')], [loss('2026-04-01')]),
      counted([episode('2026-02-01'), episode('2026-03-01', 'P1.3')], []),
      counted([], [loss('2026-05-01')]),
    ];
    expect(added(some)).toEqual(added(some.toReversed()));
    expect(added(some)['P4.1']).toEqual({ episodes: 2, hits: 1, losses: 2, foreseen: 1, raised: 2, dismissed: 0 });
    expect(added([])).toEqual({});
  });
});

test('the earliest flag within 180 days tells how long before a loss it warned', () => {
  const days = (at: string, ...raised: readonly string[]) =>
    warningDays(
      raised.map((each) => episode(each)),
      loss(at),
    );
  expect(days('2026-06-10T00:04:59', '2026-06-09T00:05')).toBeNull();
  expect(days('2026-06-10T00:05', '2026-06-09T00:05')).toBe(1);
  expect(days('2026-12-06T00:05', '2026-06-09T00:05', '2026-09-01')).toBe(180);
  expect(days('2026-12-06T00:05:01', '2026-06-09T00:05', '2026-12-01')).toBe(5);
  expect(warningDays([episode('2026-06-01')], loss('2026-07-01', 'dealLost'))).toBeNull();
  expect(warningDays([episode('2026-06-01', 'P5.1')], loss('2026-07-01', 'dealLost'))).toBe(30);
});
