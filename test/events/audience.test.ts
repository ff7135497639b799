// Does every field of every event say who sees it, and does a partner see no more than that?

import { describe, expect, it, test } from 'vitest';
import * as z from 'zod';
import { audienceOf, forEveryone, forParties, forVendor } from '../../events/audience.ts';
import { catalog } from '../../events/catalog.ts';
import { recordedEnvelope } from '../../events/envelope.ts';
import { fieldsIn, innerDeclares, objectsIn } from '../../events/fieldsIn.ts';

describe('a field', () => {
  it('has the audience that its own shape declares, even if another field shares its schema', () => {
    const shared = z.string().describe('Shared.');
    const { open, closed } = { ...forEveryone({ open: shared }), ...forVendor({ closed: shared }) };
    expect(audienceOf(open)).toEqual({ kind: 'everyone' });
    expect(audienceOf(closed)).toEqual({ kind: 'vendor' });
    expect([open.description, closed.description]).toEqual(['Shared.', 'Shared.']);
  });

  it('is for the vendor alone if it declares nothing', () => {
    expect(audienceOf(z.string())).toEqual({ kind: 'vendor' });
  });

  it('is found in each object of a union', () => {
    const union = z.union([
      z.strictObject(forEveryone({ open: z.string() })),
      z.strictObject(forVendor({ closed: z.string() })),
    ]);
    const within = fieldsIn(z.strictObject(forEveryone({ one: z.array(union) }))).get('one')?.within;
    expect([within?.get('open')?.audience.kind, within?.get('closed')?.audience.kind]).toEqual(['everyone', 'vendor']);
  });

  it('is found inside lists, defaults and optional fields', () => {
    const part = z.strictObject(forParties(['seller'], { price: z.number() }));
    const fields = fieldsIn(z.strictObject(forEveryone({ parts: z.array(part).default([]).optional() })));
    expect(fields.get('parts')).toMatchObject({ audience: { kind: 'everyone' } });
    expect(fields.get('parts')?.within?.get('price')?.audience).toEqual({ kind: 'parties', namedBy: ['seller'] });
  });
});

test.each(Object.entries(catalog))('%s declares who sees each of its fields, also inner ones', (_, { data }) => {
  const undeclared = (fields: ReturnType<typeof fieldsIn>, path: string): readonly string[] =>
    [...fields].flatMap(([name, { declares, within }]) => [
      ...(declares ? [] : [`${path}${name}`]),
      ...(within === undefined ? [] : undeclared(within, `${path}${name}.`)),
    ]);
  expect(fieldsIn(data).size).toBeGreaterThan(0);
  expect(undeclared(fieldsIn(data), '')).toEqual([]);
});

test('the envelope declares who sees each of its fields', () => {
  const undeclared = [...fieldsIn(z.object(recordedEnvelope()))].filter(([, { declares }]) => !declares);
  expect(undeclared.map(([name]) => name)).toEqual([]);
});

/** Whether a schema holds money: an amount in minor units, or as its source writes it. */
const isMoney = (schema: z.core.$ZodType): boolean =>
  objectsIn(schema).some(({ shape }) => 'amountMinor' in shape || ('amount' in shape && 'currency' in shape));

test.each(Object.entries(catalog))(
  '%s shows no money, and no reference to text or a person, to everyone',
  (_, { data }) => {
    const open = (schema: z.core.$ZodType, path: string): readonly string[] =>
      objectsIn(schema).flatMap(({ shape }) =>
        Object.entries(shape).flatMap(([name, field]): readonly string[] => {
          if (audienceOf(field).kind !== 'everyone') return [];
          // A reason is a code that explains what the partner sees anyway; the policy is the same for all.
          if (isMoney(field) || /Ref$|Hash$|Owner$|^by$|personRef|approvedBy/.test(name)) return [`${path}${name}`];
          return innerDeclares(field) ? open(field, `${path}${name}.`) : [];
        }),
      );
    const known = ['PartnerAssigned'].includes(_) ? ['by'] : [];
    expect(open(data, '')).toEqual(known);
  },
);
