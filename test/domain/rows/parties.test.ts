// Does each organisation have a row, from its registration and from messages about it?
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../domain/context/context.ts';
import { foldParty, rolesAt } from '../../../domain/context/party.ts';
import { parties } from '../../../domain/rows/parties.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { derivedPartyOf } from '../../../events/identifiers.ts';
import { instant, recorded, tenantId } from '../../support/histories/events.ts';
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
        rolesFrom: registered.occurredAt,
        rolesBefore: null,
        country: 'NO',
        currency: 'NOK',
        calendarId: 'no',
        tier: 'gold',
        segment: 'smb',
        registeredAt: registered.occurredAt,
        capacity: [],
        dismissals: [],
      },
    });
    expect(parties.columns.parse(row?.columns)).toEqual(row?.columns);
  });

  it('plays other roles from when these begin, which may be in the future, and sees its row all the while', () => {
    const changed = recorded(
      'PartyRolesChanged',
      { party: org('p'), roles: ['customer'], effectiveFrom: instant('2026-06-01') },
      { at: '2026-03-01', stream },
    );
    expect(partyRows([registered, changed])[0]?.columns).toMatchObject({
      ...{ roles: ['customer'], rolesFrom: instant('2026-06-01'), rolesBefore: ['msp', 'var'] },
      leadPartnerId: partyId('p'),
    });
    const party = foldParty([registered, changed]);
    const roles = ['2020-01-01', '2026-05-31T23:59:59.999', '2026-06-01'].map((at) => rolesAt(party, instant(at)));
    expect(roles).toEqual([['msp', 'var'], ['msp', 'var'], ['customer']]);
    expect(rolesAt(foldParty([identified]), instant('2026-06-01'))).toBeUndefined();
  });

  it('declares how much it can deliver, by month and team, and what it says later replaces it', () => {
    const declares = (at: string, month: string, availableMinutes: number, team?: string) =>
      recorded(
        'CapacityDeclared',
        { party: org('p'), month, availableMinutes, ...(team !== undefined && { team }) },
        { at, stream },
      );
    const said = [
      declares('2026-03-01', '2026-05', 9_000, 'north'),
      declares('2026-03-02', '2026-04', 30_000),
      declares('2026-03-03', '2026-04', 24_000),
    ];
    expect(partyRows([registered, ...said])[0]?.columns.capacity).toEqual([
      { month: '2026-04', team: null, availableMinutes: 24_000, declaredAt: instant('2026-03-03') },
      { month: '2026-05', team: 'north', availableMinutes: 9_000, declaredAt: instant('2026-03-01') },
    ]);
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
