// Is P1.6 (confirmed shelfware) raised by a loss that follows low or no use, and does it stay?
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { shownVerdicts } from '../../../domain/patterns/underPolicies.ts';
import { whatIf } from '../../../domain/whatIf/whatIf.ts';
import { usedIn } from '../../support/histories/adoptionFacts.ts';
import { ended, goLive, policyPublished, subscribed, subscriptionId } from '../../support/histories/engagementFacts.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const renewedWith = (at: string, quantity: number | undefined, of = subscriptionId) =>
  recorded(
    'SubscriptionRenewed',
    {
      ...{ subscriptionId: of, termStart: '2027-01-01T00:00:00.000Z', termEnd: '2028-01-01T00:00:00.000Z' },
      ...(quantity === undefined ? {} : { quantity }),
    },
    { at },
  );

/** P1.2 is open from 4 June 2026; the subscription has 10 units. */
const low = given(
  subscribed('2026-01-01', { to: '2027-01-01' }),
  goLive('2026-01-15'),
  usedIn('2026-04', 30),
  usedIn('2026-05', 30),
);
/** P1.3 is open from 15 February 2026 on. */
const unused = given(subscribed('2026-01-01', { to: '2027-01-01' }), usedIn('2026-01', 0));

describe('P1.6 confirmed shelfware', () => {
  test('is raised by a renewal with a fifth less while adoption is low', () => {
    const less = renewedWith('2026-12-20', 8);
    const story = low.and(less);
    expect(story.flagsAt('2026-12-19', 'P1.6')).toEqual([]);
    const flag = story.flagAt('2026-12-20', 'P1.6');
    expect(flag).toMatchObject({
      ...{ raisedAt: '2026-12-20T00:00:00.000Z', subject: 'subscription:sub_1', cleared: undefined },
      ...{ severity: 'high', pattern: 'toolsInsteadOfOutcomes' },
    });
    expect(flag.openedBy.eventId).toBe(less.eventId);
    expect(flag.evidence).toContainEqual({ kind: 'value', name: 'share given up', value: 0.2, threshold: 0.2 });
    expect(flag.evidence).toContainEqual(expect.objectContaining({ name: 'adoption in 2026-04' }));
  });

  test.each([
    ['less than a fifth less', renewedWith('2026-12-20', 8.1)],
    ['the same quantity', renewedWith('2026-12-20', 10)],
    ['a quantity that nobody says', renewedWith('2026-12-20', undefined)],
    ['another subscription', renewedWith('2026-12-20', 1, 'sub_2')],
    ['an end for its price', ended('2026-12-20', { reason: 'price' })],
    ['an end without a reason', ended('2026-12-20')],
  ])('is not raised by %s', (_, event) => {
    expect(low.and(event).flagsAt('2027-06-01', 'P1.6')).toEqual([]);
  });

  test.each(['unused', 'no_value'] as const)('is raised by an end because of %s, and no end closes it', (reason) => {
    const flag = low.and(ended('2026-12-20', { reason })).flagAt('2028-06-01', 'P1.6');
    expect(flag).toMatchObject({ raisedAt: '2026-12-20T00:00:00.000Z', cleared: undefined });
  });

  test('keeps the severity that it was raised with', () => {
    const flag = unused.and(renewedWith('2026-06-01', 5)).flagAt('2027-12-15', 'P1.6');
    expect(flag.severity).toBe('high');
  });

  test('counts a flag that was open in the 180 days before', () => {
    // P1.2 clears on 4 August 2026: 180 days later is 31 January 2027.
    const used = low.and(usedIn('2026-06', 90), usedIn('2026-07', 90));
    const clears = used.flagAt('2026-09-01', 'P1.2').cleared?.at;
    expect(clears).toBe('2026-08-04T00:05:00.000Z');
    expect(used.and(renewedWith('2027-01-31T00:05', 5)).flagsAt('2027-06-01', 'P1.6')).toHaveLength(1);
    expect(used.and(renewedWith('2027-01-31T00:06', 5)).flagsAt('2027-06-01', 'P1.6')).toEqual([]);
  });

  test('needs a flag that was raised by then', () => {
    expect(low.and(renewedWith('2026-06-04T00:04', 5)).flagsAt('2027-06-01', 'P1.6')).toEqual([]);
    expect(low.and(renewedWith('2026-06-04T00:05', 5)).flagsAt('2027-06-01', 'P1.6')).toHaveLength(1);
    const well = given(subscribed('2026-01-01'), goLive('2026-01-15'), usedIn('2026-04', 90), usedIn('2026-05', 90));
    expect(well.and(renewedWith('2026-12-20', 5)).flagsAt('2027-06-01', 'P1.6')).toEqual([]);
  });

  test('follows a subscription that was never used', () => {
    const flag = unused.and(ended('2026-06-01', { reason: 'unused' })).flagAt('2026-07-01', 'P1.6');
    expect(flag.evidence).toContainEqual(expect.objectContaining({ kind: 'silence', of: 'UsageMeasured' }));
  });

  test('is judged at each renewal of its own', () => {
    const again = unused.and(renewedWith('2026-06-01', 8), renewedWith('2026-10-01', 4));
    expect(again.flagsAt('2027-06-01', 'P1.6')).toHaveLength(2);
  });

  test('a policy asks for a greater loss, or looks further back', () => {
    const less = low.and(renewedWith('2026-12-20', 6));
    const half = policyPublished({ thresholds: { 'P1.6': { share: 0.5 } } });
    expect(less.and(half).flagsAt('2027-06-01', 'P1.6')).toEqual([]);
  });
});

describe('an end that is said after it took effect', () => {
  const low = [subscribed('2026-01-01'), goLive('2026-01-15'), usedIn('2026-04', 10), usedIn('2026-05', 10)];
  const unused = (at: string, effectiveAt: string) =>
    ended(at, { reason: 'unused', effectiveAt: instant(effectiveAt) });

  test('proves shelfware as one that is said in time does', () => {
    const said = given(...low, unused('2026-07-10', '2026-07-01'));
    expect(said.flagAt('2026-07-20', 'P1.6').raisedAt).toBe(instant('2026-07-10'));
  });

  test('closes the flags that stood until it was said, and undoes none of them', () => {
    const said = given(...low, unused('2026-07-10', '2026-06-01'));
    expect(said.flagAt('2026-07-09', 'P1.2')).toMatchObject({ cleared: undefined });
    expect(said.flagAt('2026-07-20', 'P1.2')).toMatchObject({
      cleared: { at: instant('2026-07-10'), reason: 'closedRealised' },
    });
  });
});

describe('under policies that follow one another', () => {
  const unusedFrom = (at: string) => [subscribed('2026-01-01'), usedIn('2026-01', 0), ended(at, { reason: 'unused' })];
  const policy = (days: number) => policyPublished({ thresholds: { 'P1.3': { days } } }, { from: '2025-01-01' });

  test('a sign is one that was shown under the policy of its day', () => {
    expect(given(policy(20), ...unusedFrom('2026-02-05')).flagsAt('2026-03-01', 'P1.6')).toHaveLength(1);
    expect(given(policy(90), ...unusedFrom('2026-03-01')).flagsAt('2026-04-01', 'P1.6')).toEqual([]);
  });

  test('a policy that is only tried judges its signs too', () => {
    const events = [policyPublished({ policyVersion: 4 }, { from: '2025-01-01' }), ...unusedFrom('2026-02-05')];
    const { context } = given(...events).viewAt('2026-03-01');
    const source = { events: events.slice(1), context, now: instant('2026-03-01') };
    const window = { from: instant('2026-01-01'), to: instant('2026-03-01') };
    const shifts = (days: number) =>
      whatIf({ source, set: { 'P1.3': { days } }, window }).shifts.map(({ rule }) => rule);
    expect(shifts(20)).toContain('P1.6');
    expect(shifts(40)).not.toContain('P1.6');
  });

  test('what others showed is found once, however many policies there are', () => {
    const published = Array.from({ length: 20 }, (_, index) =>
      policyPublished(
        {
          policyVersion: index + 1,
          calendars: { de: { holidays: [`2026-12-${String(index + 1).padStart(2, '0')}`] } },
        },
        { from: `2026-01-${String(index + 2).padStart(2, '0')}`, version: index + 1 },
      ),
    );
    const view = given(...published, ...unusedFrom('2026-02-05')).viewAt('2026-03-01');
    let asked = 0;
    const verdicts = () => {
      asked += 1;
      return [];
    };
    const sign = { id: 'P0', title: 'A sign', thresholds: z.object({}), verdicts };
    for (const { policy } of view.context.policies ?? []) {
      shownVerdicts(sign, { ...view, context: { ...view.context, policy } });
    }
    expect(view.context.policies?.length).toBeGreaterThan(19);
    // Once for each policy that judges otherwise than the one before.
    expect(asked).toBeLessThanOrEqual(21);
  });

  test('one loss hides no later one, whatever policy comes between', () => {
    const losses = [renewedWith('2026-06-10', 5), ended('2026-09-01', { reason: 'unused' })];
    const holidays = policyPublished({ calendars: { de: { holidays: ['2026-12-25'] } } }, { from: '2026-07-01' });
    const open = low.and(usedIn('2026-06', 1), usedIn('2026-07', 1), ...losses);
    expect(open.flagsAt('2026-10-01', 'P1.6')).toHaveLength(2);
    expect(open.and(holidays).flagsAt('2026-10-01', 'P1.6')).toHaveLength(2);
  });
});
