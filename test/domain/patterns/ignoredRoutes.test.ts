// Are P5.1 (route agreed late) and P5.5 (stalled order) raised and cleared, at their limits and after them?
import { describe, expect, test } from 'vitest';
import { addDays, addMilliseconds } from '../../../events/instant.ts';
import {
  fulfilled,
  opened,
  policyPublished,
  proposed,
  renewed,
  reopened,
  routeAgreed,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

describe('P5.1 route agreed late', () => {
  const proposal = proposed('2026-03-02T10:00');

  test('is raised once the tolerance after the proposal is over', () => {
    const early = given(opened('2026-02-01'), proposal);
    expect(early.verdictsAt('2026-03-02T10:04:59.999Z', 'P5.1')).toMatchObject([{ state: 'armed' }]);
    const flag = early.flagAt('2026-03-02T10:05', 'P5.1');
    expect(flag).toMatchObject({ raisedAt: '2026-03-02T10:05:00.000Z', severity: 'low', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(proposal.eventId);
  });

  test.each(['2026-02-20', '2026-03-02T10:00', '2026-03-02T10:05'])('a route agreed at %s keeps it quiet', (at) => {
    expect(given(proposal, routeAgreed(at)).verdictsAt('2026-04-01', 'P5.1')).toEqual([]);
  });

  test('is medium from the win on, if there is still no route', () => {
    const late = given(proposal, won('2026-03-20'));
    const [believed, before] = ['2026-03-20T00:05:00.000Z', '2026-03-20T00:04:59.999Z'];
    expect(late.flagAt('2026-03-19T23:59:59.999Z', 'P5.1')).toMatchObject({ severity: 'low', changesAt: undefined });
    expect(late.flagAt(before, 'P5.1')).toMatchObject({ severity: 'low', changesAt: believed });
    expect(late.flagAt(believed, 'P5.1')).toMatchObject({ severity: 'medium', changesAt: undefined });
    const after = routeAgreed('2026-03-25');
    expect(late.and(after).flagAt('2026-04-01', 'P5.1')).toMatchObject({
      severity: 'medium',
      cleared: { eventId: after.eventId },
    });
    expect(late.and(routeAgreed('2026-03-10')).flagAt('2026-04-01', 'P5.1')).toMatchObject({
      severity: 'low',
      cleared: { at: '2026-03-10T00:00:00.000Z' },
    });
  });

  test('a route agreed within the tolerance of the win is agreed by the win', () => {
    const agreedAt = (at: string) => given(proposal, won('2026-03-20'), routeAgreed(at)).flagAt('2026-04-01', 'P5.1');
    expect(agreedAt('2026-03-20T00:05')).toMatchObject({
      severity: 'low',
      cleared: { at: '2026-03-20T00:05:00.000Z' },
    });
    expect(agreedAt('2026-03-20T00:06')).toMatchObject({
      severity: 'medium',
      cleared: { at: '2026-03-20T00:06:00.000Z' },
    });
  });

  test('a route of an earlier cycle still counts', () => {
    const secondCycle = given(
      routeAgreed('2025-01-02'),
      won('2025-01-10'),
      subscribed('2025-01-12', { to: '2026-01-12' }),
      renewed('2026-01-12', { to: '2027-01-12' }),
      proposed('2026-02-01'),
    );
    expect(secondCycle.verdictsAt('2026-03-01', 'P5.1')).toEqual([]);
  });

  test('only the first proposal of a cycle counts', () => {
    expect(
      given(proposal, proposed('2026-03-05', { proposalRef: 'doc:5' })).flagsAt('2026-04-01', 'P5.1'),
    ).toHaveLength(1);
  });

  test('a route that was agreed in time, but recorded late, withdraws it', () => {
    expect(given(proposal).and(routeAgreed('2026-03-01')).verdictsAt('2026-04-01', 'P5.1')).toEqual([]);
  });
});

describe('P5.5 stalled order', () => {
  const win = won('2026-03-01T10:00');

  test.each([
    ['the vendor', undefined, { severity: 'medium', changesAt: '2026-06-29T10:00:00.000Z' }],
    ['a partner', { role: 'partner', partyId: 'p1' }, { severity: 'high', changesAt: undefined }],
  ] as const)('a route that %s names after the flag gives more time or none', (_, saidBy, expected) => {
    const agreed = (at: string, route: 'direct' | 'co_sell') =>
      recorded('RouteAgreed', { route }, saidBy === undefined ? { at } : { at, saidBy });
    const stalled = given(win, agreed('2026-03-02', 'direct'), agreed('2026-04-05', 'co_sell'));
    expect(stalled.flagAt('2026-05-01', 'P5.5')).toMatchObject(expected);
  });

  test.each([
    ['direct', '2026-03-31', '2026-04-30T10:00:00.000Z'],
    ['marketplace', '2026-03-31', '2026-04-30T10:00:00.000Z'],
    ['two_tier', '2026-04-15', '2026-05-30T10:00:00.000Z'],
    ['co_sell', '2026-04-30', '2026-06-29T10:00:00.000Z'],
  ] as const)('by %s is raised on %s, after the tolerance, and high from %s on', (route, day, high) => {
    const due = `${day}T10:00:00.000Z`;
    const raisedAt = `${day}T10:05:00.000Z`;
    const stalled = given(routeAgreed('2026-02-01', route), win);
    expect(stalled.verdictsAt('2026-03-02', 'P5.5')).toMatchObject([{ state: 'armed', dueAt: due }]);
    expect(stalled.verdictsAt(`${day}T10:04:59.999Z`, 'P5.5')).toMatchObject([{ state: 'armed', dueAt: due }]);
    expect(stalled.flagAt(raisedAt, 'P5.5')).toMatchObject({
      dueAt: due,
      raisedAt,
      severity: 'medium',
      changesAt: high,
      cleared: undefined,
    });
    expect(stalled.flagAt(high, 'P5.5')).toMatchObject({ raisedAt, severity: 'high', changesAt: undefined });
  });

  test('is quiet while no route is known', () => {
    expect(given(win).verdictsAt('2027-01-01', 'P5.5')).toEqual([]);
  });

  test.each(['2026-02-20', '2026-03-31T10:00', '2026-03-31T10:05'])('a fulfilment at %s keeps it quiet', (at) => {
    expect(given(routeAgreed('2026-02-01'), win, fulfilled(at)).verdictsAt('2026-06-01', 'P5.5')).toEqual([]);
  });

  test('a later fulfilment clears it, and its severity stays as it was', () => {
    const late = fulfilled('2026-03-31T10:05:00.001Z');
    const flag = given(routeAgreed('2026-02-01'), win, late).flagAt('2026-12-01', 'P5.5');
    expect(flag).toMatchObject({ severity: 'medium', changesAt: undefined, cleared: { eventId: late.eventId } });
    const later = given(routeAgreed('2026-02-01'), win, fulfilled('2026-05-01')).flagAt('2026-12-01', 'P5.5');
    expect(later.severity).toBe('high');
    const atOnce = given(routeAgreed('2026-02-01'), win, fulfilled('2026-04-30T10:00')).flagAt('2026-12-01', 'P5.5');
    expect(atOnce.severity).toBe('medium');
  });

  test('a win that is undone leaves the severity as it was just before', () => {
    const undone = given(routeAgreed('2026-02-01'), win, reopened('2026-04-10'));
    for (const now of ['2026-04-11', '2026-12-01'])
      expect(undone.flagAt(now, 'P5.5')).toMatchObject({ severity: 'medium', cleared: { reason: 'dealReopened' } });
  });

  test('a fulfilment that is recorded late withdraws it', () => {
    expect(given(routeAgreed('2026-02-01'), win).and(fulfilled('2026-03-10')).verdictsAt('2026-06-01', 'P5.5')).toEqual(
      [],
    );
  });

  test('a new route before the due instant moves the due instant', () => {
    const moved = given(routeAgreed('2026-02-01', 'direct'), win, routeAgreed('2026-03-20', 'co_sell'));
    expect(moved.verdictsAt('2026-04-05', 'P5.5')).toMatchObject([
      { state: 'armed', dueAt: '2026-04-30T10:00:00.000Z' },
    ]);
  });

  test('a new route after the flag was raised does not withdraw it', () => {
    const moved = given(routeAgreed('2026-02-01', 'direct'), win, routeAgreed('2026-04-05', 'co_sell'));
    expect(moved.flagAt('2026-04-10', 'P5.5').raisedAt).toBe('2026-03-31T10:05:00.000Z');
  });

  test('a route whose days are already over raises it at the agreement', () => {
    expect(given(win, routeAgreed('2026-05-10')).flagAt('2026-05-20', 'P5.5')).toMatchObject({
      dueAt: '2026-05-10T00:00:00.000Z',
      raisedAt: '2026-05-10T00:05:00.000Z',
      severity: 'high',
    });
  });

  test('the order of an earlier cycle does not count for the next', () => {
    const secondCycle = given(
      routeAgreed('2025-01-02'),
      won('2025-01-10'),
      fulfilled('2025-01-12'),
      subscribed('2025-01-12', { to: '2026-01-12' }),
      renewed('2026-01-12', { to: '2027-01-12' }),
      won('2026-02-01'),
    );
    expect(secondCycle.flagAt('2026-03-10', 'P5.5')).toMatchObject({ subject: 'cycle:2' });
  });

  describe('a deal that is expected to close later', () => {
    const open = (expectedClose: string) => opened('2026-01-05', { expectedClose });
    const revised = (at: string, expectedClose: string | null) => recorded('DealRevised', { expectedClose }, { at });
    const agreed = routeAgreed('2026-02-01');
    const endOf = (day: string) => addDays(`${day}T00:00:00.000Z`, 1);

    test.each([
      ['later than the limit', [open('2026-05-20')], endOf('2026-05-20')],
      ['earlier than the limit', [open('2026-03-20')], '2026-03-31T10:00:00.000Z'],
      ['on the day of the limit', [open('2026-03-31')], endOf('2026-03-31')],
      ['as revised by then', [open('2026-03-20'), revised('2026-03-31T10:00', '2026-05-20')], endOf('2026-05-20')],
      ['as revised too late', [revised('2026-03-31T10:00:00.001Z', '2026-05-20')], '2026-03-31T10:00:00.000Z'],
      ['and is then drawn in', [open('2026-05-20'), revised('2026-04-10', '2026-04-15')], endOf('2026-04-15')],
      [
        'and is then drawn in too far',
        [open('2026-05-20'), revised('2026-04-10', '2026-03-01')],
        '2026-04-10T00:00:00.000Z',
      ],
      ['and then later still', [open('2026-05-20'), revised('2026-04-10', '2026-06-15')], endOf('2026-06-15')],
      ['which is taken back', [open('2026-05-20'), revised('2026-03-10', null)], '2026-03-31T10:00:00.000Z'],
    ])('%s', (_, named, dueAt) => {
      const flag = given(agreed, win, ...named).flagAt('2026-08-01T00:00', 'P5.5');
      expect(flag).toMatchObject({ dueAt, raisedAt: addMilliseconds(dueAt, 300_000) });
      expect(
        given(agreed, win, ...named, fulfilled(addMilliseconds(dueAt, 300_000))).flagsAt('2026-08-01', 'P5.5'),
      ).toEqual([]);
    });

    test('is high once twice as much time has passed', () => {
      const late = given(agreed, win, open('2026-04-29'));
      expect(late.flagAt('2026-06-28T13:59:59.999Z', 'P5.5')).toMatchObject({ severity: 'medium' });
      expect(late.flagAt('2026-06-28T14:00', 'P5.5')).toMatchObject({ severity: 'high', changesAt: undefined });
    });

    test('by a partner’s word alone, where a system says another day', () => {
      const said = { saidBy: { role: 'partner', partyId: 'p1' } } as const;
      const claim = recorded('DealRevised', { expectedClose: '2026-05-20' }, { at: '2026-03-05', ...said });
      expect(given(agreed, win, open('2026-03-01'), claim).flagAt('2026-05-01', 'P5.5').dueAt).toBe(
        '2026-03-31T10:00:00.000Z',
      );
    });
  });

  test('a policy gives more days', () => {
    const patient = policyPublished({ thresholds: { 'P5.5': { direct: 90 } } });
    expect(given(routeAgreed('2026-02-01'), win, patient).verdictsAt('2026-05-01', 'P5.5')).toMatchObject([
      { state: 'armed', dueAt: '2026-05-30T10:00:00.000Z' },
    ]);
  });
});
