// Is P4.6 (reports unread) raised by the second report that nobody acknowledges, and cleared by an acknowledgement?
import { describe, expect, test } from 'vitest';
import { policyPublished, renewed, reported, subscribed } from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const first = reported('2026-01-10');
const second = reported('2026-04-10T09:00');
const third = reported('2026-07-10');
const acknowledged = (at: string, { data: { reportId } }: typeof first) =>
  recorded('ReportAcknowledged', { reportId }, { at });

const due = '2026-05-01T09:00:00.000Z';
const unread = given(first, second);

describe('P4.6 reports unread', () => {
  test('is raised once the tolerance after the second report’s 21 days is over', () => {
    expect(given(first).verdictsAt('2026-06-01', 'P4.6')).toEqual([]);
    expect(unread.verdictsAt('2026-05-01T09:04:59.999Z', 'P4.6')).toMatchObject([{ state: 'armed', dueAt: due }]);
    const flag = unread.flagAt('2026-05-01T09:05', 'P4.6');
    expect(flag).toMatchObject({
      ...{ dueAt: due, raisedAt: '2026-05-01T09:05:00.000Z', severity: 'low', cleared: undefined },
      pattern: 'noEvidenceOfValue',
    });
    expect(flag.openedBy.eventId).toBe(second.eventId);
    expect(flag.evidence).toContainEqual(
      expect.objectContaining({ kind: 'silence', from: second.occurredAt, until: due, armedBy: second.eventId }),
    );
  });

  test.each(['2026-04-10T08:55', '2026-04-20', due, '2026-05-01T09:05'])(
    'an acknowledgement of the second report at %s keeps it quiet',
    (at) => {
      expect(unread.and(acknowledged(at, second)).verdictsAt('2026-06-01', 'P4.6')).toEqual([]);
    },
  );

  test.each(['2026-01-10', '2026-01-31', '2026-01-31T00:05'])(
    'an acknowledgement of the first report at %s keeps it quiet',
    (at) => {
      expect(unread.and(acknowledged(at, first)).verdictsAt('2026-06-01', 'P4.6')).toEqual([]);
    },
  );

  test('one of the first report that comes late does not, and one of no report neither', () => {
    const late = acknowledged('2026-01-31T00:05:00.001Z', first);
    const unknown = recorded('ReportAcknowledged', { reportId: 'other' }, { at: '2026-04-20' });
    expect(unread.and(late, unknown).flagAt('2026-06-01', 'P4.6').cleared).toBeUndefined();
  });

  test('one that precedes its report by more than the tolerance counts for nothing', () => {
    const early = acknowledged('2026-04-10T08:54:59.999Z', second);
    expect(unread.and(early).flagAt('2026-06-01', 'P4.6').cleared).toBeUndefined();
  });

  test('whoever acknowledges a later report has seen the earlier ones', () => {
    const next = reported('2026-04-20');
    expect(unread.and(next, acknowledged('2026-04-25', next)).verdictsAt('2026-06-01', 'P4.6')).toEqual([]);
  });

  test.each([
    ['the second report', second],
    ['the first report', first],
    ['a later report', third],
  ])('a late acknowledgement of %s clears it', (_, report) => {
    const late = acknowledged('2026-07-11', report);
    expect(unread.and(third, late).flagsAt('2026-07-20', 'P4.6')[0]?.cleared).toEqual({
      ...{ at: late.occurredAt, eventId: late.eventId, reason: 'acknowledgedLate' },
    });
  });

  test('one that was given in time, but is recorded late, withdraws it', () => {
    expect(unread.and(acknowledged('2026-04-20', second)).flagsAt('2026-06-01', 'P4.6')).toEqual([]);
  });

  test('further unread reports open no second flag until the customer has read again', () => {
    const fourth = reported('2026-10-10');
    expect(unread.and(third, fourth).flagsAt('2026-12-01', 'P4.6')).toHaveLength(1);
    const read = unread.and(third, acknowledged('2026-07-20', second), fourth);
    expect(read.flagsAt('2026-10-30', 'P4.6')).toHaveLength(1);
    expect(read.flagsAt('2026-12-01', 'P4.6').map(({ raisedAt }) => raisedAt)).toEqual([
      '2026-05-01T09:05:00.000Z',
      '2026-10-31T00:05:00.000Z',
    ]);
  });

  test('a report that two systems say is one report', () => {
    const twice = recorded('ValueReported', { reportId: first.data.reportId }, { at: '2026-01-11' });
    expect(given(first, twice).verdictsAt('2026-06-01', 'P4.6')).toEqual([]);
  });

  test('a renewal changes nothing', () => {
    const term = [subscribed('2025-06-01', { to: '2026-06-01' }), renewed('2026-06-01', { to: '2027-06-01' })];
    expect(unread.and(...term).flagAt('2026-07-01', 'P4.6').cleared).toBeUndefined();
  });

  test('a policy is more patient', () => {
    const patient = unread.and(policyPublished({ thresholds: { 'P4.6': { days: 60 } } }));
    expect(patient.flagAt('2026-07-01', 'P4.6').raisedAt).toBe('2026-06-09T09:05:00.000Z');
  });
});
