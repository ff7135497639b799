// Does silence count only from when somebody listened, for needs of order, for standing needs, and as policies say?
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { addMilliseconds } from '../../../events/instant.ts';
import {
  blocked,
  deliveryStarted,
  ended,
  goLive,
  handoffOffered,
  lost,
  opened,
  outcomeAgreed,
  policyPublished,
  proposed,
  renewalProposed,
  reported,
  retracted,
  routeAgreed,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { instant } from '../../support/histories/events.ts';
import { type Given, given } from '../../support/histories/given.ts';

/** The same events, of which all were recorded at one later instant: the import of a history. */
const importedAt = (at: string, ...events: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  events.map((event) => ({ ...event, recordedAt: instant(at) }));

const heard = '2026-06-01T09:00:00.000Z';
const longAfter = '2027-12-31';

const statesOf = (story: Given, rule: string, now = longAfter) =>
  story.verdictsAt(now, rule).map((verdict) => (verdict.state === 'suspended' ? verdict.reason : verdict.state));

const wonBefore = importedAt(heard, opened('2025-11-24T10:00'), won('2026-01-05T10:00'));

describe('the import of a CRM alone', () => {
  const sale = given(...wonBefore);

  test('raises no flag of silence, at any time, and shows what nobody can know', () => {
    for (const now of ['2026-01-06', '2026-03-01', heard, '2026-06-02', longAfter]) {
      expect(sale.verdictsAt(now).filter(({ state }) => state === 'raised')).toEqual([]);
      expect(sale.verdictsAt(now, 'P1.1')).toMatchObject([
        { state: 'suspended', reason: 'notObserved', since: '2026-01-05T10:00:00.000Z', changesAt: undefined },
      ]);
    }
    expect(sale.verdictsAt(longAfter, 'P3.2')).toMatchObject([
      { because: 'HandoffOffered was not recorded here yet when it was needed, so nobody knows whether it came' },
    ]);
    expect(sale.nextDueAt(longAfter)).toBeUndefined();
  });

  test('leaves what happens from then on to be judged', () => {
    const renewing = sale.and(subscribed('2026-06-02'), goLive('2026-06-10T10:00'));
    expect(renewing.flagAt('2026-06-18', 'P3.2')).toMatchObject({
      subject: expect.stringMatching(/deliver>?.*report/),
    });
  });

  test('is quiet once what was awaited is known, in time or late', () => {
    expect(statesOf(sale.and(handoffOffered('2026-01-06')), 'P3.2')).toEqual([]);
    expect(statesOf(sale.and(handoffOffered('2026-04-06')), 'P3.2')).toEqual([]);
    expect(statesOf(sale.and(outcomeAgreed('2026-07-01')), 'P1.1')).toEqual([]);
  });

  test('of an engagement that has ended shows nothing', () => {
    const over = given(...wonBefore, ...importedAt(heard, subscribed('2026-01-06'), goLive('2026-02-01')));
    expect(statesOf(over, 'P3.2')).toContain('notObserved');
    expect(statesOf(over.and(ended('2026-07-01')), 'P3.2')).toEqual([]);
    expect(statesOf(given(...importedAt(heard, opened('2025-11-24'), lost('2026-01-05'))), 'P3.2')).toEqual([]);
  });

  test('is judged where the first event is taken back, as if it had stood: somebody listened since then', () => {
    const first = opened('2025-12-01');
    const taken = given(first, retracted('2026-01-02', first), won('2026-01-05T10:00'));
    expect(taken.flagAt('2026-01-06', 'P1.1')).toMatchObject({ cleared: undefined });
  });
});

describe('the instant from which somebody listens', () => {
  const wonAt = '2026-06-01T09:00:00.000Z';
  const first = (from: string) =>
    given(...importedAt(from, opened('2026-05-01')), { ...won(wonAt), recordedAt: instant(from) });

  test.each([
    [5 * 60_000, 'raised'],
    [5 * 60_000 + 1, 'notObserved'],
    [86_400_000, 'notObserved'],
    [0, 'raised'],
    [-60_000, 'raised'],
    [-86_400_000, 'raised'],
  ])('%i ms after the need arose: %s', (after, state) => {
    const story = first(addMilliseconds(wonAt, after));
    expect(statesOf(story, 'P1.1')).toEqual([state]);
    expect(statesOf(story, 'P3.2')).toEqual([state]);
  });

  test('is that of the first event that was recorded, however early a later one occurred', () => {
    const story = given(opened('2026-06-01'), { ...won('2026-05-01T10:00'), recordedAt: instant('2026-06-02') });
    expect(statesOf(story, 'P1.1')).toEqual(['notObserved']);
  });
});

describe('each need of order', () => {
  const order = (...events: readonly RecordedEvent[]) => given(...importedAt(heard, opened('2025-11-24'), ...events));
  const answered = (handoffId: string, at: string) =>
    handoffOffered(at, { id: handoffId, from: 'deliver', to: 'report' });

  test.each<readonly [string, Given]>([
    ['P1.1', order(won('2026-01-05'))],
    ['P1.4', order(won('2026-01-05'), subscribed('2026-01-06'))],
    // The handoff was needed from the win on: it may have been accepted before anybody listened.
    ['P3.1', order(won('2026-01-05')).and(deliveryStarted('2026-06-02'))],
    ['P3.1', order(won('2026-01-05'), deliveryStarted('2026-01-07'))],
    ['P3.2', order(won('2026-01-05'))],
    ['P3.3', order(won('2026-01-05'), answered('h', '2026-01-06'))],
    ['P4.4', order(won('2026-01-05'), renewalProposed('2026-03-01'))],
    ['P4.6', order(reported('2026-01-10'), reported('2026-02-10'))],
    ['P5.1', order(proposed('2025-12-01'))],
    ['P5.5', order(routeAgreed('2026-01-01'), won('2026-01-05'))],
    ['P5.6', order(blocked('2026-01-05'))],
    ['P5.9', order(proposed('2025-12-01', { expiresAt: '2025-12-31' }))],
  ])('%s is suspended, and raised under a policy that observes history', (rule, story) => {
    expect(statesOf(story, rule)).toEqual(['notObserved']);
    const observing = policyPublished({ observedFrom: { '*': '2020-01-01T00:00:00.000Z' } });
    expect(statesOf(story.and(observing), rule)).toContain('raised');
  });

  test('of a proposal before keeps none after it from being judged', () => {
    const story = order(renewalProposed('2026-03-01')).and(renewalProposed('2026-09-01'));
    expect(statesOf(story, 'P4.4')).toEqual(['notObserved', 'raised']);
  });

  test('of reports before keeps none after them from being judged', () => {
    const story = order(reported('2026-01-10'), reported('2026-02-10'), reported('2026-03-10')).and(
      reported('2026-06-10'),
      reported('2026-07-10'),
    );
    expect(statesOf(story, 'P4.6')).toEqual(['notObserved', 'raised']);
  });
});
