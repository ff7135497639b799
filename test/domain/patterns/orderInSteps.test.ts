// Does P5.5 (stalled order) leave a customer time that buys in several steps on purpose, and not for ever?
import { describe, expect, test } from 'vitest';
import { fulfilled, placed, policyPublished, routeAgreed, won } from '../../support/histories/engagementFacts.ts';
import { given } from '../../support/histories/given.ts';

const win = won('2026-03-01T10:00');
const inSteps = routeAgreed('2026-02-01', 'direct', { inSteps: true });
const order = placed('2026-05-10T10:00');

describe('P5.5 of a purchase in several steps', () => {
  test('the days of the route count from the first order', () => {
    expect(given(inSteps, win).verdictsAt('2026-05-01', 'P5.5')).toMatchObject([
      { state: 'armed', dueAt: '2026-08-28T10:00:00.000Z' },
    ]);
    const ordered = given(inSteps, win, order, placed('2026-05-20', { orderId: 'order-2' }));
    const due = '2026-06-09T10:00:00.000Z';
    expect(ordered.verdictsAt('2026-06-09T10:04:59.999Z', 'P5.5')).toMatchObject([{ state: 'armed', dueAt: due }]);
    const flag = ordered.flagAt('2026-06-09T10:05', 'P5.5');
    expect(flag).toMatchObject({ dueAt: due, severity: 'medium', changesAt: '2026-07-09T10:00:00.000Z' });
    expect(flag.evidence).toEqual([
      expect.objectContaining({ eventId: win.eventId }),
      expect.objectContaining({
        ...{ eventId: inSteps.eventId },
        says: 'on the route direct, in several steps, fulfilment may take at most 30 days',
      }),
      expect.objectContaining({ eventId: order.eventId, says: 'the first order of the purchase was placed' }),
      expect.objectContaining({ kind: 'silence', from: order.occurredAt, until: due }),
      { kind: 'value', name: 'days since the order without fulfilment', value: 30, threshold: 30 },
    ]);
    expect(ordered.and(fulfilled('2026-06-09T10:05')).verdictsAt('2027-01-01', 'P5.5')).toEqual([]);
  });

  test.each([
    ['2026-08-28T10:00', '2026-09-27T10:00:00.000Z'],
    ['2026-08-28T10:01', '2026-08-28T10:00:00.000Z'],
  ])('an order at %s, about half a year after the win, makes it due at %s', (at, dueAt) => {
    expect(given(inSteps, win, placed(at)).flagAt('2027-01-01', 'P5.5').dueAt).toBe(dueAt);
  });

  test('an order before the win leaves the days of the route', () => {
    expect(given(inSteps, win, placed('2026-02-20')).flagAt('2026-05-01', 'P5.5').dueAt).toBe(
      '2026-03-31T10:00:00.000Z',
    );
  });

  test('a policy sets how long the first order may take', () => {
    const soon = policyPublished({ thresholds: { 'P5.5': { firstStep: 60 } } });
    expect(given(inSteps, win, soon).flagAt('2026-06-01', 'P5.5').dueAt).toBe('2026-04-30T10:00:00.000Z');
  });

  test('steps that are agreed after the flag was raised take none back', () => {
    const late = routeAgreed('2026-04-05', 'direct', { inSteps: true });
    const flag = given(routeAgreed('2026-02-01'), win, late).flagAt('2026-05-01', 'P5.5');
    expect(flag.raisedAt).toBe('2026-03-31T10:05:00.000Z');
    const inTime = routeAgreed('2026-03-20', 'direct', { inSteps: true });
    expect(given(routeAgreed('2026-02-01'), win, inTime).flagsAt('2026-05-01', 'P5.5')).toEqual([]);
  });
});
