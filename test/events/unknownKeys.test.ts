// What happens to keys that a type does not know: dropped and named for systems, refused with a hint for people?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitionOf, eventTypes } from '../../events/catalog.ts';
import { issuesWithKeys, withoutUnknownKeys } from '../../events/unknownKeys.ts';
import { fixtures } from '../support/fixtures.ts';

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The paths of all objects in a value. Maps by name (thresholds, calendars) hold any key, and are left out. */
const objectsIn = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] => {
  if (Array.isArray(value)) return value.flatMap((item, index) => objectsIn(item, [...path, String(index)]));
  if (!isObject(value) || path.includes('thresholds')) return [];
  const within = Object.entries(value).flatMap(([key, held]) => objectsIn(held, [...path, key]));
  return path.at(-1) === 'calendars' ? within : [path, ...within];
};

const withKey = (value: unknown, [first, ...rest]: readonly string[], key: string): unknown => {
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === first ? withKey(item, rest, key) : item));
  if (!isObject(value)) return value;
  if (first === undefined) return { ...value, [key]: { any: 'thing' } };
  return { ...value, [first]: withKey(value[first], rest, key) };
};

const examples = [...fixtures].map(([name, { type, data }]) => ({ name, type: String(type), data }));

it('every type has an example', () => {
  expect(new Set(examples.map(({ type }) => type))).toEqual(new Set(eventTypes));
});

describe.each(examples)('$name', ({ type, data }) => {
  const schema = definitionOf(type)?.data;
  if (schema === undefined) throw new Error(`no type ${type}`);
  const places = objectsIn(data);

  it('loses unknown keys at every depth, each named by its path, and nothing else', () => {
    expect(withoutUnknownKeys(schema, data)).toEqual({ data, unknownKeys: [] });
    fc.assert(
      fc.property(fc.subarray([...places], { minLength: 1 }), (at) => {
        const given = at.reduce((value, path) => withKey(value, path, 'notOurs'), data);
        const known = withoutUnknownKeys(schema, given);
        expect(known.data).toEqual(data);
        expect(known.unknownKeys.toSorted()).toEqual(at.map((path) => [...path, 'notOurs'].join('.')).toSorted());
      }),
      { numRuns: 20 },
    );
  });
});

it('a message that holds little but unknown keys loses them all', () => {
  const schema = definitionOf('IdentityLinked')?.data;
  if (schema === undefined) throw new Error('no IdentityLinked');
  const external = { system: 'crm', kind: 'deal', id: '1' };
  const names = Array.from({ length: 20_000 }, (_, index) => `k${index}`);
  const many = Object.fromEntries(names.map((name) => [name, 1]));
  const to = { external: { ...external, ...many } };
  const known = withoutUnknownKeys(schema, { external, to, reason: 'r', ...many });
  expect(known.data).toEqual({ external, to: { external }, reason: 'r' });
  expect(known.unknownKeys.toSorted()).toEqual([...names, ...names.map((name) => `to.external.${name}`)].toSorted());
});

describe('what is wrong besides', () => {
  const schema = definitionOf('IdentityLinked')?.data;
  if (schema === undefined) throw new Error('no IdentityLinked');
  const external = { system: 'crm', kind: 'deal', id: '1' };

  it.each([
    ['a field of another form of the same object', { stream: 'a/b/c', external }],
    ['a field that is missing', { id: 7 }],
  ])('stays: %s', (_, to) => {
    const given = { external, to, reason: 'r' };
    expect(withoutUnknownKeys(schema, given)).toEqual({ data: given, unknownKeys: [] });
  });

  it('is not an address that somebody put in place of a key: no receipt names a person', () => {
    const { unknownKeys } = withoutUnknownKeys(schema, {
      external,
      to: { external },
      reason: 'r',
      'ann@example.com': 1,
    });
    expect(unknownKeys).toEqual(['(an e-mail address)']);
  });
});

describe('people are told', () => {
  const schema = definitionOf('SolutionProposed')?.data;
  const issues = (data: unknown) => {
    const parsed = schema?.safeParse(data);
    return parsed?.success === false && schema !== undefined ? issuesWithKeys(schema, parsed.error, data) : [];
  };
  it.each([
    [{ outcomeIDs: [] }, 'outcomeIDs', 'outcomeIds'],
    [{ proposal_ref: 'x' }, 'proposal_ref', 'proposalRef'],
    [{ ofterId: 'x' }, 'ofterId', 'offerId'],
    [{ commitments: [{ id: 'a', capability: 'b', Id: 'c' }] }, 'commitments.0.Id', 'id'],
    [{ value: { amount: '1', curency: 'EUR' } }, 'value.curency', 'currency'],
  ])('which field they meant: %j', (data, path, meant) => {
    expect(issues(data)).toEqual([{ path, message: `unknown field; did you mean ${meant}?` }]);
  });

  it('of a key like no field only that it is unknown', () => {
    expect(issues({ mood: 'fine' })).toEqual([{ path: 'mood', message: 'unknown field' }]);
  });
});
