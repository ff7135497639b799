// Do policies say since when events are recorded, and can a partner suspend what is held against it?
import { describe, expect, test } from 'vitest';
import type { EventType, RecordedOf } from '../../../events/catalog.ts';
import { usedUntil } from '../../support/histories/adoptionFacts.ts';
import {
  deliveryStarted,
  goLive,
  handoffOffered,
  opened,
  policyPublished,
  reported,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { instant, type RecordedOptions, recorded, type Said } from '../../support/histories/events.ts';
import { type Given, given } from '../../support/histories/given.ts';

const longAfter = '2027-12-31';
const imported = [opened('2025-11-24T10:00'), won('2026-01-05T10:00')].map((event) => ({
  ...event,
  recordedAt: instant('2026-06-01'),
}));
const sale = given(...imported);
const observing = (observedFrom: Said<'PolicyPublished'>['observedFrom'], from = '2020-01-01', version = 1) =>
  policyPublished({ observedFrom }, { from, version });

const statesOf = (story: Given, rule: string, now = longAfter) =>
  story.verdictsAt(now, rule).map((verdict) => (verdict.state === 'suspended' ? verdict.reason : verdict.state));

describe('a policy', () => {
  test('observes every type, or each its own, from an instant', () => {
    const all = sale.and(observing({ '*': '2026-01-01T00:00:00.000Z' }));
    expect(all.flagAt(longAfter, 'P3.2').raisedAt).toBe('2026-01-12T10:05:00.000Z');
    expect(statesOf(all, 'P1.1')).toEqual(['raised']);
    const one = sale.and(observing({ HandoffOffered: '2026-01-01T00:00:00.000Z' }));
    expect(statesOf(one, 'P3.2')).toEqual(['raised']);
    expect(statesOf(one, 'P1.1')).toEqual(['notObserved']);
    const but = sale.and(observing({ '*': '2026-01-01T00:00:00.000Z', HandoffOffered: '2026-02-01T00:00:00.000Z' }));
    expect(statesOf(but, 'P3.2')).toEqual(['notObserved']);
    expect(statesOf(but, 'P1.1')).toEqual(['raised']);
  });

  test.each([
    ['2026-01-05T10:05:00.000Z', 'raised'],
    ['2026-01-05T10:05:00.001Z', 'notObserved'],
  ])('from %s on: what arose within the tolerance before is judged', (from, state) => {
    expect(statesOf(sale.and(observing({ '*': from })), 'P1.1')).toEqual([state]);
  });

  test('says of a type that nobody records it here: then its silence proves nothing, also later', () => {
    const story = given(
      opened('2026-01-01'),
      won('2026-01-05T10:00'),
      subscribed('2026-01-06', { to: '2027-01-06' }),
      goLive('2026-02-01'),
      usedUntil('2026-03-01', 0),
    );
    const never = story.and(
      observing({
        HandoffOffered: 'never',
        ValueReported: 'never',
        UsageMeasured: 'never',
        SubscriptionEnded: 'never',
      }),
    );
    for (const rule of ['P1.2', 'P1.3', 'P3.2', 'P4.1', 'P4.5', 'P4.7'])
      expect(new Set(statesOf(never, rule)), rule).toEqual(new Set(['notObserved']));
    expect(never.verdictsAt(longAfter, 'P4.1')).toMatchObject([
      { because: 'nobody records ValueReported here, so nobody knows whether it came' },
    ]);
    // What is judged by another type is judged.
    expect(statesOf(never, 'P1.1')).toEqual(['raised']);
    expect(statesOf(never.and(reported('2026-04-01'), handoffOffered('2026-01-06')), 'P1.1')).toEqual(['raised']);
  });

  test('of what is never accepted here leaves P3.2 to be judged, though work began', () => {
    const story = given(opened('2026-01-01'), won('2026-01-05T10:00'), deliveryStarted('2026-01-07'));
    expect(statesOf(story, 'P3.2')).toEqual([]);
    const never = story.and(observing({ HandoffAccepted: 'never' }));
    expect(statesOf(never, 'P3.1')).toEqual(['notObserved']);
    expect(statesOf(never, 'P3.2')).toEqual(['raised']);
  });

  test('that comes later leaves the flags of the one before, and what it left suspended', () => {
    const [one, other] = [
      observing({ '*': '2025-01-01T00:00:00.000Z' }, '2024-01-01', 1),
      observing({ '*': 'never' }, '2026-02-01', 2),
    ];
    for (const now of ['2026-01-31', '2026-02-02', longAfter]) {
      expect(sale.and(one, other).flagAt(now, 'P1.1')).toMatchObject({ policy: { version: 1 }, cleared: undefined });
      expect(statesOf(sale.and(other), 'P1.1', now)).toEqual(['notObserved']);
      expect(statesOf(sale.and(observing({ '*': '2025-01-01T00:00:00.000Z' }, '2026-02-01')), 'P1.1', now)).toEqual([
        'notObserved',
      ]);
    }
  });
});

describe('a partner that comes late', () => {
  const partner = { role: 'partner', partyId: 'p1' } as const;
  const says = <T extends EventType>(
    type: T,
    said: Said<T>,
    options: Pick<RecordedOptions, 'at' | 'sourceId' | 'seq'> & { readonly saidAt: string },
  ): RecordedOf<T> => recorded(type, said, { ...options, recordedAt: options.saidAt, actor: 'pat', saidBy: partner });
  const saidAt = '2026-06-01';

  test('suspends no rule by its own first word', () => {
    const late = given(
      says('EngagementOpened', {}, { at: '2025-11-24T10:00', saidAt }),
      says('DealClosed', { result: 'won' }, { at: '2026-01-05T10:00', saidAt }),
      says('MilestoneReached', { milestone: 'go_live' }, { at: '2026-01-20', saidAt }),
    );
    expect(statesOf(late, 'P1.1')).toEqual(['raised']);
    expect(statesOf(late, 'P3.2')).toEqual(['raised', 'raised']);
    expect(late.flagAt(longAfter, 'P4.1').raisedAt).toBe('2026-04-30T00:05:00.000Z');
  });

  test('suspends none by dating its word before somebody listened, nor by dating it back later', () => {
    const heard = given({ ...opened('2026-02-01'), recordedAt: instant('2026-02-01') });
    const live = (at: string, said: string, seq: string) =>
      says('MilestoneReached', { milestone: 'go_live' }, { at, saidAt: said, sourceId: 'live', seq });
    expect(statesOf(heard.and(live('2026-01-02', '2026-03-10', '1')), 'P4.1')).toEqual(['raised']);
    const restated = heard.and(live('2026-03-01', '2026-03-01', '1'), live('2026-01-02', '2026-03-02', '2'));
    expect(statesOf(restated, 'P4.1')).toEqual(['raised']);
  });

  test('is not judged on what it said before an instant that the policy names', () => {
    const late = given(
      says('EngagementOpened', {}, { at: '2025-11-24T10:00', saidAt }),
      says('DealClosed', { result: 'won' }, { at: '2026-01-05T10:00', saidAt }),
    );
    expect(statesOf(late.and(observing({ '*': '2026-06-02T00:00:00.000Z' })), 'P1.1')).toEqual(['notObserved']);
  });
});
