// Which registrations exclude each other: one customer and offer, two partners, one time?
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../domain/engagement/facts.ts';
import { registrationConflicts, registrationsOf } from '../../../../domain/engagement/sell/registrations.ts';
import { inFoldOrder } from '../../../../domain/history.ts';
import type { RecordedEvent } from '../../../../events/catalog.ts';
import { instant, recorded, type Said } from '../../../support/histories/events.ts';

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const registered = (
  at: string,
  id: string,
  partner: string,
  said: Partial<Said<'DealRegistered'>> = {},
  recordedAt = at,
) =>
  recorded(
    'DealRegistered',
    { registrationId: id, customer: org('C'), partner: org(partner), offerId: 'o', ...said },
    { at, recordedAt },
  );
const registrations = (...events: readonly RecordedEvent[]) =>
  registrationsOf(factsOf([...events].sort(inFoldOrder)), ({ id }) => id);
const conflicts = (...events: readonly RecordedEvent[]) =>
  registrationConflicts(registrations(...events)).map(
    ({ earlier, later }) => `${earlier.registrationId} ${later.registrationId}`,
  );

describe('a registration', () => {
  it('protects from when it was made up to the end of its last day', () => {
    expect(registrations(registered('2026-02-01T09:00', 'r1', 'P', { protectedUntil: '2026-05-01' }))).toMatchObject([
      { from: instant('2026-02-01T09:00'), until: instant('2026-05-02'), partner: 'P', customer: 'C' },
    ]);
  });

  it('is one with its extension, and keeps both clocks of what was said', () => {
    const first = registered('2026-02-01', 'r1', 'P', { protectedUntil: '2026-03-01' }, '2026-02-05');
    const longer = registered('2026-02-20', 'r1', 'P', { protectedUntil: '2026-06-01' }, '2026-02-21');
    const [registration, ...others] = registrations(longer, first);
    expect(others).toEqual([]);
    expect(registration).toMatchObject({ from: instant('2026-02-01'), until: instant('2026-06-02') });
    expect(registration?.events.map(({ occurredAt, recordedAt }) => [occurredAt, recordedAt])).toEqual([
      [instant('2026-02-01'), instant('2026-02-05')],
      [instant('2026-02-20'), instant('2026-02-21')],
    ]);
  });
});

describe('two registrations', () => {
  const first = registered('2026-02-01', 'r1', 'P', { protectedUntil: '2026-02-28' });

  it('exclude each other for two partners, one customer and one offer while both protect', () => {
    expect(conflicts(registered('2026-02-15', 'r2', 'Q'), first)).toEqual(['r1 r2']);
  });

  it('exclude each other up to the last minute of the last day, and not a minute later', () => {
    expect(conflicts(first, registered('2026-02-28T23:59', 'r2', 'Q'))).toEqual(['r1 r2']);
    expect(conflicts(first, registered('2026-03-01T00:00', 'r2', 'Q'))).toEqual([]);
  });

  it('without a last day exclude each other at any later time', () => {
    expect(conflicts(registered('2026-02-01', 'r1', 'P'), registered('2028-02-01', 'r2', 'Q'))).toEqual(['r1 r2']);
  });

  it('without an offer stand against every offer of the customer', () => {
    expect(conflicts(first, registered('2026-02-10', 'r2', 'Q', { offerId: undefined }))).toEqual(['r1 r2']);
  });

  it('of one partner, of two customers or of two offers are no conflict', () => {
    expect(conflicts(first, registered('2026-02-10', 'r2', 'P'))).toEqual([]);
    expect(conflicts(first, registered('2026-02-10', 'r2', 'Q', { customer: org('D') }))).toEqual([]);
    expect(conflicts(first, registered('2026-02-10', 'r2', 'Q', { offerId: 'other' }))).toEqual([]);
  });

  it('of three each pair that overlaps', () => {
    expect(conflicts(first, registered('2026-02-10', 'r2', 'Q'), registered('2026-03-10', 'r3', 'R'))).toEqual([
      'r1 r2',
      'r2 r3',
    ]);
  });

  it('are told in the order of their beginnings, and of one instant in that of their ids', () => {
    const others = ['r9', 'r3', 'r5'].map((id) => registered('2026-02-01', id, id));
    expect(conflicts(...others, registered('2026-01-31', 'z', 'Z'))).toEqual([
      ...['z r3', 'z r5', 'r3 r5', 'z r9', 'r3 r9', 'r5 r9'],
    ]);
    const turned = registrationConflicts([
      ...registrations(registered('2026-02-01', 'b', 'B')),
      ...registrations(registered('2026-02-01', 'c', 'C')),
      ...registrations(registered('2026-02-01', 'a', 'A')),
    ]);
    expect(turned.map(({ earlier, later }) => earlier.registrationId + later.registrationId)).toEqual([
      'ab',
      'ac',
      'bc',
    ]);
  });

  it('exclude each other only while the later one protects when it begins', () => {
    const over = registered('2026-02-10', 'r2', 'Q', { protectedUntil: '2026-02-09' });
    expect(conflicts(registered('2026-02-01', 'r1', 'P'), over)).toEqual([]);
  });
});
