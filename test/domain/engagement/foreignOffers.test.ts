// When does an offer count that only a partner names for its engagement?
import { describe, expect, test } from 'vitest';
import { withoutForeignOffers } from '../../../domain/engagement/foreignOffers.ts';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { derivedPartyOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { contextOf, offersOf } from '../../support/contexts.ts';
import { instant, recorded, tenantId } from '../../support/histories/events.ts';

const party = (id: string) => ({ system: 'crm', kind: 'partner', id });
const idOf = (id: string) => parseStreamId(derivedPartyOf(tenantId, party(id))).id;
const now = instant('2026-06-01');
const stream = streamIdOf(tenantId, 'offer', 'o');
const published = (owner: string | undefined) =>
  recorded(
    'OfferPublished',
    {
      ...{ offerId: 'o', version: 1, components: [{ componentId: 'c', kind: 'base_licence' as const }] },
      ...(owner !== undefined && { ownerPartner: party(owner) }),
    },
    { at: '2026-05-01', stream },
  );
const contextWith = (owner: string | undefined) =>
  contextOf({ offers: owner === 'unpublished' ? new Map() : offersOf(published(owner)) });
const by = (event: RecordedEvent, id = 'x'): RecordedEvent => ({
  ...event,
  saidBy: { role: 'partner', partyId: idOf(id) },
});
const opening = recorded('EngagementOpened', { leadPartner: party('x'), offerId: 'o' }, { at: '2026-03-01' });
const proposal = recorded('SolutionProposed', { offerId: 'o' }, { at: '2026-04-01' });

describe('an offer that only a partner names', () => {
  test.each([
    ['is another’s, published before or after', 'y', [by(opening)], 1],
    ['is another’s, in a proposal', 'y', [by(proposal)], 1],
    ['is its own', 'x', [by(opening)], 0],
    ['is the vendor’s', undefined, [by(opening)], 0],
    ['is not published yet', 'unpublished', [by(opening)], 0],
    ['is another’s, and the vendor names it too', 'y', [by(opening), proposal], 0],
    ['is another’s, and another partner names it too', 'y', [by(opening), by(proposal, 'y')], 1],
    ['is another’s, and nobody but the vendor’s systems say it', 'y', [opening, proposal], 0],
  ] as const)('%s', (_, owner, events, leftOut) => {
    const result = withoutForeignOffers(events, contextWith(owner));
    expect(result.leftOut).toHaveLength(leftOut);
    expect(result.events).toHaveLength(events.length);
    if (leftOut === 0) expect(result.events).toBe(events);
  });

  test('counts for no row, and shows as a deviation that names the event', () => {
    const [own, foreign] = ['x', 'y'].map((owner) =>
      rowsOf({ events: [by(opening)], context: contextWith(owner), now }),
    );
    expect(own?.head.columns).toMatchObject({ offerId: 'o', bespoke: false });
    expect(foreign?.head.columns).toMatchObject({ offerId: null, bespoke: true });
    expect(JSON.stringify(foreign?.head.columns.deviations)).toContain('offerNotConfirmed');
    expect(JSON.stringify(foreign?.head.columns.deviations)).toContain(opening.eventId);
    const confirmed = rowsOf({ events: [by(opening), proposal], context: contextWith('y'), now });
    expect(confirmed.head.columns).toMatchObject({ offerId: 'o' });
  });
});
