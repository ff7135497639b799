// Is a mapping held against the catalog when it is given, with the path of each fault?
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { definitionOf, type EventType, eventTypes } from '../../../events/catalog.ts';
import { cloudevents } from '../../../events/sources/cloudevents.ts';
import { mappingIssues } from '../../../events/sources/mappingIssues.ts';
import { salesforce } from '../../../events/sources/salesforce.ts';
import { stripe } from '../../../events/sources/stripe.ts';
import { arrowline } from './arrowline.ts';

const issuesOf = (given: object, allowed: readonly EventType[] = eventTypes) =>
  mappingIssues(
    cloudevents,
    { rules: [{ type: 'x', as: 'OrderPlaced', subject: { reference: 'subject' }, ...given }] },
    allowed,
  ).map(({ path, message }) => `${path}: ${message}`);

const order = { claimedBy: { constant: 'distributor' }, orderId: 'data.id' };

describe('a rule of CloudEvents', () => {
  it('that fits the catalog is taken, and so are no rules', () => {
    expect(issuesOf({ fields: order })).toEqual([]);
    expect(mappingIssues(cloudevents, arrowline, eventTypes)).toEqual([]);
    expect(mappingIssues(cloudevents, {}, cloudevents.defaultTypes)).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      'a field that the type lacks',
      { fields: { ...order, orderID: 'data.id' } },
      'rules.0.fields.orderID: OrderPlaced has no field orderID; it has claimedBy, ',
    ],
    [
      'a field that every object has by nature',
      { fields: { ...order, constructor: 'data.id' } },
      'rules.0.fields.constructor: OrderPlaced has no field constructor',
    ],
    [
      'a field inside a field',
      { fields: { ...order, total: { object: { amount: 'data.total', code: 'data.currency' } } } },
      'rules.0.fields.total.object.code: OrderPlaced.total has no field code; it has amount, currency',
    ],
    [
      'a constant that the field refuses',
      { fields: { ...order, claimedBy: { constant: 'reseller' } } },
      'rules.0.fields.claimedBy.constant: Invalid option',
    ],
    [
      'a constant whose inside the field refuses',
      { fields: { ...order, customer: { constant: { system: 'crm', kind: 'account' } } } },
      'rules.0.fields.customer.constant.id: missing',
    ],
    [
      'a word of a lookup that the field refuses',
      { fields: { ...order, route: { path: 'data.how', lookup: { A: 'direct', B: 'by car' } } } },
      'rules.0.fields.route.lookup.B: Invalid option',
    ],
    [
      'a required field that nothing fills',
      { fields: { orderId: 'data.id' } },
      'rules.0.fields: OrderPlaced needs claimedBy, and nothing fills it',
    ],
    [
      'a required field that nothing fills inside a field',
      { fields: { ...order, customer: { object: { system: { constant: 'crm' }, kind: { constant: 'account' } } } } },
      'rules.0.fields.customer.object: OrderPlaced.customer needs id, and nothing fills it',
    ],
    [
      'a number where text belongs',
      { fields: { ...order, orderId: { path: 'data.id', as: 'number' } } },
      "rules.0.fields.orderId: OrderPlaced.orderId can't be a number",
    ],
    [
      'text where a number belongs',
      {
        as: 'WorkLogged',
        fields: {
          workId: 'data.id',
          category: { constant: 'implementation' },
          minutes: { path: 'data.minutes', as: 'decimal' },
        },
      },
      "rules.0.fields.minutes: WorkLogged.minutes can't be text",
    ],
    [
      'a template where an object belongs',
      { fields: { ...order, customer: { template: 'c-{data.id}' } } },
      "rules.0.fields.customer: OrderPlaced.customer can't be text",
    ],
    [
      'money where text belongs',
      { fields: { ...order, poNumber: { money: { amount: 'data.total', currency: 'data.currency' } } } },
      'rules.0.fields.poNumber.money: Invalid input',
    ],
    [
      'a type that the catalog lacks',
      { as: 'OrderPlacd', fields: order },
      'rules.0.as: the catalog has no type "OrderPlacd"',
    ],
    ['a type that is missing', { as: undefined, fields: order }, 'rules.0.as: missing'],
  ])('names %s', (_what, given, expected) => {
    expect(issuesOf(given)).toEqual([expect.stringContaining(expected)]);
  });

  it('names a type that the connection may not say, and how to allow it', () => {
    const closed = { as: 'DealClosed', fields: { result: { constant: 'won' } } };
    expect(issuesOf(closed, cloudevents.defaultTypes)).toEqual([
      'rules.0.as: the connection may not say DealClosed; allow it with --allow DealClosed',
    ]);
    expect(issuesOf(closed, [...cloudevents.defaultTypes, 'DealClosed'])).toEqual([]);
  });

  it('names every fault at once', () => {
    expect(issuesOf({ fields: { x: 'a', y: 'b' } })).toHaveLength(4);
  });
});

describe.each(eventTypes)('a rule for %s', (type) => {
  const version = definitionOf(type)?.version;
  const { data } = z
    .object({ data: z.record(z.string(), z.unknown()) })
    .parse(
      JSON.parse(readFileSync(new URL(`../../fixtures/events/${type}.v${version}.json`, import.meta.url), 'utf8')),
    );
  const constants = Object.fromEntries(Object.entries(data).map(([field, constant]) => [field, { constant }]));

  it('may fill its fields with anything that the catalog takes', () => {
    expect(issuesOf({ as: type, fields: constants })).toEqual([]);
  });

  it('needs exactly the fields that the catalog needs', () => {
    for (const field of Object.keys(data)) {
      const { [field]: _left, ...others } = constants;
      const { [field]: _gone, ...rest } = data;
      const parsed = definitionOf(type)?.data.safeParse(rest);
      const isNeeded = parsed?.error?.issues.some(({ path }) => path.length === 1 && path[0] === field) === true;
      expect([field, issuesOf({ as: type, fields: others }).length > 0]).toEqual([field, isNeeded]);
    }
  });
});

it.each([
  [stripe, { kinds: { prod_1: 'base' } }, 'kinds.prod_1'],
  [stripe, { metadata: { engagment: 'x' } }, 'metadata'],
  [salesforce, { opportunity: { ammount: 'Amount' } }, 'opportunity'],
  [salesforce, { stages: { Won: 'win' } }, 'stages.Won'],
  [salesforce, { routes: { Direct: { route: 'by car' } } }, 'routes.Direct.route'],
])('$0.name refuses $1 at its path', (source, mapping, path) => {
  expect(mappingIssues(source, {}, eventTypes)).toEqual([]);
  expect(mappingIssues(source, mapping, eventTypes)).toEqual([expect.objectContaining({ path })]);
});
