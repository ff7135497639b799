// Do the events' JSON Schemas accept and refuse the same events as the catalog?
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

/** Copies that each have one member removed, one of another type, or one unknown member, with the path of the change. */
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

it('each current event type has a schema, with its title, its meaning and its fixture', () => {
  expect([...schemas.keys()]).toEqual(eventTypes.map(versionedName));
  for (const [name, schema] of schemas) {
    expect(schema).toMatchObject({ $id: `urn:throughline:schema:event:${name}`, title: name.split('.')[0] });
    expect(schema.description, name).toMatch(/\.$/);
    expect(schema.examples, name).toEqual([fixtures.get(name)]);
  }
});

describe.each([...fixtures])('%s', (name, fixture) => {
  const validate = validatorOf(name);

  it('matches its schema', () => {
    expect(wrongIn(validate, fixture)).toEqual([]);
  });

  it('does not match it without a required field, or with a field of another type', () => {
    const { type: _, ...untyped } = fixture;
    expect(wrongIn(validate, untyped)).not.toEqual([]);
    expect(wrongIn(validate, { ...fixture, data: 'nothing' })).not.toEqual([]);
    expect(wrongIn(validate, { ...fixture, occurredAt: 'yesterday' })).not.toEqual([]);
  });

  it('with any change, is accepted by its schema only where the catalog accepts it', () => {
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

  it('of every event has a description', () => {
    const missing = [...schemas].flatMap(([name, schema]) =>
      undescribed(schema, name).filter((path) => path !== `${name}.data`),
    );
    expect(missing).toEqual([]);
  });
});
