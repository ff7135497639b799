// Do the columns that people read stand beside the ids, whatever the order in which facts come?
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldParty } from '../../../domain/context/party.ts';
import { engagementTables, tables } from '../../../domain/rows/catalog.ts';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { contextOf } from '../../support/contexts.ts';
import { instant, recorded, stream, tenantId } from '../../support/histories/events.ts';
import { columnsAt, org, partyId } from '../../support/tabled.ts';

const opened = recorded('EngagementOpened', { customer: org('c'), leadPartner: org('p') }, { at: '2026-01-05' });
const named = <E extends RecordedEvent>(event: E, reference: string): E => ({ ...event, reference });
const agreed = (at: string) => recorded('OutcomeAgreed', { outcomeId: at }, { at });
const now = '2026-06-01';

it('the reference is the one that was last named, in order of occurrence', () => {
  expect(columnsAt('engagements', now, [opened])[0]?.reference).toBeNull();
  const first = named(agreed('2026-02-01'), 'ENG-1');
  const second = named(agreed('2026-02-02'), 'ENG-2');
  const silent = agreed('2026-02-03');
  fc.assert(
    fc.property(fc.shuffledSubarray([opened, first, second, silent], { minLength: 4 }), (events) => {
      expect(columnsAt('engagements', now, events)[0]?.reference).toBe('ENG-2');
    }),
  );
  expect(columnsAt('engagements', '2026-02-01', [opened, first, second])[0]?.reference).toBe('ENG-1');
});

it('every row of the engagement has its reference and its lead partner beside the ids', () => {
  const won = named(recorded('DealClosed', { result: 'won' }, { at: '2026-02-02' }), 'ENG-1');
  const { head, rows } = rowsOf({ events: stream([opened, won]), context: contextOf(), now: instant(now) });
  for (const { columns } of [head, ...rows]) {
    expect(columns).toMatchObject({ reference: 'ENG-1', leadPartnerId: partyId('p'), leadPartner: 'crm/account/p' });
  }
  expect(new Set([head, ...rows].map(({ table }) => table)).size).toBeGreaterThan(2);
});

it('a party is read by its code, else as it is registered, else as the facts name it', () => {
  const code = { system: 'reference', kind: 'partner', id: 'NORTHWIND' };
  const customerOf = (party?: RecordedEvent) =>
    columnsAt(
      'engagements',
      now,
      [opened],
      contextOf({ parties: new Map(party === undefined ? [] : [[partyId('c'), foldParty([party])]]) }),
    )[0]?.customer;
  const at = { at: '2026-01-01', stream: streamIdOf(tenantId, 'party', partyId('c')) };
  const registered = (party: typeof code) => recorded('PartyRegistered', { party, roles: ['customer'] }, at);
  expect(customerOf()).toBe('crm/account/c');
  expect(customerOf(registered({ system: 'erp', kind: 'account', id: '7/8' }))).toBe('erp/account/7/8');
  expect(customerOf(registered(code))).toBe('NORTHWIND');
  const own = recorded('EngagementOpened', { leadPartner: code }, { at: '2026-01-05' });
  expect(columnsAt('engagements', now, [own])[0]?.leadPartner).toBe('NORTHWIND');
});

it('of several references of one party that nobody registered, the first by its key is read, whatever came first', () => {
  const links = new Map([['crm|account|b', partyId('a')]]);
  const events = [
    recorded('EngagementOpened', { customer: org('b') }, { at: '2026-01-05' }),
    recorded('CustomerIdentified', { customer: org('a') }, { at: '2026-01-06' }),
  ];
  for (const said of [events, events.toReversed()]) {
    const [row] = columnsAt('engagements', now, said, contextOf({ links }));
    expect(row).toMatchObject({ customerId: partyId('a'), customer: 'crm/account/a' });
  }
});

it('each table that has such an id has the column that people read', () => {
  for (const { name, columns } of tables) {
    const has = (column: string): boolean => Object.hasOwn(columns.shape, column);
    if (has('engagementId') && engagementTables.some((table) => table.name === name)) {
      expect([name, has('reference')]).toEqual([name, true]);
    }
    for (const [id, read] of [
      ['customerId', 'customer'],
      ['leadPartnerId', 'leadPartner'],
      ['partnerId', 'partner'],
    ] as const) {
      // What is summed over all partners belongs to none.
      if (has(id) && name !== 'tenant_months' && name !== 'suspended_rules')
        expect([name, read, has(read)]).toEqual([name, read, true]);
    }
  }
});
