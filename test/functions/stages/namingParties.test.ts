// Has every party that a fact names a stream and a row, once each, whatever comes first?
import { expect, test } from 'vitest';
import { standing } from '../../../domain/history.ts';
import { parties } from '../../../domain/rows/parties.ts';
import { partiesNamed } from '../../../domain/stages/partyNamed.ts';
import type { Fact } from '../../../events/catalog.ts';
import { derivedPartyOf, identityStreamOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { namingParties } from '../../../functions/stages/namingParties.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { fact, instant, tenantId } from '../../support/histories/events.ts';
import { org, partyId } from '../../support/tabled.ts';

const [price, at] = [{ amountMinor: 100, currency: 'EUR' }, '2026-01-05'];
const opened = fact('EngagementOpened', { customer: org('c'), leadPartner: org('p') }, { at });
const order = fact(
  'OrderPlaced',
  {
    claimedBy: 'crm',
    orderId: 'o',
    legs: [{ seq: 1, component: 'x', seller: org('p'), buyer: org('b'), amount: price }],
    fees: [{ kind: 'listing', payee: org('m'), payer: org('p'), amount: price }],
  },
  { at },
);
const offer = fact(
  'OfferPublished',
  {
    offerId: 'x',
    version: 1,
    ownerPartner: org('o'),
    components: [{ componentId: 'x', kind: 'base_licence', provider: org('v') }],
  },
  { at, stream: streamIdOf(tenantId, 'offer', 'x') },
);
const campaign = fact(
  'CampaignLaunched',
  { campaignId: 'k', kind: 'enablement', partners: [org('p'), org('q')] },
  { at, stream: streamIdOf(tenantId, 'campaign', 'k') },
);

const world = () => {
  const store = createMemoryEventStore();
  let appended = 0;
  const counted: typeof store = {
    ...store,
    append: (...append) => {
      appended += 1;
      return store.append(...append);
    },
  };
  const make = () =>
    namingParties(createRecordFacts({ store: counted, now: () => instant('2026-02-01'), random: Math.random }));
  return { store, make, appended: () => appended };
};

const nobody = new Map<string, string>();
const rowsIn = async (store: ReturnType<typeof world>['store'], id: string, links = nobody) => {
  const { events } = await store.load(streamIdOf(tenantId, 'party', id));
  return parties.rows({ events, links }).map(({ columns }) => columns);
};

test('an engagement, an offer and a campaign name parties anywhere in their data, each once', async () => {
  const { store, make } = world();
  const record = make();
  for (const each of [opened, order, offer, campaign]) await record(each.streamId, [each]);
  for (const id of ['c', 'p', 'b', 'm', 'o', 'q', 'v']) {
    const { events } = await store.load(derivedPartyOf(tenantId, org(id)));
    expect(events.map(({ type, data }) => [type, data])).toEqual([['PartyNamed', { party: org(id) }]]);
    expect(await rowsIn(store, partyId(id))).toMatchObject([
      {
        partyId: partyId(id),
        party: `crm/account/${id}`,
        system: 'crm',
        externalId: id,
        roles: [],
        registeredAt: null,
      },
    ]);
  }
});

test('a party that is known costs no commit, in this process or in a new one', async () => {
  const { make, appended } = world();
  const record = make();
  await record(opened.streamId, [opened]);
  const before = appended();
  await record(opened.streamId, [opened]);
  await make()(opened.streamId, [opened]);
  expect([before, appended()]).toEqual([3, 3]);
});

test('its name is the same event, whichever fact says it first and when', () => {
  const later = fact('CustomerIdentified', { customer: org('c') }, { at: '2026-05-05' });
  const [byOpening] = partiesNamed([opened]);
  expect(partiesNamed([later])).toEqual([byOpening]);
  expect(partiesNamed([opened, later])).toHaveLength(2);
});

test('what is recorded on a stream of a party, of a source or of an identity names no other party', () => {
  const stream = derivedPartyOf(tenantId, org('c'));
  const registered = fact('PartyRegistered', { party: org('c'), roles: ['customer'] }, { at, stream });
  const linked = (to: { readonly stream: string } | { readonly external: ReturnType<typeof org> }) =>
    fact(
      'IdentityLinked',
      { external: org('x'), to, reason: 'told' },
      { at, stream: identityStreamOf(tenantId, org('x')) },
    );
  const others: readonly Fact[] = [
    registered,
    linked({ external: org('c') }),
    linked({ stream: streamIdOf(tenantId, 'engagement', 'e1') }),
  ];
  expect(partiesNamed(others)).toEqual([]);
});

test('a link to a party names it there, and the row of the name that leads elsewhere goes, in either order', async () => {
  const to = streamIdOf(tenantId, 'party', 'north');
  const linked = fact(
    'IdentityLinked',
    { external: org('c'), to: { stream: to }, reason: 'told' },
    { at, stream: identityStreamOf(tenantId, org('c')) },
  );
  const links = new Map([['crm|account|c', 'north']]);
  for (const facts of [
    [opened, linked],
    [linked, opened],
  ]) {
    const { store, make } = world();
    const record = make();
    for (const each of facts) await record(each.streamId, [each]);
    expect(await rowsIn(store, partyId('c'), links)).toEqual([]);
    expect(await rowsIn(store, 'north', links)).toMatchObject([{ partyId: 'north', party: 'crm/account/c' }]);
    expect(standing(await store.load(to))).toHaveLength(1);
  }
});

test('a registration says more than a name, whichever comes first', async () => {
  const code = { system: 'reference', kind: 'partner', id: 'NORTHWIND' };
  const stream = derivedPartyOf(tenantId, code);
  const { id } = parseStreamId(stream);
  const registered = fact('PartyRegistered', { party: code, roles: ['msp'], country: 'NO' }, { at, stream });
  const assigned = fact('PartnerAssigned', { partner: code, by: 'person' }, { at });
  const rows = [];
  for (const facts of [
    [registered, assigned],
    [assigned, registered],
  ]) {
    const { store, make } = world();
    const record = make();
    for (const each of facts) await record(each.streamId, [each]);
    rows.push(await rowsIn(store, id));
  }
  expect(rows[0]).toMatchObject([{ party: 'NORTHWIND', leadPartner: 'NORTHWIND', leadPartnerId: id, country: 'NO' }]);
  expect(rows[1]).toEqual(rows[0]);
});
