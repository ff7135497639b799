// Are P1.5 (agreed outcome missed) and P4.3 (not measured) raised and cleared, at the due day and after it?
import { describe, expect, test } from 'vitest';
import { opened, renewed, subscribed } from '../../support/histories/engagementFacts.ts';
import { recorded, type Said } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const agreedAt = (at: string, said: Partial<Said<'OutcomeAgreed'>> = {}) =>
  recorded('OutcomeAgreed', { outcomeId: 'recovery', baseline: 100, target: 40, due: '2026-06-30', ...said }, { at });
const measuredAt = (at: string, value: number, said: Partial<Said<'OutcomeMeasured'>> = {}) =>
  recorded('OutcomeMeasured', { outcomeId: 'recovery', value, ...said }, { at });

const agreed = agreedAt('2026-01-10');
/** The end of the due day. */
const due = '2026-07-01T00:00:00.000Z';
const raised = '2026-07-01T00:05:00.000Z';

describe('P1.5 agreed outcome missed', () => {
  const below = measuredAt('2026-06-01', 55);

  test('is armed by a measurement below the target, and raised once the tolerance after the due day is over', () => {
    const missed = given(agreed, below);
    expect(missed.verdictsAt('2026-05-31', 'P1.5')).toEqual([]);
    expect(missed.verdictsAt('2026-07-01T00:04:59.999Z', 'P1.5')).toEqual([
      expect.objectContaining({ state: 'armed', dueAt: due, subject: 'outcome:recovery' }),
    ]);
    const flag = missed.flagAt('2026-07-01T00:05', 'P1.5');
    expect(flag).toMatchObject({ dueAt: due, raisedAt: raised, severity: 'medium', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(agreed.eventId);
    expect(flag.evidence).toContainEqual(expect.objectContaining({ kind: 'event', eventId: below.eventId }));
    expect(flag.evidence).toContainEqual({ kind: 'value', name: 'measured value', value: 55, threshold: 40 });
    expect(missed.verdictsAt('2026-07-02', 'P4.3')).toEqual([]);
  });

  test.each(['2026-06-30T23:59', due, raised])('a measurement at %s that reaches the target keeps it quiet', (at) => {
    expect(given(agreed, below, measuredAt(at, 40)).verdictsAt('2026-08-01', 'P1.5')).toEqual([]);
  });

  test('a measurement after the tolerance that reaches the target clears it, another that does not leaves it', () => {
    const reached = measuredAt('2026-07-01T00:05:00.001Z', 40);
    expect(given(agreed, below, reached).flagAt('2026-08-01', 'P1.5').cleared).toEqual({
      ...{ at: reached.occurredAt, eventId: reached.eventId, reason: 'outcomeReached' },
    });
    expect(given(agreed, below, measuredAt('2026-07-10', 41)).flagAt('2026-08-01', 'P1.5').cleared).toBeUndefined();
  });

  test('the last measurement by the due day decides', () => {
    const reached = given(agreed, below, measuredAt('2026-06-20', 30));
    expect(reached.verdictsAt('2026-08-01', 'P1.5')).toEqual([]);
    expect(reached.and(measuredAt('2026-06-25', 60)).flagsAt('2026-08-01', 'P1.5')).toHaveLength(1);
  });

  test('what is first measured after the due day is judged as it is measured', () => {
    const late = measuredAt('2026-07-20T09:00', 55);
    const missed = given(agreed, late);
    expect(missed.flagAt('2026-07-20T09:04', 'P4.3').cleared).toMatchObject({ eventId: late.eventId });
    expect(missed.flagsAt('2026-07-20T09:04', 'P1.5')).toEqual([]);
    expect(missed.flagAt('2026-07-20T09:05', 'P1.5').raisedAt).toBe('2026-07-20T09:05:00.000Z');
    expect(given(agreed, measuredAt('2026-07-20', 30)).flagsAt('2026-08-01', 'P1.5')).toEqual([]);
  });

  test.each([
    ['above the baseline, below the target', { baseline: 1, target: 4 }, 3, 1],
    ['above the baseline, at the target', { baseline: 1, target: 4 }, 4, 0],
    ['below the baseline, above the target', { baseline: 9, target: 4 }, 5, 1],
    ['below the baseline, at the target', { baseline: 9, target: 4 }, 4, 0],
    ['without a baseline', { baseline: undefined, target: 4 }, 5, 0],
    ['without a target', { baseline: 9, target: undefined }, 5, 0],
    ['with a target that is the baseline', { baseline: 4, target: 4 }, 5, 0],
  ])('a value %s', (_, said, value, flags) => {
    const story = given(agreedAt('2026-01-10', said), measuredAt('2026-06-01', value));
    expect(story.flagsAt('2026-08-01', 'P1.5')).toHaveLength(flags);
  });

  test('a measurement says itself whether it reaches the outcome', () => {
    expect(given(agreed, measuredAt('2026-06-01', 55, { met: true })).flagsAt('2026-08-01', 'P1.5')).toEqual([]);
    const vague = agreedAt('2026-01-10', { baseline: undefined, target: undefined });
    const { evidence } = given(vague, measuredAt('2026-06-01', 55, { met: false })).flagAt('2026-08-01', 'P1.5');
    expect(evidence.map(({ kind }) => kind)).toEqual(['event', 'event']);
  });

  test('an outcome that is agreed anew is judged by its new day; the same words again change nothing', () => {
    const anew = agreedAt('2026-06-15', { due: '2026-09-30' });
    const moved = given(agreed, below, anew);
    expect(moved.flagsAt('2026-09-30', 'P1.5')).toEqual([]);
    expect(moved.and(measuredAt('2026-09-01', 50)).flagAt('2026-10-02', 'P1.5').openedBy.eventId).toBe(anew.eventId);
    expect(given(agreed, below, agreedAt('2026-06-15')).flagAt('2026-08-01', 'P1.5').openedBy.eventId).toBe(
      agreed.eventId,
    );
    const late = agreedAt('2026-07-15', { due: '2026-09-30' });
    expect(given(agreed, below, late).flagAt('2026-08-01', 'P1.5').cleared).toEqual({
      ...{ at: late.occurredAt, eventId: late.eventId, reason: 'outcomeAgreedAnew' },
    });
  });

  test('an outcome without a day is not judged', () => {
    const open = given(agreedAt('2026-01-10', { due: undefined }), below);
    expect([...open.verdictsAt('2027-01-01', 'P1.5'), ...open.verdictsAt('2027-01-01', 'P4.3')]).toEqual([]);
  });
});

describe('P4.3 agreed outcome not measured', () => {
  test('is armed by the agreement, and raised once the tolerance after the due day is over', () => {
    const silent = given(opened('2026-01-01'), agreed);
    expect(silent.verdictsAt('2026-07-01T00:04:59.999Z', 'P4.3')).toMatchObject([{ state: 'armed', dueAt: due }]);
    const flag = silent.flagAt('2026-07-01T00:05', 'P4.3');
    expect(flag).toMatchObject({ raisedAt: raised, severity: 'medium', pattern: 'noEvidenceOfValue' });
    expect(flag.evidence).toContainEqual(
      expect.objectContaining({ kind: 'silence', from: agreed.occurredAt, until: due, armedBy: agreed.eventId }),
    );
    expect(silent.verdictsAt('2026-08-01', 'P1.5')).toEqual([]);
  });

  test.each(['2026-01-09T23:55', '2026-06-30T00:00', due, raised])('a measurement at %s keeps it quiet', (at) => {
    expect(given(agreed, measuredAt(at, 99)).verdictsAt('2026-08-01', 'P4.3')).toEqual([]);
  });

  test('a measurement of before the agreement, or of another outcome, does not', () => {
    const before = measuredAt('2026-01-09T23:54:59.999Z', 99);
    const other = measuredAt('2026-03-01', 99, { outcomeId: 'other' });
    expect(given(agreed, before, other).flagAt('2026-08-01', 'P4.3').cleared).toBeUndefined();
  });

  test('a late measurement clears it, and one that is only recorded late withdraws it', () => {
    const late = measuredAt('2026-07-01T00:05:00.001Z', 40);
    expect(given(agreed, late).flagAt('2026-08-01', 'P4.3').cleared).toEqual({
      ...{ at: late.occurredAt, eventId: late.eventId, reason: 'measuredLate' },
    });
    expect(given(agreed, late, measuredAt('2026-05-01', 40)).flagsAt('2026-08-01', 'P4.3')).toEqual([]);
  });

  test('an agreement on another day in time moves it, and a later one closes it', () => {
    expect(given(agreed, agreedAt('2026-06-20', { due: '2026-12-31' })).flagsAt('2026-12-01', 'P4.3')).toEqual([]);
    const late = agreedAt('2026-07-20', { due: '2026-12-31' });
    expect(given(agreed, late).flagAt('2026-12-01', 'P4.3').cleared).toMatchObject({ reason: 'outcomeAgreedAnew' });
  });

  test('a day that was past as it was agreed is due at the agreement', () => {
    const past = given(agreedAt('2026-01-10', { due: '2025-12-31' }));
    expect(past.flagAt('2026-01-11', 'P4.3').raisedAt).toBe('2026-01-10T00:05:00.000Z');
  });

  test('a renewal changes neither: the outcome belongs to no term', () => {
    const renewal = [subscribed('2025-08-01', { to: '2026-08-01' }), renewed('2026-08-01', { to: '2027-08-01' })];
    expect(given(agreed, ...renewal).flagAt('2026-09-01', 'P4.3').cleared).toBeUndefined();
    expect(
      given(agreed, measuredAt('2026-06-01', 55), ...renewal).flagAt('2026-09-01', 'P1.5').cleared,
    ).toBeUndefined();
  });
});
