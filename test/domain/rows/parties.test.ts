// Does each organisation have a row, from its registration and from messages about it?
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../domain/context/context.ts';
import { parties } from '../../../domain/rows/parties.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { derivedPartyOf } from '../../../events/identifiers.ts';
import { recorded, tenantId } from '../../support/histories/events.ts';
import { org, partyId } from '../../support/tabled.ts';

const partyRows = (events: readonly RecordedEvent[], links: Context['links'] = new Map()) =>
  parties.rows({ events, links });

const stream = derivedPartyOf(tenantId, org('p'));
const registered = recorded(
  'PartyRegistered',
  {
    party: org('p'),
    nameRef: 'name:1',
    roles: ['msp', 'var'],
    country: 'NO',
    currency: 'NOK',
    calendarId: 'no',
    tier: 'gold',
  },
  { at: '2026-01-01', stream },
);
const identified = recorded(
  'CustomerIdentified',
  { customer: org('p'), segment: 'smb', country: 'SE' },
  { at: '2026-02-01', stream },
);

describe('a party', () => {
  it('has a row by its id, and a partner sees its own row', () => {
    const [row, ...others] = partyRows([identified, registered]);
    expect(others).toEqual([]);
    expect(row).toEqual({
      table: 'parties',
      rowKey: partyId('p'),
      columns: {
        partyId: partyId('p'),
        party: 'crm/account/p',
        leadPartnerId: partyId('p'),
        leadPartner: 'crm/account/p',
        lastEventId: identified.eventId,
        policyVersion: null,
        ...{ system: 'crm', kind: 'account', externalId: 'p' },
        nameRef: 'name:1',
        roles: ['msp', 'var'],
        country: 'NO',
        currency: 'NOK',
        calendarId: 'no',
        tier: 'gold',
        segment: 'smb',
        registeredAt: registered.occurredAt,
        dismissals: [],
      },
    });
    expect(parties.columns.parse(row?.columns)).toEqual(row?.columns);
  });

  it('is no partner if only messages name it', () => {
    expect(partyRows([identified])[0]?.columns).toMatchObject({
      leadPartnerId: null,
      roles: [],
      country: 'SE',
      registeredAt: null,
    });
  });

  it('has no row if no event stands', () => {
    expect(partyRows([])).toEqual([]);
  });
});
