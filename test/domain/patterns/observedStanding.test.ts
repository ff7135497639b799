// Do standing needs count from when somebody listened: reports, measurements, use, and terms that nobody decided?
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { usedIn, usedUntil } from '../../support/histories/adoptionFacts.ts';
import {
  goLive,
  opened,
  policyPublished,
  renewed,
  reported,
  subscribed,
} from '../../support/histories/engagementFacts.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { type Given, given } from '../../support/histories/given.ts';

const heard = '2026-06-01T09:00:00.000Z';
const longAfter = '2027-12-31';

/** A history that was imported as a whole when somebody began to listen. */
const imported = (...events: readonly RecordedEvent[]): Given =>
  given(...[opened('2025-01-01'), ...events].map((event) => ({ ...event, recordedAt: instant(heard) })));

const raisedAt = (story: Given, rule: string) => story.flagsAt(longAfter, rule).map((flag) => flag.raisedAt);
const outcome = recorded('OutcomeAgreed', { outcomeId: 'recovery', due: '2026-02-28' }, { at: '2026-01-01' });

describe('P4.1', () => {
  const live = imported(goLive('2025-03-01'));

  test('counts its days from when somebody listened, not from a go-live before that', () => {
    expect(live.verdictsAt('2026-09-09T09:04:59.999Z', 'P4.1')).toMatchObject([
      { state: 'armed', dueAt: '2026-09-09T09:00:00.000Z' },
    ]);
    expect(live.flagAt('2026-09-09T09:05', 'P4.1').evidence).toContainEqual(
      expect.objectContaining({ kind: 'silence', from: heard, until: '2026-09-09T09:00:00.000Z' }),
    );
  });

  test('of reports long ago, and one in time after that, shows nothing but the next', () => {
    const story = imported(goLive('2025-03-01'), reported('2025-12-01')).and(reported('2026-09-09T09:05'));
    expect(story.flagsAt('2026-12-01', 'P4.1')).toEqual([]);
    expect(story.verdictsAt('2026-12-01', 'P4.1')).toMatchObject([{ state: 'armed' }]);
  });

  test('counts from a go-live after that as ever', () => {
    expect(raisedAt(imported().and(goLive('2026-07-01')), 'P4.1')).toEqual(['2026-10-09T00:05:00.000Z']);
  });
});

test('P4.3 is due at the due day, or later, once somebody listens', () => {
  expect(raisedAt(imported(outcome), 'P4.3')).toEqual(['2026-06-01T09:05:00.000Z']);
  const later = recorded('OutcomeAgreed', { outcomeId: 'recovery', due: '2026-06-30' }, { at: '2026-01-01' });
  expect(raisedAt(imported(later), 'P4.3')).toEqual(['2026-07-01T00:05:00.000Z']);
});

describe('P4.5', () => {
  test.each([
    ['2026-12-31', '2026-10-02T00:05:00.000Z'],
    ['2026-07-31', '2026-06-01T09:05:00.000Z'],
  ])('of a term that ends on %s is raised at %s', (to, at) => {
    expect(raisedAt(imported(subscribed('2025-08-01', { to })), 'P4.5')).toEqual([at]);
  });

  test('of a term that had ended by then is not judged', () => {
    const over = imported(subscribed('2025-03-01', { to: '2026-03-01' }));
    expect(over.verdictsAt('2026-06-02', 'P4.5')).toMatchObject([{ state: 'suspended', reason: 'notObserved' }]);
    expect(over.and(renewed('2026-07-01', { from: '2026-03-01' })).verdictsAt('2026-08-01', 'P4.5')).toEqual([]);
  });
});

describe('P4.7', () => {
  const over = imported(subscribed('2025-03-01', { to: '2026-03-01' }));

  test('of a term that had ended before counts from then, with the days of grace', () => {
    expect(raisedAt(over, 'P4.7')).toEqual(['2026-06-04T09:05:00.000Z']);
    expect(raisedAt(imported(subscribed('2025-08-01', { to: '2026-08-01' })), 'P4.7')).toEqual([
      '2026-08-01T00:05:00.000Z',
    ]);
  });

  test('is quiet where the rest of the import says that it was renewed', () => {
    const renewal = { ...renewed('2026-02-20', { from: '2026-03-01' }), recordedAt: instant('2026-06-02') };
    expect(over.and(renewal).verdictsAt(longAfter, 'P4.7')).toEqual([]);
  });
});

describe('use', () => {
  const bought = subscribed('2025-03-01');

  test('P1.3 counts its days from when somebody listened', () => {
    const unused = imported(bought).and(usedUntil('2026-06-10', 0));
    expect(raisedAt(unused, 'P1.3')).toEqual(['2026-07-16T09:05:00.000Z']);
    expect(raisedAt(unused.and(usedUntil('2026-07-16', 1)), 'P1.3')).toEqual([]);
  });

  test('P1.2 judges whole months from then on', () => {
    const low = ['2026-04', '2026-05', '2026-06', '2026-07', '2026-08'].map((month) => usedIn(month, 10));
    const [first, second, ...after] = low;
    const story = imported(bought, ...(first === undefined ? [] : [first])).and(
      ...[second, ...after].filter((each) => each !== undefined),
    );
    expect(raisedAt(story, 'P1.2')).toEqual(['2026-09-04T00:05:00.000Z']);
    const observing = policyPublished({ observedFrom: { UsageMeasured: '2020-01-01T00:00:00.000Z' } });
    expect(raisedAt(story.and(observing), 'P1.2')).toEqual(['2026-06-04T00:05:00.000Z']);
  });
});
