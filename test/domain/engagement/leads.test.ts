// Which partner leads, where partners themselves have their say?
import { describe, expect, test } from 'vitest';
import { isOpenedByPartnerAlone, leadsOf } from '../../../domain/engagement/leads.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { recorded } from '../../support/histories/events.ts';

const party = (id: string) => ({ system: 'crm', kind: 'partner', id });
const opening = (lead: string | undefined, at: string) =>
  recorded('EngagementOpened', lead === undefined ? {} : { leadPartner: party(lead) }, { at });
const assigned = (lead: string, at: string) =>
  recorded('PartnerAssigned', { partner: party(lead), by: 'person' }, { at });
const by = (partyId: string, event: RecordedEvent): RecordedEvent => ({
  ...event,
  saidBy: { role: 'partner', partyId },
});
/** The leads by events that were recorded one after the other. */
const leads = (...events: readonly RecordedEvent[]) =>
  leadsOf(
    events
      .map((event, index) => ({ ...event, version: index + 1 }))
      .toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1)),
  ).map(({ at, partner }) => `${at.slice(0, 10)} ${partner?.id}`);

describe('the lead', () => {
  test('is the partner that began the engagement, until somebody is assigned', () => {
    expect(leads(by('x', opening('x', '2026-01-01')))).toEqual(['2026-01-01 x']);
    const assignedLater = leads(by('x', opening('x', '2026-01-01')), assigned('y', '2026-03-01'));
    expect(assignedLater).toEqual(['2026-01-01 x', '2026-03-01 y']);
  });
  test('is not who dates an opening of its own into the time of the partner before', () => {
    const history = [assigned('x', '2026-01-01'), assigned('y', '2026-03-01')];
    const stands = ['2026-01-01 x', '2026-03-01 y'];
    expect(leads(...history, by('y', opening('y', '2025-01-01')))).toEqual(stands);
    expect(leads(...history, by('y', opening('y', '2026-06-01')))).toEqual(stands);
    const begun = by('x', opening('x', '2026-01-01'));
    expect(leads(begun, assigned('y', '2026-03-01'), by('y', opening('y', '2020-01-01')))).toEqual(stands);
  });
  test('is whom the vendor’s opening names, or nobody, although a partner opened it first', () => {
    expect(leads(by('x', opening('x', '2026-01-01')), opening(undefined, '2026-02-01'))).toEqual([]);
    expect(leads(by('x', opening('x', '2026-01-01')), opening('y', '2026-02-01'))).toEqual(['2026-02-01 y']);
    expect(leads(opening('y', '2026-02-01'), by('x', opening('x', '2026-06-01')))).toEqual(['2026-02-01 y']);
  });
});

test('an engagement is opened by a partner alone as long as nobody opens it for the vendor', () => {
  const own = by('x', opening('x', '2026-01-01'));
  const opened = [[], [own], [own, opening(undefined, '2026-02-01')]].map(isOpenedByPartnerAlone);
  expect(opened).toEqual([false, true, false]);
});
