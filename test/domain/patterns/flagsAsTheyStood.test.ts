// Does a flag that stood keep its severity, its evidence and its time against a partner's back-dated word?
import { describe, expect, it } from 'vitest';
import type { EventType, RecordedOf } from '../../../events/catalog.ts';
import { addDays } from '../../../events/instant.ts';
import { type RecordedOptions, recorded, type Said } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const partner = { role: 'partner', partyId: 'p1' } as const;
const opened = recorded('EngagementOpened', {}, { at: '2026-01-01' });
const won = recorded(
  'DealClosed',
  { result: 'won', value: { amount: '1', currency: 'EUR' } },
  { at: '2026-02-02', sourceId: 'won' },
);

const claims = <T extends EventType>(
  type: T,
  said: Said<T>,
  { saidAt, ...options }: Pick<RecordedOptions, 'at' | 'supersedes' | 'sourceId' | 'seq'> & { readonly saidAt: string },
): RecordedOf<T> => recorded(type, said, { ...options, recordedAt: saidAt, saidBy: partner });

describe('a back-dated word', () => {
  const proposed = recorded('SolutionProposed', {}, { at: '2026-01-20' });
  const route = claims('RouteAgreed', { route: 'direct' }, { at: '2026-01-25', saidAt: '2026-03-01' });

  it('makes the flag that it clears no milder', () => {
    const stood = given(opened, proposed, won).flagAt('2026-02-20', 'P5.1');
    expect(stood.severity).toBe('medium');
    expect(given(opened, proposed, won, route).flagAt('2026-06-01', 'P5.1')).toMatchObject({
      ...{ severity: 'medium', evidence: stood.evidence, raisedAt: stood.raisedAt },
      cleared: { at: '2026-03-01T00:00:00.000Z', eventId: route.eventId, reason: 'routeAgreed' },
    });
  });

  const effort = (minutes: number, at: string) =>
    recorded('DeviationRecorded', { kind: 'customisation', minutes }, { at });
  const logged = (minutes: number, at: string) =>
    recorded('WorkLogged', { workId: at, category: 'implementation', minutes }, { at });
  const live = recorded('MilestoneReached', { milestone: 'go_live' }, { at: '2026-03-01' });
  const work = [logged(1000, '2026-02-03'), effort(300, '2026-02-04'), effort(300, '2026-02-10')];
  const hours = (at: string, saidAt: string) =>
    claims('WorkLogged', { workId: 'late', category: 'implementation', minutes: 9000 }, { at, saidAt });

  it('makes an open flag no milder', () => {
    const stood = given(opened, ...work).flagAt('2026-06-01', 'P2.2');
    expect(stood.severity).toBe('high');
    expect(given(opened, ...work, hours('2026-02-05', '2026-03-15')).flagAt('2026-06-01', 'P2.2')).toMatchObject({
      ...{ severity: 'high', evidence: stood.evidence, cleared: undefined },
    });
  });

  it('lets a flag clear by the event of a system no earlier than the word was said', () => {
    const story = given(opened, ...work, live);
    expect(story.flagAt('2026-06-01', 'P2.2').cleared).toBeUndefined();
    expect(story.and(hours('2026-02-05', '2026-04-15')).flagAt('2026-06-01', 'P2.2')).toMatchObject({
      severity: 'high',
      cleared: { at: '2026-04-15T00:00:00.000Z', eventId: live.eventId },
    });
  });

  it('of a lost deal ends no flag before it was said', () => {
    const lost = claims('DealClosed', { result: 'lost' }, { at: '2026-01-25', saidAt: '2026-04-15' });
    expect(given(opened, proposed, lost).flagAt('2026-06-01', 'P5.1').cleared).toEqual({
      ...{ at: '2026-04-15T00:00:00.000Z', eventId: lost.eventId, reason: 'lateClaim' },
    });
  });

  it('that restates its own win moves no flag that stood', () => {
    const win = (at: string, seq: string) =>
      claims('DealClosed', { result: 'won', reason: seq }, { at, seq, saidAt: at, sourceId: 'own win' });
    const first = given(opened, win('2026-02-02', '1'));
    const { raisedAt, evidence } = first.flagAt('2026-03-01', 'P1.1');
    expect(first.and(win('2026-04-01', '2')).flagAt('2026-06-01', 'P1.1')).toMatchObject({ raisedAt, evidence });
  });
});

it('a flag that stood for a week among many weeks of delayed claims stays on the list', () => {
  const week = (index: number): string =>
    addDays('2026-02-02T00:00:00.000Z', 7 * index + (index > 10 ? 0.2 * index : 0));
  const batches = Array.from({ length: 60 }, (_, index) =>
    claims(
      'WorkLogged',
      { workId: `w${index}`, category: 'support', minutes: 60 },
      { at: addDays(week(index), -1), saidAt: week(index) },
    ),
  );
  const started = claims('DeliveryStarted', {}, { at: addDays(week(5), -1), saidAt: week(5), sourceId: 'd', seq: '1' });
  const accepted = claims(
    'HandoffAccepted',
    { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver' },
    { at: addDays(week(5), -2), saidAt: week(6) },
  );
  const restated = claims(
    'DeliveryStarted',
    { templateRef: 't1' },
    { at: addDays(week(5), -1), saidAt: week(6), sourceId: 'd', seq: '2' },
  );
  const inOrder = (...events: readonly RecordedOf<EventType>[]) =>
    [...batches, ...events].sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
  const story = given(opened, won, ...inOrder(started, accepted, restated));
  for (const rule of ['P2.1', 'P3.1']) {
    expect(story.flagsAt('2027-12-01', rule), rule).toMatchObject([{ cleared: { reason: 'lateClaim' } }]);
  }
});
