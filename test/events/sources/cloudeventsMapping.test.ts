// Do a sender's own event types become facts by the connection's rules, and is a wrong rule named?
import { describe, expect, it } from 'vitest';
import { cloudevents } from '../../../events/sources/cloudevents.ts';
import { arrowline } from './arrowline.ts';
import { connectionTo, dataOf, factsIn, messageOf } from './reading.ts';

const event = (given: { readonly [key: string]: unknown }) => ({
  specversion: '1.0',
  id: '1',
  source: '/orders',
  time: '2026-07-15T10:00:00+02:00',
  ...given,
});
const said = (body: unknown, mapping: { readonly [key: string]: unknown } = {}) =>
  cloudevents.translate(messageOf(body), connectionTo(cloudevents, mapping));
const first = (body: unknown, mapping: { readonly [key: string]: unknown } = {}) => factsIn(said(body, mapping))[0];

describe('mapped types', () => {
  const order = {
    purchaseOrder: 'PO-1',
    endCustomer: 'halden',
    total: 96000.0,
    currency: 'EUR',
    engagementId: 'ENG-1',
    by: 'kari@halden.example',
  };
  const booked = event({ type: 'com.arrowline.order.booked.v1', data: order });
  const rule = (given: { readonly [key: string]: unknown }) => ({
    rules: [{ type: 'x', as: 'WorkLogged', subject: { reference: 'subject' }, fields: {}, ...given }],
  });
  const mapped = (field: unknown, data: unknown) => {
    const fact = first(event({ type: 'x', subject: 'S', data }), rule({ fields: { field } }));
    return fact?.data;
  };
  const problem = (field: unknown, data: unknown) =>
    said(event({ type: 'x', subject: 'S', data }), rule({ fields: { field } }));

  it('become facts of our catalog, and link the ids that they name', () => {
    const [placed, link] = factsIn(said(booked, arrowline));
    expect(dataOf(placed)).toMatchObject({
      claimedBy: 'distributor',
      orderId: 'PO-1',
      customer: { system: 'reference', kind: 'customer', id: 'halden' },
      total: { amount: '96000', currency: 'EUR' },
      route: 'two_tier',
    });
    expect(link).toMatchObject({
      type: 'IdentityLinked',
      derived: true,
      data: {
        external: { system: 'cloudevents:acct_1', kind: 'order', id: 'PO-1' },
        to: { external: { system: 'reference', kind: 'engagement', id: 'ENG-1' } },
      },
    });
  });

  it('are ignored if no rule names them', () => {
    expect(said(event({ type: 'com.other' }))).toEqual({ outcome: 'ignored', reason: 'typeNotMapped: com.other' });
    const elsewhere = { rules: [{ ...arrowline.rules[0], source: '/elsewhere' }] };
    expect(said(booked, elsewhere)).toMatchObject({ outcome: 'ignored' });
  });

  it('are refused with the missing path and the field that needs it', () => {
    const { purchaseOrder: _none, ...rest } = order;
    expect(said(event({ type: 'com.arrowline.order.booked.v1', data: rest }), arrowline)).toMatchObject({
      outcome: 'refused',
      reason: 'mappingUnmet',
      issues: [{ path: 'data.purchaseOrder', message: 'no value is here; the mapping needs it for orderId' }],
    });
  });

  it.each([
    ['data.a', { a: 1.5 }, 1.5],
    [{ path: 'data.a', as: 'text' }, { a: 1 }, '1'],
    [{ path: 'data.a', as: 'number' }, { a: ' 25' }, 25],
    [{ path: 'data.a', as: 'decimal' }, { a: '10.50' }, '10.5'],
    [{ path: 'data.a', as: 'instant' }, { a: '2026-01-01T01:00:00+01:00' }, '2026-01-01T00:00:00.000Z'],
    [{ path: 'data.a', as: 'date' }, { a: '2026-01-01T00:00:00Z' }, '2026-01-01'],
    [{ path: 'data.a', as: 'epochSeconds' }, { a: 0 }, '1970-01-01T00:00:00.000Z'],
    [{ path: 'data.a', as: 'epochMilliseconds' }, { a: 1 }, '1970-01-01T00:00:00.001Z'],
    [{ path: 'data.a', lookup: { yes: 'won' } }, { a: 'yes' }, 'won'],
    [{ path: 'data.a', optional: true }, {}, undefined],
    [{ constant: null }, {}, null],
    [{ template: '{data.a}/{data.b.0}' }, { a: 'x', b: [1] }, 'x/1'],
    [{ list: ['data.a', { path: 'data.b', optional: true }] }, { a: 'x' }, ['x']],
    [{ object: { a: 'data.a', b: { path: 'data.b', optional: true } } }, { a: 'x' }, { a: 'x' }],
    [
      { money: { amount: 'data.a', currency: { constant: 'jpy' } } },
      { a: '480' },
      { amountMinor: 480, currency: 'JPY' },
    ],
    [{ money: { amount: 'data.a', currency: 'data.c' } }, { a: 0.29, c: 'EUR' }, { amountMinor: 29, currency: 'EUR' }],
    [
      { money: { amount: 'data.a', currency: 'data.c', minor: true } },
      { a: 29, c: 'EUR' },
      { amountMinor: 29, currency: 'EUR' },
    ],
  ])('read %j of %j as %j', (field, data, value) => {
    expect(mapped(field, data)).toEqual(value === undefined ? {} : { field: value });
  });

  it.each([
    [{ path: 'data.a', as: 'instant' }, { a: 'soon' }, "the value here can't be read as instant"],
    [{ path: 'data.a', lookup: { yes: 'won' } }, { a: 'toString' }, 'the lookup lacks the word toString'],
    [{ template: '{data.a}' }, {}, 'no value is here; the mapping needs it for field'],
    [
      { money: { amount: 'data.a', currency: { constant: 'EUR' } } },
      { a: '0.001' },
      '0.001 is no whole number of minor units of EUR',
    ],
    ['data.constructor', {}, 'no value is here; the mapping needs it for field'],
  ])('refuse %j of %j', (field, data, message) => {
    expect(problem(field, data)).toMatchObject({ reason: 'mappingUnmet', issues: [{ message }] });
  });

  it('are keyed on an object if the rule says so: later events restate the fact', () => {
    const keyed = rule({ key: 'data.id', fields: { workId: 'data.id' } });
    const at = (id: string, time: string) =>
      first(event({ type: 'x', id, time, subject: 'S', data: { id: 'w1' } }), keyed);
    expect(at('1', '2026-01-01T00:00:00Z')).toMatchObject({
      sourceId: '/orders w1',
      sourceSeq: '2026-01-01T00:00:00.000Z',
    });
    expect(at('2', '2026-01-02T00:00:00Z')).toMatchObject({
      sourceId: '/orders w1',
      sourceSeq: '2026-01-02T00:00:00.000Z',
    });
  });

  it('may mean several facts, each with its own part', () => {
    const two = { ...rule({}).rules[0], fields: { workId: { constant: 'a' } } };
    const parts = {
      rules: [
        { ...two, part: 'a' },
        { ...two, part: 'b' },
      ],
    };
    expect(factsIn(said(event({ type: 'x', subject: 'S' }), parts)).map(({ discriminator }) => discriminator)).toEqual([
      'a',
      'b',
    ]);
  });

  it.each([
    [rule({ as: 'OrderPlacd' }), 'rules.0.as'],
    [rule({ fields: { a: { constnt: 1 } } }), 'rules.0.fields.a'],
    [rule({ fields: { a: { path: 'a', constant: 1 } } }), 'rules.0.fields.a'],
    [rule({ fields: { a: { object: { b: 'no path' } } } }), 'rules.0.fields.a.object.b.path'],
    [rule({ subject: {} }), 'rules.0.subject'],
    [{ rules: [rule({}).rules[0], rule({}).rules[0]] }, 'rules.1'],
  ])('are refused with the path of the error if the mapping is wrong: %j', (mapping, path) => {
    const parsed = cloudevents.mapping.safeParse(mapping);
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('stay the same if their mapping is parsed twice', () => {
    const once = cloudevents.mapping.parse(arrowline);
    expect(cloudevents.mapping.parse(once)).toEqual(once);
  });
});
