// Does every field of every event say who sees it, and does a partner see no more than that?

import { describe, expect, it, test } from 'vitest';
import * as z from 'zod';
import { audienceOf, forEveryone, forParties, forVendor } from '../../events/audience.ts';
import { catalog } from '../../events/catalog.ts';
import { fieldsIn } from '../../events/fieldsIn.ts';

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
