// Are use and reports that a silent connection may have told of awaited longer, and rhythm and conformance with them?
import { describe, expect, test } from 'vitest';
import { constraintsIn } from '../../../domain/rows/conformance.ts';
import { reportGaps } from '../../../domain/scores/reportRhythm.ts';
import { usedIn } from '../../support/histories/adoptionFacts.ts';
import { goLive, opened, reported, subscribed, used } from '../../support/histories/engagementFacts.ts';
import { type Given, given } from '../../support/histories/given.ts';
import { historyKept } from '../../support/histories/observing.ts';
import { recovered, wentQuiet } from '../../support/histories/outageFacts.ts';

const stateOf = (story: Given, now: string, rule: string) =>
  story.verdictsAt(now, rule).map((verdict) => (verdict.state === 'suspended' ? verdict.reason : verdict.state));

describe('use that is not measured', () => {
  const types = ['UsageMeasured'];
  const start = given(historyKept, subscribed('2026-01-01', { to: '2027-01-01' }));

  test('suspends the first use that was due meanwhile', () => {
    const unused = start.and(used('2026-01-20', 0));
    const silent = unused.and(wentQuiet('2026-02-10', '2026-02-11', { types }));
    expect(unused.flagAt('2026-04-01', 'P1.3').dueAt).toBe('2026-02-15T00:00:00.000Z');
    expect(stateOf(silent, '2026-02-15T00:04', 'P1.3')).toEqual(['armed']);
    expect(stateOf(silent, '2026-02-15T00:05', 'P1.3')).toEqual(['sourceQuiet']);
    const heard = silent.and(recovered('2026-03-01'));
    expect(heard.flagAt('2026-04-01', 'P1.3')).toMatchObject({ raisedAt: '2026-03-02T00:05:00.000Z' });
    expect(stateOf(heard.and(used('2026-02-20', 3)), '2026-04-01', 'P1.3')).toEqual([]);
    expect(stateOf(silent.and(used('2026-02-20', 3)), '2026-02-21', 'P1.3')).toEqual([]);
  });

  test('keeps the months from being judged until the measurements may have come', () => {
    const low = start.and(usedIn('2026-04', 1), usedIn('2026-05', 1));
    const plain = low.flagAt('2026-09-01', 'P1.2');
    const silent = low.and(wentQuiet('2026-06-02', '2026-06-03', { types }));
    expect(plain.dueAt).toBe('2026-06-04T00:00:00.000Z');
    expect(stateOf(silent, '2026-06-04T00:04', 'P1.2')).toEqual(['armed']);
    expect(stateOf(silent, '2026-09-01', 'P1.2')).toEqual(['sourceQuiet']);
    const heard = silent.and(recovered('2026-06-20'));
    expect(heard.flagAt('2026-09-01', 'P1.2')).toMatchObject({ raisedAt: '2026-06-21T00:05:00.000Z' });
    const nothing = start.and(wentQuiet('2026-05-30', '2026-05-31', { types }));
    expect(stateOf(nothing, '2026-09-01', 'P1.2')).toEqual(['sourceQuiet']);
    expect(stateOf(nothing.and(recovered('2026-06-20')), '2026-09-01', 'P1.2')).toEqual(['notMeasured']);
  });
});

describe('reports', () => {
  const live = given(historyKept, opened('2026-01-01'), goLive('2026-01-02'));
  const sent = live.and(reported('2026-01-10'), reported('2026-02-01'));
  const types = ['ReportAcknowledged'];

  test('are unread only once their acknowledgement may have come', () => {
    const unread = sent.flagAt('2026-12-01', 'P4.6').dueAt ?? '';
    const silent = sent.and(wentQuiet('2026-02-02', '2026-02-03', { types }));
    expect(stateOf(silent, unread, 'P4.6')).toEqual(['armed']);
    expect(stateOf(silent, '2026-12-01', 'P4.6')).toEqual(['sourceQuiet']);
    expect(silent.and(recovered('2026-07-01')).flagAt('2026-12-01', 'P4.6').dueAt).toBe('2026-07-02T00:00:00.000Z');
  });

  test('keep their rhythm, in flags and in the cadence, where one may have come', () => {
    const silent = sent.and(wentQuiet('2026-05-01', '2026-05-02', { types: ['ValueReported'] }));
    const heard = silent.and(recovered('2026-06-01'));
    const lastGap = (story: Given, now: string) => reportGaps(story.viewAt(now)).at(-1);
    expect(stateOf(silent, '2026-06-01', 'P4.1')).toEqual(['sourceQuiet']);
    expect(lastGap(sent, '2026-06-01')).toMatchObject({ onTime: false });
    expect(lastGap(silent, '2026-06-01')).toMatchObject({ onTime: undefined });
    expect(heard.flagAt('2026-06-03', 'P4.1').dueAt).toBe('2026-06-02T00:00:00.000Z');
    expect(lastGap(heard, '2026-06-03')).toMatchObject({ onTime: false, dueAt: '2026-06-02T00:00:00.000Z' });
    const late = reported('2026-05-20');
    expect(stateOf(heard.and(late), '2026-06-03', 'P4.1')).toEqual(['armed']);
    expect(reportGaps(heard.and(late).viewAt('2026-06-03')).map(({ onTime }) => onTime)).not.toContain(false);
    const unreported = given(historyKept, opened('2026-01-01'), goLive('2026-01-30'));
    const constraint = (story: Given) =>
      constraintsIn(story.viewAt('2026-06-01')).find(({ constraint: name }) => name.startsWith('response(go-live'));
    expect(constraint(unreported)?.state).toBe('violated');
    expect(constraint(unreported.and(...silent.events.slice(-1)))?.state).toBe('pending');
  });
});
