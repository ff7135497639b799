// Do the events' JSON Schemas say what the catalog says? Every fixture keeps to its own; whatever is changed in one, both judge alike.
import { describe, expect, it } from 'vitest';
import { eventTypes, parseRecorded } from '../../../events/catalog.ts';
import { eventSchemaDocuments, versionedName } from '../../../functions/documents/eventSchemas.ts';
import { fixtures } from '../../support/fixtures.ts';
import { strictAjv, wrongIn } from '../../support/jsonSchemas.ts';

const schemas = eventSchemaDocuments(fixtures);
const validators = new Map([...schemas].map(([name, schema]) => [name, strictAjv().compile(schema)]));
const validatorOf = (name: string) => {
  const validate = validators.get(name);
  if (validate === undefined) throw new Error(`no schema ${name}`);
  return validate;
};

/** A copy with each member removed, replaced by something of another type, or joined by a stranger, told by its path. */
function* changedCopies(value: unknown, path: string): Generator<readonly [string, unknown]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const [at, changed] of changedCopies(item, `${path}/${index}`)) yield [at, value.with(index, changed)];
    }
    return;
  }
  if (typeof value !== 'object' || value === null) {
    yield [`${path} of another type`, typeof value === 'string' ? 7 : 'seven'];
    yield [`${path} empty`, typeof value === 'string' ? '' : -1];
    return;
  }
  yield [`${path} with a stranger`, { ...value, stranger: true }];
  for (const [name, member] of Object.entries(value)) {
    yield [`${path}/${name} absent`, Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))];
    for (const [at, changed] of changedCopies(member, `${path}/${name}`)) yield [at, { ...value, [name]: changed }];
  }
}

it('there is one for each event type of today, with its title, its meaning and its fixture', () => {
  expect([...schemas.keys()]).toEqual(eventTypes.map(versionedName));
  for (const [name, schema] of schemas) {
    expect(schema).toMatchObject({ $id: `urn:throughline:schema:event:${name}`, title: name.split('.')[0] });
    expect(schema.description, name).toMatch(/\.$/);
    expect(schema.examples, name).toEqual([fixtures.get(name)]);
  }
});

describe.each([...fixtures])('%s', (name, fixture) => {
  const validate = validatorOf(name);

  it('keeps to its schema', () => {
    expect(wrongIn(validate, fixture)).toEqual([]);
  });

  it('without a field that it needs, or with one of another type, does not', () => {
    const { type: _, ...untyped } = fixture;
    expect(wrongIn(validate, untyped)).not.toEqual([]);
    expect(wrongIn(validate, { ...fixture, data: 'nothing' })).not.toEqual([]);
    expect(wrongIn(validate, { ...fixture, occurredAt: 'yesterday' })).not.toEqual([]);
  });

  it('whatever is changed in it, is judged by its schema as the catalog judges it', () => {
    const judged = [...changedCopies(fixture, '')].map(([change, value]) => [
      change,
      validate(value),
      parseRecorded(value).ok,
    ]);
    expect(judged.length).toBeGreaterThan(20);
    expect(judged.filter(([, bySchema, byCatalog]) => bySchema !== byCatalog)).toEqual([]);
  });
});

describe('every field', () => {
  const undescribed = (schema: unknown, path: string): readonly string[] => {
    if (typeof schema !== 'object' || schema === null) return [];
    const own =
      'properties' in schema && typeof schema.properties === 'object' && schema.properties !== null
        ? Object.entries(schema.properties).flatMap(([name, property]) => [
            ...(Object(property).description || Object(property).const ? [] : [`${path}.${name}`]),
            ...undescribed(property, `${path}.${name}`),
          ])
        : [];
    const nested = ['items', 'anyOf', 'oneOf', 'additionalProperties'].flatMap((keyword) =>
      [Object(schema)[keyword]].flat().flatMap((inner) => undescribed(inner, path)),
    );
    return [...own, ...nested];
  };

  it('of every event says what it means', () => {
    const missing = [...schemas].flatMap(([name, schema]) =>
      undescribed(schema, name).filter((path) => path !== `${name}.data`),
    );
    expect(missing).toEqual([]);
  });
});
