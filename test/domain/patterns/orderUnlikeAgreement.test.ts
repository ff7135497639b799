// Is P5.7 (order by another route than agreed) raised and cleared, and quiet where the legs do not tell?
import { describe, expect, test } from 'vitest';
import type { Route } from '../../../events/fields.ts';
import { derivedPartyOf } from '../../../events/identifiers.ts';
import {
  opened,
  orderCancelled,
  placed,
  renewed,
  routeAgreed,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { recorded, type Said, tenantId } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';
import {
  chain,
  coSoldLegs,
  directLegs,
  marketplaceFee,
  partyOf,
  resoldLegs,
  twoTierLegs,
} from '../../support/histories/legs.ts';

type Order = Partial<Said<'OrderPlaced'>>;

const at = '2026-03-02T10:00';
const agreed = (route: Route) => routeAgreed('2026-02-01', route);
const registered = (id: string, role: 'vendor' | 'distributor' | 'msp') =>
  recorded(
    'PartyRegistered',
    { party: partyOf(id), roles: [role] },
    { at: '2020-01-01', stream: derivedPartyOf(tenantId, partyOf(id)) },
  );

const shapes: readonly (readonly [string, Order, readonly Route[]])[] = [
  ['a chain of three', { legs: twoTierLegs }, ['two_tier', 'co_sell']],
  ['one sale', { legs: directLegs }, ['direct', 'marketplace', 'co_sell']],
  ['one sale with a fee', { legs: directLegs, fees: marketplaceFee }, ['marketplace', 'co_sell']],
  ['one sale in a marketplace', { legs: directLegs, marketplace: 'aws' }, ['marketplace', 'co_sell']],
  ['a resale', { legs: resoldLegs }, ['two_tier', 'marketplace', 'co_sell']],
  ['several sellers', { legs: coSoldLegs }, ['co_sell']],
  ['several sellers in a marketplace', { legs: coSoldLegs, marketplace: 'aws' }, ['co_sell', 'marketplace']],
  ['no legs, but the route', { route: 'direct' }, ['direct', 'co_sell']],
  ['legs and another route', { legs: directLegs, route: 'two_tier' }, ['co_sell']],
];

describe('P5.7 order by another route than agreed', () => {
  describe.each(shapes)('an order of %s', (_, order, fits) => {
    test.each(['direct', 'two_tier', 'marketplace', 'co_sell'] as const)('against %s', (route) => {
      const flags = given(agreed(route), placed(at, order)).flagsAt('2026-06-01', 'P5.7');
      expect(flags).toHaveLength(fits.includes(route) ? 0 : 1);
    });
  });

  test('a party is who it was when the order was placed', () => {
    const turned = (day: string) =>
      recorded(
        'PartyRolesChanged',
        { party: partyOf('partner'), roles: ['isv'] },
        { at: day, stream: derivedPartyOf(tenantId, partyOf('partner')) },
      );
    const sold = placed(at, { legs: chain('licence', 'partner', 'customer') });
    const flags = (day: string) =>
      given(agreed('direct'), registered('partner', 'msp'), turned(day), sold).flagsAt('2026-06-01', 'P5.7');
    expect([flags('2026-03-03').length, flags('2026-03-01').length]).toEqual([1, 0]);
  });

  test('an order that is placed anew after its cancellation is judged anew', () => {
    const first = placed(at, { legs: twoTierLegs });
    const again = placed('2026-04-12', { legs: coSoldLegs });
    const story = given(agreed('direct'), first, orderCancelled('2026-04-11'), again);
    expect(story.flagsAt('2026-06-01', 'P5.7')).toMatchObject([
      { openedBy: { eventId: first.eventId }, cleared: { reason: 'orderCancelled' } },
      { openedBy: { eventId: again.eventId }, raisedAt: '2026-04-12T00:05:00.000Z', cleared: undefined },
    ]);
  });

  test('is raised once the tolerance after the order is over', () => {
    const order = placed(at, { legs: directLegs });
    const story = given(agreed('two_tier'), order);
    expect(story.verdictsAt('2026-03-02T10:04:59.999Z', 'P5.7')).toMatchObject([{ state: 'armed' }]);
    const flag = story.flagAt('2026-03-02T10:05', 'P5.7');
    expect(flag).toMatchObject({
      ...{ subject: 'order:order-1', raisedAt: '2026-03-02T10:05:00.000Z', severity: 'medium', cleared: undefined },
    });
    expect(flag.openedBy.eventId).toBe(order.eventId);
    expect(flag.evidence).toContainEqual({
      ...{ kind: 'value', name: 'route of the order', value: 'direct or marketplace', threshold: 'two_tier' },
    });
  });

  test.each([
    ['the order gives a reason', [agreed('two_tier'), placed(at, { legs: directLegs, routeReason: 'code:stock' })]],
    ['no route was agreed by then', [placed(at, { legs: directLegs }), routeAgreed('2026-03-10', 'two_tier')]],
    ['the order lists no legs', [agreed('two_tier'), placed(at)]],
    [
      'a part of the legs is missing',
      [agreed('direct'), placed(at, { legs: twoTierLegs.filter(({ seq }) => seq !== 2) })],
    ],
    [
      'the legs do not end at its customer',
      [
        agreed('direct'),
        placed(at, { legs: chain('licence', 'vendor', 'distributor', 'partner'), customer: partyOf('customer') }),
      ],
    ],
    [
      'components end at several parties',
      [agreed('direct'), placed(at, { legs: [...twoTierLegs, ...chain('service', 'partner', 'distributor')] })],
    ],
    [
      'the agreement of the same moment fits',
      [agreed('two_tier'), placed(at, { legs: directLegs }), routeAgreed('2026-03-02T10:05', 'direct')],
    ],
    [
      'a reason comes within the tolerance',
      [
        agreed('two_tier'),
        placed(at, { legs: directLegs }),
        routeAgreed('2026-03-02T09:55', 'two_tier', { reason: 'r' }),
      ],
    ],
    [
      'a partner that is known lists its own sale alone',
      [agreed('two_tier'), registered('partner', 'msp'), placed(at, { legs: chain('licence', 'partner', 'customer') })],
    ],
    [
      'the marketplace invoices its fee later',
      [
        agreed('marketplace'),
        placed(at, { legs: directLegs }),
        placed('2026-05-01', { legs: directLegs, fees: marketplaceFee }),
      ],
    ],
    [
      'the customer buys in several steps on purpose',
      [routeAgreed('2026-02-01', 'two_tier', { inSteps: true }), placed(at, { legs: directLegs })],
    ],
    [
      'each step of a purchase in two follows the agreement of its time',
      [
        agreed('direct'),
        placed(at, { legs: directLegs }),
        routeAgreed('2026-04-01', 'two_tier'),
        placed('2026-04-10', { orderId: 'order-2', legs: twoTierLegs }),
      ],
    ],
  ])('is quiet where %s', (_, events) => {
    expect(given(opened('2026-01-05'), ...events).flagsAt('2026-06-01', 'P5.7')).toEqual([]);
  });

  test.each([
    ['the route that it says', { route: 'direct', legs: twoTierLegs }, 'two_tier', 'direct'],
    [
      'the shape of its legs, where it says the agreed route',
      { route: 'direct', legs: twoTierLegs },
      'direct',
      'two_tier',
    ],
    ['the shape of its legs, where it says none', { legs: twoTierLegs }, 'direct', 'two_tier'],
  ] as const)('its evidence names %s', (_, { legs, ...order }, route, took) => {
    const flag = given(agreed(route), placed(at, { ...order, legs })).flagAt('2026-06-01', 'P5.7');
    expect(flag.evidence).toContainEqual({ kind: 'value', name: 'route of the order', value: took, threshold: route });
    expect(flag.evidence).toContainEqual(expect.objectContaining({ says: `the order was placed by ${took}` }));
  });

  test('what is known of the sellers tells more', () => {
    const resold = given(agreed('two_tier'), registered('vendor', 'vendor'), placed(at, { legs: resoldLegs }));
    expect(resold.flagsAt('2026-06-01', 'P5.7')).toHaveLength(1);
    const byPartner = [registered('partner', 'msp'), placed(at, { legs: chain('licence', 'partner', 'customer') })];
    expect(given(agreed('direct'), ...byPartner).flagsAt('2026-06-01', 'P5.7')).toHaveLength(1);
    const byLead = [opened('2026-01-05', { leadPartner: partyOf('partner') }), ...byPartner.slice(1)];
    expect(given(agreed('direct'), ...byLead).flagsAt('2026-06-01', 'P5.7')).toHaveLength(1);
  });

  test.each([
    ['reasonGiven', routeAgreed('2026-03-10', 'two_tier', { reason: 'code:stock' })],
    ['reasonGiven', placed('2026-03-10', { routeReason: 'code:stock' })],
    ['orderCancelled', orderCancelled('2026-03-10')],
    ['agreementChanged', routeAgreed('2026-03-10', 'direct')],
    ['agreementChanged', routeAgreed('2026-03-10', 'two_tier', { inSteps: true })],
    ['orderAsAgreed', placed('2026-03-10', { claimedBy: 'seller_of_record', legs: twoTierLegs })],
  ])('clears as %s', (reason, mending) => {
    expect(
      given(agreed('two_tier'), placed(at, { legs: directLegs }), mending).flagAt('2026-06-01', 'P5.7'),
    ).toMatchObject({
      cleared: { at: mending.occurredAt, eventId: mending.eventId, reason },
    });
  });

  test('a claim of lower precedence changes nothing, before or after', () => {
    const sold = placed('2026-03-10', { claimedBy: 'seller_of_record', legs: twoTierLegs });
    const said = (when: string) => placed(when, { legs: directLegs });
    expect(given(agreed('two_tier'), sold, said('2026-03-11')).flagsAt('2026-06-01', 'P5.7')).toEqual([]);
    const partner = { role: 'partner', partyId: 'p1' } as const;
    const claim = recorded(
      'OrderPlaced',
      { claimedBy: 'seller_of_record', orderId: 'order-1', legs: twoTierLegs },
      { at: '2026-03-11', saidBy: partner },
    );
    expect(given(agreed('two_tier'), said(at), claim).flagAt('2026-06-01', 'P5.7').cleared).toBeUndefined();
  });

  test('a later claim of the order opens no second flag, and a reason holds for all its claims', () => {
    const claims = [placed(at, { legs: directLegs }), placed('2026-03-05', { legs: directLegs, poNumber: '7' })];
    expect(given(agreed('two_tier'), ...claims).flagsAt('2026-06-01', 'P5.7')).toHaveLength(1);
    const reason = routeAgreed('2026-03-03', 'two_tier', { reason: 'r' });
    expect(given(agreed('two_tier'), ...claims, reason).flagAt('2026-06-01', 'P5.7').cleared).toMatchObject({
      eventId: reason.eventId,
    });
  });

  test('orders that a claim joins later keep the flags that they had', () => {
    const one = placed(at, { legs: directLegs });
    const other = placed('2026-03-05', { orderId: 'order-2', poNumber: '7', legs: directLegs });
    const joint = placed('2026-03-10', {
      claimedBy: 'distributor',
      orderId: 'order-1',
      poNumber: '7',
      legs: twoTierLegs,
    });
    const story = given(agreed('two_tier'), one, other, joint);
    expect(story.flagsAt('2026-03-06', 'P5.7')).toHaveLength(2);
    expect(story.flagsAt('2026-06-01', 'P5.7').map(({ cleared }) => cleared?.eventId)).toEqual([
      joint.eventId,
      joint.eventId,
    ]);
  });

  test('an order of a later cycle is held against the agreement in force', () => {
    const life = [
      agreed('two_tier'),
      won('2026-02-10'),
      subscribed('2026-02-12', { to: '2027-02-12' }),
      renewed('2027-02-12', { to: '2028-02-12' }),
      placed('2027-03-01', { legs: directLegs }),
    ];
    expect(given(...life).flagsAt('2027-06-01', 'P5.7')).toHaveLength(1);
    expect(given(...life, routeAgreed('2027-02-20', 'direct')).flagsAt('2027-06-01', 'P5.7')).toEqual([]);
  });
});
