// How was use planned to grow, by which plan, and which months are quiet for a customer?
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../domain/context/policy.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { firstUseOf, plannedUnitsAt, quietMonthsOf, rampsOf } from '../../../domain/engagement/value/rollOut.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { handoffAccepted, handoffOffered, handoffRejected } from '../../support/histories/engagementFacts.ts';
import { instant, recorded, type Said } from '../../support/histories/events.ts';

const foldOf = (...events: readonly RecordedEvent[]) => foldEngagement([...events].sort(inFoldOrder));
const rampOffered = (at: string, ramp: Said<'HandoffOffered'>['ramp'], handoffId = 'h1') =>
  recorded('HandoffOffered', { handoffId, fromStage: 'sell', toStage: 'deliver', expectations: [], ramp }, { at });
const step = (from: string, activeUnits: number) => ({ from, activeUnits });
const planned = (events: readonly RecordedEvent[], at: string) =>
  plannedUnitsAt(rampsOf(foldOf(...events)), instant(at))?.activeUnits;

describe('the planned units', () => {
  const ramp = rampOffered('2026-01-10', [step('2026-04-01', 40), step('2026-02-01', 0), step('2026-03-01', 20)]);

  it('are those of the last step that has begun, in whatever order the steps are told', () => {
    expect(planned([ramp], '2026-01-09T23:59')).toBeUndefined();
    expect(planned([ramp], '2026-01-10')).toBe(0);
    expect(planned([ramp], '2026-02-28T23:59')).toBe(0);
    expect(planned([ramp], '2026-03-01')).toBe(20);
    expect(planned([ramp], '2026-03-31T23:59')).toBe(20);
    expect(planned([ramp], '2026-04-01')).toBe(40);
    expect(planned([ramp], '2027-04-01')).toBe(40);
  });

  it('begin with the first step that plans any use', () => {
    expect(rampsOf(foldOf(ramp)).map(firstUseOf)).toEqual([instant('2026-03-01')]);
    expect(rampsOf(foldOf(rampOffered('2026-01-10', [step('2026-02-01', 0)]))).map(firstUseOf)).toEqual([undefined]);
  });

  it('are of the plan that was declared last; an offer without a plan replaces none', () => {
    const later = rampOffered('2026-03-10', [step('2026-03-01', 5)], 'h2');
    const plain = handoffOffered('2026-03-15', { id: 'h3' });
    const empty = rampOffered('2026-03-16', [], 'h4');
    expect(planned([ramp, later, plain, empty], '2026-03-09')).toBe(20);
    expect(planned([ramp, later, plain, empty], '2026-03-10')).toBe(5);
    expect(planned([ramp, later, plain, empty], '2026-05-01')).toBe(5);
    expect(rampsOf(foldOf(ramp, later, plain, empty))).toHaveLength(2);
  });

  it('are gone once the offer is rejected, by its first answer', () => {
    const rejected = handoffRejected('2026-03-20', { id: 'h1' });
    expect(planned([ramp, rejected], '2026-03-19T23:59')).toBe(20);
    expect(planned([ramp, rejected], '2026-03-20')).toBeUndefined();
    const accepted = handoffAccepted('2026-03-15', { id: 'h1' });
    expect(planned([ramp, accepted, rejected], '2026-04-01')).toBe(40);
    expect(planned([ramp, handoffRejected('2026-03-20', { id: 'h9' })], '2026-04-01')).toBe(40);
  });

  it('of an offer that is made again are judged by the answer after it', () => {
    const again = rampOffered('2026-03-25', [step('2026-03-01', 7)]);
    const rejected = handoffRejected('2026-03-20', { id: 'h1' });
    expect(planned([ramp, rejected, again], '2026-03-26')).toBe(7);
    expect(planned([ramp, rejected, again, handoffRejected('2026-03-28', { id: 'h1' })], '2026-03-29')).toBeUndefined();
  });
});

describe('the quiet months', () => {
  const quiet = (quietMonths: Readonly<Record<string, readonly number[]>>, ...events: readonly RecordedEvent[]) => {
    const at = quietMonthsOf(foldOf(...events), { policy: { ...defaultPolicy, quietMonths } });
    return (when: string) => at(instant(when));
  };
  const opened = recorded('EngagementOpened', { segment: 'schools' }, { at: '2026-01-01' });
  const identified = recorded(
    'CustomerIdentified',
    { customer: { system: 'crm', kind: 'account', id: 'C' }, segment: 'retail' },
    { at: '2026-05-01' },
  );

  it('are those of the segment that was known by then', () => {
    const months = quiet({ schools: [7, 8], retail: [1] }, opened, identified);
    expect(months('2025-12-31')).toEqual([]);
    expect(months('2026-01-01')).toEqual([7, 8]);
    expect(months('2026-04-30T23:59')).toEqual([7, 8]);
    expect(months('2026-05-01')).toEqual([1]);
  });

  it('are none where the policy names none, of the segment or at all', () => {
    expect(quiet({ retail: [1] }, opened)('2026-02-01')).toEqual([]);
    expect(quiet({}, opened)('2026-02-01')).toEqual([]);
    expect(quiet({ retail: [1] }, recorded('EngagementOpened', {}, { at: '2026-01-01' }))('2026-02-01')).toEqual([]);
  });
});
