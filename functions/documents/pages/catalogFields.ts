// Which fields does a schema have, each with its type, its presence and its meaning?

import type { JsonObject } from '../jsonSchema.ts';
import { namedSchemas } from '../namedShapes.ts';
import { html, joined, type Markup } from './html.ts';

export interface FieldRow {
  /** The path of the field: `legs[].seller`. */
  readonly name: string;
  readonly depth: number;
  readonly type: Markup;
  /** `either`: required in one of several shapes that its holder may have. */
  readonly presence: 'required' | 'optional' | 'either';
  readonly nullable: boolean;
  readonly meaning: string;
}

const objectOf = (value: unknown): JsonObject => Object(value);
const listOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.map(objectOf) : []);
const isNull = ({ type }: JsonObject): boolean => type === 'null';

/** The schema without null, and whether it may be null. */
const withoutNull = (schema: JsonObject): { readonly schema: JsonObject; readonly nullable: boolean } => {
  if (Array.isArray(schema.type) && schema.type.includes('null')) {
    const types = schema.type.filter((type) => type !== 'null');
    return { schema: { ...schema, type: types.length === 1 ? types[0] : types }, nullable: true };
  }
  const options = listOf(schema.anyOf);
  if (!options.some(isNull)) return { schema, nullable: false };
  const others = options.filter((option) => !isNull(option));
  const { anyOf: _, ...own } = schema;
  return { schema: { ...(others.length === 1 ? others[0] : { anyOf: others }), ...own }, nullable: true };
};

const variantsOf = (schema: JsonObject): readonly JsonObject[] => listOf(schema.oneOf ?? schema.anyOf);

const words: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
};

const bounds = ({ minimum, maximum, maxItems, minItems }: JsonObject): string => {
  const [least, most] = [minimum ?? minItems, maximum ?? maxItems].map(Number);
  const isBound = (bound: number | undefined): bound is number =>
    bound !== undefined && Number.isFinite(bound) && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  if (isBound(least) && isBound(most)) return `, ${least} to ${most}`;
  if (isBound(least)) return `, ${least} or more`;
  return isBound(most) ? `, up to ${most}` : '';
};

const shapes: JsonObject = namedSchemas('draft-2020-12');

const shapeName = ({ $ref }: JsonObject): string | undefined =>
  /([^/]+)$/.exec(typeof $ref === 'string' ? $ref : '')?.[1];

/** The named shape that a schema refers to. */
const shapeOf = (told: JsonObject): JsonObject | undefined => {
  const name = shapeName(withoutNull(told).schema);
  return name === undefined ? undefined : objectOf(shapes[name]);
};

/** A type in words; a named shape is a link to its description. */
export const typeOf = (told: JsonObject): Markup => {
  const { schema } = withoutNull(told);
  const name = shapeName(schema);
  if (name !== undefined) return html`<a href="#shape-${name}">${name}</a>`;
  if (schema.const !== undefined) return html`<code>${String(schema.const)}</code>`;
  if (Array.isArray(schema.enum))
    return joined(
      schema.enum.map((word) => html`<code>${String(word)}</code>`),
      ' · ',
    );
  const variants = variantsOf(schema);
  if (variants.length > 0) {
    const kinds = [...new Set(variants.map((variant) => typeOf(variant).html))].map((markup) => ({ html: markup }));
    return joined(kinds, ' or ');
  }
  if (schema.type === 'array') {
    const items = typeOf(objectOf(schema.items));
    return html`list of ${items.html === 'object' ? 'objects' : items}${bounds(schema)}`;
  }
  const map = objectOf(schema.additionalProperties);
  if (schema.type === 'object' && Object.keys(map).length > 0) return html`map of ${typeOf(map)}`;
  const types = [schema.type].flat().map((type) => words[String(type)] ?? 'anything');
  return html`${types.join(' or ')}${bounds(schema)}`;
};

/** Where a field's own fields are: in the field itself, in a list's items, or in a map's values. */
const innerOf = (told: JsonObject): { readonly mark: string; readonly inner: JsonObject } => {
  const { schema } = withoutNull(told);
  if (schema.type === 'array') return { mark: '[]', inner: objectOf(schema.items) };
  const map = objectOf(schema.additionalProperties);
  return Object.keys(map).length > 0 ? { mark: '{}', inner: map } : { mark: '', inner: schema };
};

/** The place of fields: the field that holds them, the depth, and whether that field has other shapes too. */
interface Place {
  readonly holder?: string;
  readonly depth?: number;
  readonly either?: boolean;
}

/** The fields of an object's schema, in order, each followed by its own fields; for a union, those of every variant. */
export const fieldsOf = (
  schema: JsonObject,
  { holder = '', depth = 0, either = false }: Place = {},
): readonly FieldRow[] => {
  const variants = variantsOf(schema).filter(({ properties }) => properties !== undefined);
  if (variants.length > 0) return variants.flatMap((variant) => fieldsOf(variant, { holder, depth, either: true }));
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return Object.entries(objectOf(schema.properties)).flatMap(([name, property]) => {
    const told = objectOf(property);
    const shape = shapeOf(told);
    const path = holder === '' ? name : `${holder}.${name}`;
    const { mark, inner } = innerOf(told);
    const row: FieldRow = {
      name: path,
      depth,
      type: typeOf(told),
      presence: !required.has(name) ? 'optional' : either ? 'either' : 'required',
      nullable: withoutNull(told).nullable,
      meaning: [told.description, shape?.description].find((says) => typeof says === 'string') ?? '',
    };
    return [row, ...fieldsOf(inner, { holder: `${path}${mark}`, depth: depth + 1 })];
  });
};
