// Are P4.1 (reporting cadence) and P4.4 (renewal without evidence) raised and cleared, at their limits and after them?
import { describe, expect, test } from 'vitest';
import {
  ended,
  goLive,
  opened,
  policyPublished,
  renewalProposed,
  renewed,
  reported,
  subscribed,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

describe('P4.1 reporting cadence broken', () => {
  const live = goLive('2026-01-01T12:00');
  const due = '2026-04-11T12:00';

  test('is armed by go-live for 100 days', () => {
    expect(given(live).verdictsAt('2026-04-11T12:04:59.999Z', 'P4.1')).toEqual([
      expect.objectContaining({ state: 'armed', dueAt: '2026-04-11T12:00:00.000Z' }),
    ]);
    expect(given(opened('2026-01-01')).verdictsAt('2026-06-01', 'P4.1')).toEqual([]);
  });

  test('is raised once the tolerance after its due instant is over', () => {
    const flag = given(live).flagAt('2026-04-11T12:05', 'P4.1');
    expect(flag).toMatchObject({
      dueAt: '2026-04-11T12:00:00.000Z',
      raisedAt: '2026-04-11T12:05:00.000Z',
      severity: 'medium',
      cleared: undefined,
    });
    expect(flag.openedBy.eventId).toBe(live.eventId);
    expect(flag.evidence).toContainEqual(
      expect.objectContaining({ kind: 'silence', of: 'ValueReported', from: live.occurredAt, until: flag.dueAt }),
    );
  });

  test.each(['2026-02-01', due, '2026-04-11T12:05'])('a report at %s keeps it quiet, and arms it again', (at) => {
    const report = reported(at);
    const verdicts = given(live, report).verdictsAt('2026-04-12', 'P4.1');
    expect(verdicts).toEqual([expect.objectContaining({ state: 'armed' })]);
    expect(verdicts[0]?.openedBy.eventId).toBe(report.eventId);
  });

  test('a report after the tolerance clears it, and the next silence is another episode', () => {
    const late = reported('2026-04-11T12:05:00.001Z');
    const flags = given(live, late).flagsAt('2026-12-01', 'P4.1');
    expect(flags.map((flag) => [flag.openedBy.eventId, flag.cleared?.eventId])).toEqual([
      [live.eventId, late.eventId],
      [late.eventId, undefined],
    ]);
    expect(flags[1]?.raisedAt).toBe('2026-07-20T12:10:00.001Z');
  });

  test('a report before go-live does not count', () => {
    expect(given(live, reported('2025-12-20')).flagAt('2026-06-01', 'P4.1').openedBy.eventId).toBe(live.eventId);
  });

  test('a report that is recorded late withdraws it', () => {
    expect(given(live, reported('2026-03-01')).verdictsAt('2026-05-01', 'P4.1')).toMatchObject([{ state: 'armed' }]);
  });

  test('a policy asks for monthly reports', () => {
    const monthly = policyPublished({ thresholds: { 'P4.1': { days: 31 } } });
    expect(given(live, monthly).flagAt('2026-02-01T12:05', 'P4.1').raisedAt).toBe('2026-02-01T12:05:00.000Z');
  });
});

describe('P4.4 renewal without evidence', () => {
  const proposal = renewalProposed('2026-06-01T09:00');

  test('is raised once the tolerance after the proposal is over', () => {
    const bare = given(proposal);
    expect(bare.verdictsAt('2026-06-01T09:04:59.999Z', 'P4.4')).toMatchObject([{ state: 'armed' }]);
    const flag = bare.flagAt('2026-06-01T09:05', 'P4.4');
    expect(flag).toMatchObject({ raisedAt: '2026-06-01T09:05:00.000Z', severity: 'high', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(proposal.eventId);
  });

  test.each(['2026-02-01T08:55', '2026-02-01T09:00', '2026-05-01', '2026-06-01T09:05'])(
    'a report of business impact at %s keeps it quiet',
    (at) => {
      expect(given(proposal, reported(at, 'adoption', 'business_impact')).verdictsAt('2026-07-01', 'P4.4')).toEqual([]);
    },
  );

  test('an older report, or one without business impact, does not keep it quiet', () => {
    const old = reported('2026-02-01T08:54:59.999Z', 'business_impact');
    const flag = given(proposal, old, reported('2026-05-01', 'adoption', 'security')).flagAt('2026-07-01', 'P4.4');
    expect(flag.cleared).toBeUndefined();
  });

  test.each(['2026-05-01', '2026-06-10'])('a live dashboard at %s makes no case, whatever it shows', (at) => {
    const dashboard = recorded(
      'ValueReported',
      { reportId: 'd-1', sections: ['adoption', 'business_impact'], form: 'dashboard' },
      { at },
    );
    expect(given(proposal, dashboard).flagAt('2026-07-01', 'P4.4').cleared).toBeUndefined();
    // It keeps the rhythm of reports.
    const live = goLive('2026-04-01');
    expect(given(live, dashboard).verdictsAt(at, 'P4.1')).toMatchObject([{ state: 'armed' }]);
  });

  test('a later report clears it, and an earlier report that is recorded late withdraws it', () => {
    const late = reported('2026-06-01T09:05:00.001Z', 'business_impact');
    const flagged = given(proposal, late);
    expect(flagged.flagAt('2026-07-01', 'P4.4').cleared).toMatchObject({ eventId: late.eventId });
    expect(flagged.and(reported('2026-04-01', 'business_impact')).flagsAt('2026-07-01', 'P4.4')).toEqual([]);
  });

  test('another proposal opens a second flag only after the first one has cleared', () => {
    const again = given(proposal, renewalProposed('2026-06-10'), reported('2026-06-20', 'business_impact'));
    expect(again.flagAt('2026-07-01', 'P4.4').openedBy.eventId).toBe(proposal.eventId);
    const nextYear = again.and(renewalProposed('2027-06-01'));
    expect(nextYear.flagsAt('2027-07-01', 'P4.4').map((flag) => flag.raisedAt)).toEqual([
      '2026-06-01T09:05:00.000Z',
      '2027-06-01T00:05:00.000Z',
    ]);
  });

  test('another proposal stands among the evidence of the open flag', () => {
    const again = renewalProposed('2026-06-10');
    const cited = { kind: 'event', eventId: again.eventId };
    const story = given(proposal, again, reported('2026-06-20', 'business_impact'), renewalProposed('2026-06-25'));
    const { evidence } = story.flagAt('2026-07-01', 'P4.4');
    expect(evidence.filter(({ kind }) => kind === 'event')).toHaveLength(2);
    expect(evidence).toContainEqual(expect.objectContaining(cited));
  });

  describe('closes with the renewal that it belongs to', () => {
    const anchor = subscribed('2025-07-01', { to: '2026-07-01' });
    const addOn = subscribed('2025-07-01', { to: '2026-07-01', subscription: 'sub_2' });
    const next = { from: '2026-07-01', to: '2027-07-01' };
    const proposing = (...subscriptionIds: readonly string[]) =>
      recorded('RenewalProposed', { subscriptionIds: [...subscriptionIds] }, { at: '2026-06-01T09:00' });

    test.each([
      ['the anchor, if it names none', proposing(), renewed('2026-06-20', next), '2026-06-20'],
      ['the anchor', proposing('sub_1'), renewed('2026-06-20', next), '2026-06-20'],
      ['an add-on', proposing('sub_2'), renewed('2026-06-20', { ...next, subscription: 'sub_2' }), '2026-06-20'],
      ['another one', proposing('sub_2'), renewed('2026-06-20', next), undefined],
      ['one of two', proposing('sub_1', 'sub_2'), renewed('2026-06-20', next), undefined],
      ['the anchor, beside an unknown one', proposing('sub_1', 'x'), renewed('2026-06-20', next), '2026-06-20'],
    ])('%s', (_, proposed, decision, day) => {
      const flag = given(anchor, addOn, proposed, decision).flagAt('2026-08-01', 'P4.4');
      expect(flag.cleared).toEqual(
        day === undefined ? undefined : { at: `${day}T00:00:00.000Z`, eventId: decision.eventId, reason: 'closedMoot' },
      );
    });

    test('month by month, too', () => {
      const month = subscribed('2026-05-20', { to: '2026-06-20' });
      const monthly = given(
        month,
        proposal,
        renewed('2026-06-20', { to: '2026-07-20' }),
        renewalProposed('2026-07-10'),
      );
      expect(monthly.flagsAt('2026-07-15', 'P4.4').map(({ raisedAt, cleared }) => [raisedAt, cleared?.reason])).toEqual(
        [
          ['2026-06-01T09:05:00.000Z', 'closedMoot'],
          ['2026-07-10T00:05:00.000Z', undefined],
        ],
      );
    });

    test('as realised, if the subscription ends instead', () => {
      const left = given(anchor, addOn, proposing('sub_2'), ended('2026-06-20', { subscriptionId: 'sub_2' }));
      expect(left.flagAt('2026-08-01', 'P4.4').cleared).toMatchObject({
        ...{ at: '2026-06-20T00:00:00.000Z', reason: 'closedRealised' },
      });
    });

    test('at its raising, if the proposal was accepted at once', () => {
      const atOnce = given(anchor, proposal, renewed('2026-06-01T09:00', next));
      expect(atOnce.flagAt('2026-08-01', 'P4.4')).toMatchObject({
        ...{ raisedAt: '2026-06-01T09:05:00.000Z', cleared: { at: '2026-06-01T09:05:00.000Z', reason: 'closedMoot' } },
      });
    });
  });

  test('a policy makes it look further back', () => {
    const yearly = policyPublished({ thresholds: { 'P4.4': { days: 365 } } });
    expect(given(proposal, yearly, reported('2025-07-01', 'business_impact')).flagsAt('2026-07-01', 'P4.4')).toEqual(
      [],
    );
  });
});
