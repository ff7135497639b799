// Does a partner excuse itself by its own word, where the vendor said otherwise or where it comes too late?
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { usedIn } from '../../support/histories/adoptionFacts.ts';
import { goLive, opened, partner, routeAgreed, subscribed, won } from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const byPartner = { saidBy: { role: 'partner', partyId: 'p1' } } as const;
const pair = { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver' } as const;

describe('a ramp', () => {
  const ramp = (at: string, activeUnits: number, said = {}, handoffId = 'h1') =>
    recorded('HandoffOffered', { ...pair, handoffId, ramp: [{ from: '2026-02-01', activeUnits }] }, { at, ...said });
  const base = given(subscribed('2026-01-01'), goLive('2026-01-15'), usedIn('2026-04', 10), usedIn('2026-05', 10));
  const flags = (...more: readonly RecordedEvent[]) => base.and(...more).flagsAt('2026-06-10', 'P1.2');

  test('of the partner excuses where nobody else declares one', () => {
    expect(flags(ramp('2026-01-10', 10, byPartner))).toEqual([]);
  });

  test('of the partner does not replace the vendor’s', () => {
    expect(flags(ramp('2026-01-10', 100), ramp('2026-03-20', 1, byPartner, 'h2'))).toMatchObject([
      { severity: 'high' },
    ]);
  });

  test('that was rejected excuses nothing from then on, and one that was accepted does', () => {
    const answer = (type: 'HandoffRejected' | 'HandoffAccepted', at: string) => recorded(type, pair, { at });
    expect(flags(ramp('2026-01-10', 10), answer('HandoffRejected', '2026-02-10'))).toHaveLength(1);
    expect(flags(ramp('2026-01-10', 10), answer('HandoffAccepted', '2026-02-10'))).toEqual([]);
    // What was rejected and is offered again is a plan again.
    expect(flags(ramp('2026-01-10', 10), answer('HandoffRejected', '2026-02-10'), ramp('2026-02-12', 10))).toEqual([]);
  });

  test('that a later one replaces gives a first use no more time, and makes nothing late that was in time', () => {
    const planned = (at: string, from: string) =>
      recorded('HandoffOffered', { ...pair, ramp: [{ from, activeUnits: 5 }] }, { at });
    const story = given(subscribed('2026-01-01'), usedIn('2026-01', 0));
    const dueWith = (...plans: readonly RecordedEvent[]) => story.and(...plans).flagAt('2027-01-01', 'P1.3').dueAt;
    expect(dueWith(planned('2026-01-10', '2026-06-01'))).toBe('2026-07-16T00:00:00.000Z');
    expect(dueWith(planned('2026-01-10', '2026-06-01'), planned('2026-02-01', '2026-03-01'))).toBe(
      '2026-04-15T00:00:00.000Z',
    );
    expect(dueWith(planned('2026-01-10', '2026-06-01'), planned('2026-05-01', '2026-03-01'))).toBe(
      '2026-05-01T00:00:00.000Z',
    );
  });
});

describe('a responsibility', () => {
  const joined = (responsibilities: ('sell' | 'bill')[], said = {}) =>
    recorded('ParticipantJoined', { org: partner, responsibilities }, { at: '2026-01-10', ...said });
  const story = given(opened('2026-01-05'), joined(['sell']), won('2026-02-01'));

  test('that the partner gives itself does not count beside what the vendor says of it', () => {
    const expected = [{ subject: 'cycle:1/procure:bill' }];
    expect(story.flagsAt('2026-02-10', 'P3.7')).toMatchObject(expected);
    expect(story.and(joined(['sell', 'bill'], byPartner)).flagsAt('2026-02-10', 'P3.7')).toMatchObject(expected);
  });

  test('that the partner gives itself counts where nobody else says anything of it', () => {
    const own = given(opened('2026-01-05'), joined(['sell', 'bill'], byPartner), won('2026-02-01'));
    expect(own.flagsAt('2026-02-10', 'P3.7')).toEqual([]);
  });
});

describe('an expected close', () => {
  const story = given(routeAgreed('2026-01-06'), won('2026-01-10'));
  const later = (at: string, said = {}) => recorded('DealRevised', { expectedClose: '2030-01-01' }, { at, ...said });

  test('that the partner names after the win moves nothing', () => {
    expect(story.and(later('2026-01-20', byPartner)).flagAt('2026-03-01', 'P5.5').dueAt).toBe(
      '2026-02-09T00:00:00.000Z',
    );
  });

  test('that the partner named before the win, or somebody else after it, moves what is due', () => {
    for (const word of [later('2026-01-08', byPartner), later('2026-01-20')])
      expect(story.and(word).flagsAt('2026-03-01', 'P5.5')).toEqual([]);
  });
});
