// Do issues name what is missing, and the alternatives of a union, whatever the schema of the field?
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalog, eventTypes, issuesOf } from '../../events/catalog.ts';
import { LinkTarget } from '../../events/control.ts';
import { Reference } from '../../events/envelope.ts';

const toldOf = (schema: z.ZodType, value: unknown) => {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : issuesOf(parsed.error, value);
};

describe.each(eventTypes)('%s', (type) => {
  const { data } = catalog[type];
  const fields = data instanceof z.ZodObject ? Object.keys(data.shape) : [];

  it('calls each field that it needs missing, and nothing else', () => {
    const issues = toldOf(data, {});
    for (const { path, message } of issues.filter(({ path: at }) => fields.includes(at)))
      expect({ path, message }).toEqual({ path, message: 'missing' });
    expect(issues.every(({ message }) => !message.includes('undefined'))).toBe(true);
  });
});

const missing = (path: string) => [{ path, message: 'missing' }];
const external = { system: 'reference', kind: 'engagement', id: 'R' };

describe('what is absent is missing:', () => {
  it.each([
    ['text', z.string()],
    ['a choice of words', z.enum(['a', 'b'])],
    ['one word', z.literal('a')],
    ['a union', z.union([z.number(), z.boolean()])],
    ['an object', Reference],
    ['a link target', LinkTarget],
    ['a list', z.array(z.string())],
  ])('%s', (_, field) => {
    expect(toldOf(z.strictObject({ field }), {})).toEqual(missing('field'));
    expect(toldOf(z.array(z.strictObject({ field })), [{}])).toEqual(missing('0.field'));
  });

  it('but null, and the words of a rule of our own, stay as they are', () => {
    expect(toldOf(z.strictObject({ field: z.string() }), { field: null })).toEqual([
      { path: 'field', message: 'Invalid input: expected string, received null' },
    ]);
    const either = z.object({ a: z.string().optional() }).refine(({ a }) => a, { path: ['a'], message: 'say a or b' });
    expect(toldOf(either, {})).toEqual([{ path: 'a', message: 'say a or b' }]);
  });
});

const target =
  'expected one of ours, { "stream": "<tenant>/<kind>/<id>" }, or another external id, { "external": { "system", "kind", "id" } }';

describe('a union names', () => {
  it.each<readonly [unknown, readonly object[]]>([
    ['acme/engagement/e1', [{ path: 'to', message: target }]],
    [{}, [{ path: 'to', message: target }]],
    [external, [{ path: 'to', message: target }]],
    [
      { external: { ...external, id: 7 } },
      [{ path: 'to.external.id', message: 'Invalid input: expected string, received number' }],
    ],
    [{ external: { system: 'a', kind: 'b' } }, missing('to.external.id')],
    [{ external: 'R' }, [{ path: 'to.external', message: 'expected { "system", "kind", "id" }' }]],
    [{ stream: 7 }, [{ path: 'to.stream', message: 'Invalid input: expected string, received number' }]],
  ])('its alternatives, or what is wrong in the one that is meant: %j', (to, expected) => {
    expect(toldOf(z.strictObject({ to: LinkTarget }), { to })).toEqual(expected);
  });

  it('the types of values, each once', () => {
    const anything = z.union([z.number(), z.boolean(), z.number().max(3)]);
    expect(toldOf(anything, 'x')).toEqual([{ path: '', message: 'none of the alternatives fits: number; or boolean' }]);
  });
});
