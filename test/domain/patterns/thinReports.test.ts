// Is P4.2 (thin reports) raised by the second thin report in a row, and cleared by a full one?
import { describe, expect, test } from 'vitest';
import { policyPublished, renewed, reported, subscribed } from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const first = reported('2026-01-10', 'adoption', 'security');
const second = reported('2026-04-10T09:00', 'business_impact');
const full = (at: string) => reported(at, 'business_impact', 'compliance');

describe('P4.2 thin reports', () => {
  test('is raised once the tolerance after the second thin report in a row is over', () => {
    expect(given(first).verdictsAt('2026-04-10', 'P4.2')).toEqual([]);
    const thin = given(first, second);
    expect(thin.verdictsAt('2026-04-10T09:04:59.999Z', 'P4.2')).toMatchObject([{ state: 'armed' }]);
    const flag = thin.flagAt('2026-04-10T09:05', 'P4.2');
    expect(flag).toMatchObject({
      ...{ raisedAt: '2026-04-10T09:05:00.000Z', severity: 'medium', subject: 'engagement', cleared: undefined },
      pattern: 'noEvidenceOfValue',
    });
    expect(flag.openedBy.eventId).toBe(second.eventId);
    expect(flag.evidence.filter(({ kind }) => kind === 'event')).toMatchObject([
      { eventId: first.eventId, says: 'this report covers 2 of four topics, without business impact' },
      { eventId: second.eventId, says: 'this report covers 1 of four topics, business impact among them' },
    ]);
  });

  test('a full report between two thin ones keeps it quiet', () => {
    expect(given(first, full('2026-02-10'), second).verdictsAt('2026-06-01', 'P4.2')).toEqual([]);
  });

  test.each(['2026-04-10T08:55', '2026-04-10T09:00', '2026-04-10T09:05'])(
    'a full report at %s is of one delivery with the thin one, and keeps it quiet',
    (at) => {
      const delivered = given(first, second, full(at));
      expect(delivered.verdictsAt('2026-06-01', 'P4.2')).toEqual([]);
      expect(delivered.and(reported('2026-07-10', 'adoption')).verdictsAt('2026-08-01', 'P4.2')).toEqual([]);
    },
  );

  test('a full report after the tolerance clears it; further thin ones open a second flag only after that', () => {
    const late = full('2026-04-10T09:05:00.001Z');
    expect(given(first, second, late).flagAt('2026-06-01', 'P4.2').cleared).toEqual({
      ...{ at: late.occurredAt, eventId: late.eventId, reason: 'fullReport' },
    });
    const thin = [reported('2026-07-10', 'adoption'), reported('2026-10-10', 'adoption')];
    expect(given(first, second, ...thin).flagsAt('2026-12-01', 'P4.2')).toHaveLength(1);
    const again = given(first, second, late, ...thin);
    expect(again.flagsAt('2026-10-01', 'P4.2')).toHaveLength(1);
    expect(again.flagsAt('2026-12-01', 'P4.2').map(({ raisedAt, cleared }) => [raisedAt, cleared?.eventId])).toEqual([
      ['2026-04-10T09:05:00.000Z', late.eventId],
      ['2026-10-10T00:05:00.000Z', undefined],
    ]);
  });

  test('a full report that was sent outside the system, and is recorded late, withdraws it', () => {
    expect(given(first, second, full('2026-03-01')).flagsAt('2026-06-01', 'P4.2')).toEqual([]);
  });

  test('a report that two systems say is no second one', () => {
    const twice = recorded(
      'ValueReported',
      { reportId: first.data.reportId, sections: ['adoption'] },
      { at: '2026-01-11' },
    );
    expect(given(first, twice).verdictsAt('2026-06-01', 'P4.2')).toEqual([]);
    expect(given(first, twice, second).flagsAt('2026-06-01', 'P4.2')).toHaveLength(1);
  });

  test('a renewal changes nothing', () => {
    const term = [subscribed('2025-05-01', { to: '2026-05-01' }), renewed('2026-05-01', { to: '2027-05-01' })];
    expect(given(first, second, ...term).flagAt('2026-06-01', 'P4.2').cleared).toBeUndefined();
  });

  test('a policy asks for more topics, or for more patience', () => {
    const strict = policyPublished({ thresholds: { 'P4.2': { topics: 3 } } });
    expect(given(full('2026-01-10'), full('2026-04-10'), strict).flagsAt('2026-06-01', 'P4.2')).toHaveLength(1);
    const patient = given(first, second, policyPublished({ thresholds: { 'P4.2': { reports: 3 } } }));
    expect(patient.flagsAt('2026-06-01', 'P4.2')).toEqual([]);
    expect(patient.and(reported('2026-06-10')).flagsAt('2026-07-01', 'P4.2')).toHaveLength(1);
  });
});
