// Does a person read what a what-if found: differing flags by rule, the warning before losses, and scores with their reasons?
import { expect, test } from 'vitest';
import { type Found, goesOnText, Item, Run, reportLines } from '../../../../infra/commands/whatIf/whatIfText.ts';

const score = { episodes: 3, hits: 2, losses: 2, foreseen: 2, precision: 0.666667, recall: 1 };
const judged = { raised: 4, dismissed: 1, acceptance: 0.75, acceptanceReason: null };
const known = { ...score, ...judged, precisionReason: null, recallReason: null };
const unknown = {
  ...{ ...known, precision: null, precisionReason: 'noEpisodes' },
  ...{ recall: null, recallReason: 'noLosses' },
};
const run = {
  run: 'r1',
  status: 'done',
  progress: { of: 3, done: 3 },
  unreadable: ['e9'],
  scores: [{ rule: 'P4.1', title: 'Reporting cadence broken', is: known, wouldBe: unknown }],
};
const flag = (rule: string, change: string) => ({ kind: 'flag', engagementId: 'e1', rule, change });
const loss = (at: string, warningDays: number | null) => ({
  ...{ kind: 'loss', engagementId: 'e1', loss: 'anchorEnded', at: `${at}T00:00:00.000Z` },
  ...{ warningDays, wouldBeWarningDays: 122 },
});
const found = (items: readonly unknown[], of: object = run): Found => ({
  run: Run.parse(of),
  items: items.map((item) => Item.parse(item)),
});

test('the report', () => {
  const items = [
    flag('P4.1', 'earlier'),
    flag('P4.1', 'added'),
    flag('P1.3', 'later'),
    loss('2026-08-01', 52),
    loss('2026-02-01', null),
  ];
  expect(reportLines(found(items))).toEqual([
    'Flags that would differ:',
    'rule  added  removed  earlier  later',
    'P1.3  0      0        0        1',
    'P4.1  1      0        1        0',
    '',
    'Warning before each loss:',
    'day         loss         engagement  is       would be',
    '2026-02-01  anchorEnded  e1          none     122 days',
    '2026-08-01  anchorEnded  e1          52 days  122 days',
    '',
    'How well each rule foretold losses:',
    'rule  precision        recall            acceptance       would-be precision  would-be recall',
    'P4.1  66.7 % (2 of 3)  100.0 % (2 of 2)  75.0 % (3 of 4)  noEpisodes          noLosses',
    '',
    '1 engagements could not be read, and count for nothing: e9',
  ]);
});

test('where nothing differs, it says so', () => {
  expect(reportLines(found([], { ...run, unreadable: [], scores: [] }))).toEqual([
    'No flag would differ.',
    '',
    'Nothing was lost in that time.',
  ]);
});

test('many losses are cut, and counted', () => {
  const lines = reportLines(
    found(
      Array.from({ length: 60 }, () => loss('2026-08-01', 1)),
      { ...run, scores: [] },
    ),
  );
  expect(lines).toContain('and 10 more: --json lists them');
});

test('what could not be judged is named with its reason', () => {
  const failed = [{ id: 'e7', reason: 'Error: too heavy' }];
  expect(reportLines(found([], { ...run, failed })).slice(-2)).toEqual([
    '1 engagements could not be judged, and count for nothing:',
    '  e7: Error: too heavy',
  ]);
});

test('who stops following a run is told where its result will be, and how to cancel it', () => {
  const text = goesOnText('http://127.0.0.1:4747', '/v1/runs/r1');
  expect(text).toContain('result will be at http://127.0.0.1:4747/v1/runs/r1');
  expect(text).toContain('curl -X DELETE');
});
