// Which value does a customer get, as far as evidence shows it, and what decides that?
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { recorded, type Said } from '../../support/histories/events.ts';
import { columnsAt, org } from '../../support/tabled.ts';

const opened = recorded('EngagementOpened', { leadPartner: org('p'), customer: org('c') }, { at: '2026-01-05' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
const live = recorded('MilestoneReached', { milestone: 'go_live' }, { at: '2026-03-01' });
const agreed = (outcomeId: string, said: Partial<Said<'OutcomeAgreed'>> = {}) =>
  recorded('OutcomeAgreed', { outcomeId, baseline: 10, target: 20, ...said }, { at: '2026-01-10' });
const measured = (outcomeId: string, value: number, at: string) =>
  recorded('OutcomeMeasured', { outcomeId, value }, { at });
const reported = (at: string, ...sections: ('adoption' | 'business_impact')[]) =>
  recorded('ValueReported', { reportId: at, sections }, { at });

const valueAt = (now: string, ...events: readonly RecordedEvent[]) => {
  const [row] = columnsAt('healthy_scores', now, events);
  const cited = Array.isArray(row?.valueEvidence) ? row.valueEvidence : [];
  return {
    state: row?.valueState,
    reason: row?.valueReason,
    by: cited.map((each) => (typeof each === 'object' && each !== null && 'eventId' in each ? each.eventId : each)),
  };
};

const sold = [opened, won, live];
const impact = reported('2026-05-01', 'business_impact');
const full = [...sold, agreed('o'), measured('o', 20, '2026-05-02'), impact];

describe('the value that a customer gets', () => {
  it('is unknown before anything is bought', () => {
    expect(valueAt('2026-01-20', opened, agreed('o'))).toEqual({ state: null, reason: 'nothingBought', by: [] });
    const offered = recorded(
      'HandoffOffered',
      { handoffId: 'h', fromStage: 'sell', toStage: 'deliver' },
      { at: '2026-01-12' },
    );
    expect(valueAt('2026-02-20', opened, agreed('o'), offered)).toMatchObject({ state: null, reason: 'nothingBought' });
  });

  it('is uncertain while no outcome is met and no report shows impact', () => {
    const uncertain = { state: 'uncertain', reason: null, by: [won.eventId] };
    expect(valueAt('2026-06-01', ...sold)).toEqual(uncertain);
    const missed = measured('o', 19, '2026-05-01');
    expect(valueAt('2026-06-01', ...sold, agreed('o'), missed, reported('2026-05-01', 'adoption'))).toEqual(uncertain);
  });

  it('improves with a met outcome, or with a report that shows impact', () => {
    const met = measured('o', 20, '2026-05-02');
    const other = agreed('x');
    expect(valueAt('2026-06-01', ...sold, agreed('o'), met, other)).toEqual({
      ...{ state: 'improving', reason: null, by: [met.eventId, other.eventId] },
    });
    expect(valueAt('2026-06-01', ...sold, impact)).toMatchObject({ state: 'improving', by: [impact.eventId] });
  });

  it('is continuous with full evidence: all outcomes met, impact reported, no report overdue', () => {
    const [, , , , met] = full;
    expect(valueAt('2026-06-01', ...full)).toEqual({
      ...{ state: 'continuous', reason: null, by: [met?.eventId, impact.eventId] },
    });
    // Without a go-live nobody knows when a report is due.
    expect(valueAt('2026-06-01', ...full.filter((event) => event !== live)).state).toBe('improving');
    expect(valueAt('2026-06-01', ...full.filter((event) => event !== impact)).state).toBe('improving');
  });

  it('is continuous up to the tolerance after the next report was due, a hundred days later', () => {
    expect(valueAt('2026-08-09T00:04:59.999Z', ...full).state).toBe('continuous');
    expect(valueAt('2026-08-09T00:05', ...full)).toMatchObject({ state: 'improving' });
    expect(valueAt('2026-08-09T00:05', ...full, reported('2026-08-08', 'adoption')).state).toBe('continuous');
  });

  it('falls back once an outcome is measured below its target, or agreed anew', () => {
    const below = measured('o', 12, '2026-05-20');
    expect(valueAt('2026-06-01', ...full, below)).toMatchObject({
      state: 'improving',
      by: [impact.eventId, below.eventId],
    });
    const anew = recorded('OutcomeAgreed', { outcomeId: 'o', baseline: 10, target: 30 }, { at: '2026-05-20' });
    expect(valueAt('2026-06-01', ...full, anew)).toMatchObject({
      state: 'improving',
      by: [impact.eventId, anew.eventId],
    });
  });

  it('is unknown once the engagement has ended', () => {
    const withdrawn = recorded('EngagementWithdrawn', {}, { at: '2026-05-20' });
    expect(valueAt('2026-06-01', ...full, withdrawn)).toEqual({ state: null, reason: 'ended', by: [] });
  });
});
