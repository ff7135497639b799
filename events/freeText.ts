// Does data hold free text, where a fact has room only for ids, codes and references?
// It tells a sentence from a code by its form. A short remark may pass; nothing that is a code is taken for a sentence.
import * as z from 'zod';
import { objectIn } from './fieldsIn.ts';
import { uuidOf } from './identifiers.ts';
import { holdsAddress, memberName } from './personalData.ts';
import { plainText } from './plainText.ts';

/** What a text field holds: an id or a code; a reference to a text or thing; the id of an organisation, which may be its name; a person. */
type Holds = 'code' | 'name' | 'person';

const declared = z.registry<{ readonly holds: Holds }>();

/** Declares what a text field holds; fields that are made of it hold the same. */
export const holding = <Schema extends z.ZodType>(holds: Holds, schema: Schema): Schema => {
  declared.add(schema, { holds });
  return schema;
};

/** `Lost to a competitor on price` is a code that a system's people chose; names of organisations may be longer. */
const mostWords: Readonly<Record<Holds, number>> = { code: 6, name: 12, person: 1 };

/** Scripts without spaces: so many characters are about a word. */
const unspaced = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/gu;
const charactersOfWord = 3;

/** Who says "she" writes about a person, however short. Words that mean something else in a neighbour's language are left out. */
const ofPersons = /(?:^|\s)(?:he|she|him|his|hers)(?:[\s,.;:!?]|$)/i;
const breaks = /[\n\v\f\r\u0085\u2028\u2029]/;

const wordsIn = (text: string): number => {
  const words = text.split(/[\p{Z}\p{C}]+/u).filter((word) => /\p{L}/u.test(word));
  const characters = text.match(unspaced)?.length ?? 0;
  return words.length + Math.ceil(Math.max(0, characters - charactersOfWord) / charactersOfWord);
};

/** A link names a place, whose path may be long; a text may stand in its query and its fragment, or be all of it (`data:`). */
const linked = (text: string): readonly string[] => {
  const [place = ''] = text.split(/[?#]/, 1);
  return text
    .slice(place.length)
    .split(/[?#&;]/)
    .map((part) => part.replace(/\+/g, ' '));
};

const isLink = (text: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]*:\/\/\S+$/.test(text);

/** Without one of these there is one word at the most. Nearly every text of an event ends here. */
const mayBe = /[\s%&\\+]|[^ -~]|^data:/i;

/** Whether a text is free text, in a field that holds this. */
export const isFreeText = (text: string, holds: Holds = 'code'): boolean => {
  if (!mayBe.test(text)) return false;
  if (breaks.test(text)) return true;
  if (holds !== 'person' && text.length < 12) return false;
  const parts = isLink(text) ? linked(text).map(plainText) : [plainText(text)];
  return parts.some(
    (part) =>
      /^\s*data:/i.test(part) ||
      wordsIn(part) > mostWords[holds] ||
      (holds === 'code' && wordsIn(part) > 2 && ofPersons.test(part)),
  );
};

type Schema = z.core.$ZodType;
type Path = readonly (string | number)[];

/** What a field holds, also where it may be absent or null. */
const holdsOf = (schema: Schema): Holds | undefined =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault
    ? holdsOf(schema.unwrap())
    : declared.get(schema)?.holds;

interface Place {
  readonly path: Path;
  readonly holds: Holds;
  readonly text: string;
  /** Whether the data can stand without it: a field that may be absent, or an item of a list. */
  readonly optional: boolean;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether any text of the data may be free text. Most data has only ids, codes and times, and needs no look at its schema. */
const mayHoldIn = (value: unknown): boolean => {
  if (typeof value === 'string') return mayBe.test(value);
  if (typeof value !== 'object' || value === null) return false;
  for (const name of Object.keys(value)) if (mayBe.test(name) || mayHoldIn(Reflect.get(value, name))) return true;
  return false;
};

/** The places of free text in data that its schema has parsed. */
const placesIn = (schema: Schema, data: unknown): readonly Place[] =>
  mayHoldIn(data) ? placesBelow(schema, data) : [];

const placesBelow = (schema: Schema, value: unknown, path: Path = [], optional = false): readonly Place[] => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return placesBelow(schema.unwrap(), value, path, true);
  if (schema instanceof z.ZodNullable) return placesBelow(schema.unwrap(), value, path, optional);
  if (typeof value === 'string') {
    const holds = declared.get(schema)?.holds;
    return holds !== undefined && isFreeText(value, holds) ? [{ path, holds, text: value, optional }] : [];
  }
  if (Array.isArray(value)) {
    if (!(schema instanceof z.ZodArray)) return [];
    return value.flatMap((item, index) =>
      placesBelow(schema.element, item, [...path, index], typeof item === 'string'),
    );
  }
  if (!isObject(value)) return [];
  if (schema instanceof z.ZodUnion) {
    const fitting = schema.options.find((option) => z.safeParse(option, value).success);
    return fitting === undefined ? [] : placesBelow(fitting, value, path, optional);
  }
  if (schema instanceof z.ZodRecord) {
    return Object.entries(value).flatMap(([key, held]) => [
      ...placesBelow(schema.keyType, key, [...path, key]),
      ...placesBelow(schema.valueType, held, [...path, key]),
    ]);
  }
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(value).flatMap(([name, held]) => {
    const field: Schema | undefined = schema.shape[name];
    return field === undefined ? [] : placesBelow(field, held, [...path, name]);
  });
};

/** The names of the fields, at any depth, that hold references to persons. */
export const personFieldsIn = (schema: Schema): readonly string[] => {
  const within = objectIn(schema);
  if (within === undefined) return [];
  return Object.entries(within.shape).flatMap(([name, field]) =>
    holdsOf(field) === 'person' ? [name] : personFieldsIn(field),
  );
};

const shownPath = (path: Path): string => path.map((step) => memberName(String(step))).join('.');

/** Why a person's fact with free text is refused, and what to send in place of the text. */
export const freeTextRefusals: Readonly<Record<Holds, string>> = {
  code: `it reads as free text; a fact holds a code of at most ${mostWords.code} words, or a reference to the place where the text is kept, such as case:12345 or a link`,
  name: `it reads as free text; an id, or the name of an organisation, has at most ${mostWords.name} words`,
  person:
    'it has white space, as names have; a person, a role or a team is named by a reference without it, such as crm:user/42, whose name PUT /v1/names may say',
};

export interface FreeText {
  readonly path: string;
  readonly message: string;
}

/** Where data that its schema has parsed holds free text, and what to send in its place. */
export const freeTextIn = (schema: Schema, data: unknown): readonly FreeText[] =>
  placesIn(schema, data).map(({ path, holds }) => ({ path: shownPath(path), message: freeTextRefusals[holds] }));

/** What stands in the place of a text that a fact can't be without. */
export const leftOutText = 'textLeftOut';

/** A reference that always stands for the same person of a tenant, and does not say who it is. */
export const pseudonymOf = (tenantId: string, person: string): string =>
  `person:${uuidOf('person', tenantId, plainText(person).trim().toLowerCase())}`;

/**
 * The reference by which events name a person: the text itself, or, where it is an address or a name (the subject of an issuer's
 * tokens may be either), the reference that stands for it.
 */
export const personReferenceOf = (tenantId: string, person: string): string =>
  holdsAddress(person) || isFreeText(person, 'person') ? pseudonymOf(tenantId, person) : person;

const gone = Symbol('left out');

const replaced = (data: unknown, [step, ...rest]: Path, by: unknown): unknown => {
  if (step === undefined) return by;
  if (Array.isArray(data)) return data.map((item, index) => (index === step ? replaced(item, rest, by) : item));
  if (!isObject(data)) return data;
  return { ...data, [step]: replaced(data[step], rest, by) };
};

const withoutGone = (data: unknown): unknown => {
  if (Array.isArray(data)) return data.filter((item) => item !== gone).map(withoutGone);
  if (!isObject(data)) return data;
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, held]) => (held === gone ? [] : [[name, withoutGone(held)]])),
  );
};

export type Cleared =
  | {
      readonly ok: true;
      readonly data: unknown;
      /** The dotted paths of the texts that were left out. */
      readonly freeTexts: readonly string[];
    }
  /** An id that is free text can't be left out, and nothing can stand in its place. */
  | { readonly ok: false; readonly issues: readonly FreeText[] };

/**
 * The data that a system said, without its free texts: a field that may be absent, or an item of a list, is left out; a reason that
 * must be there becomes `textLeftOut`; in place of a person's name stands a reference that does not say it.
 */
export const withoutFreeText = (schema: Schema, data: unknown, tenantId: string): Cleared => {
  const places = placesIn(schema, data);
  if (places.length === 0) return { ok: true, data, freeTexts: [] };
  const isReason = ({ path }: Place): boolean => /(?:reason|ref)$/i.test(String(path.at(-1)));
  const fixed = places.filter((place) => place.holds === 'name' || !(place.optional || isReason(place)));
  if (fixed.length > 0) {
    const issues = fixed.map(({ path, holds }) => ({ path: shownPath(path), message: freeTextRefusals[holds] }));
    return { ok: false, issues };
  }
  const byOf = ({ holds, text, optional }: Place): unknown =>
    holds === 'person' ? pseudonymOf(tenantId, text) : optional ? gone : leftOutText;
  const left = places.reduce((so, place) => replaced(so, place.path, byOf(place)), data);
  return { ok: true, data: withoutGone(left), freeTexts: places.map(({ path }) => shownPath(path)) };
};
