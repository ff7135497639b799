// How does a mapping say where a field's value comes from, without code of its own?
import * as z from 'zod';
import type { Issue } from '../../catalog.ts';
import { moneyOf } from '../../money.ts';
import {
  at,
  dateAt,
  decimalAt,
  exactNumber,
  instantAt,
  instantOfMilliseconds,
  integerAt,
  type JsonObject,
  measuredNumber,
  SourceNumber,
  secondsAt,
  textAt,
} from '../sourceJson.ts';

const Path = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^.\s]+(?:\.[^.\s]+)*$/, 'expected a path into the event, such as data.purchaseOrder');

const kinds = ['path', 'constant', 'template', 'object', 'list', 'money'] as const;

const As = z.enum(['text', 'number', 'decimal', 'instant', 'date', 'epochSeconds', 'epochMilliseconds']);
type As = z.infer<typeof As>;

/**
 * One of:
 * - `"data.total"`, short for `{ "path": "data.total" }`: the value there. `"as"` reads it as text, number, decimal (an amount
 *   as exact text), instant, date, epochSeconds or epochMilliseconds; `"lookup": { "theirs": "ours" }` replaces its words.
 * - `{ "constant": … }`: any JSON.
 * - `{ "template": "{data.order}/{data.line}" }`: text in which each path stands for its value.
 * - `{ "object": { field: expression } }`, `{ "list": [expression] }`.
 * - `{ "money": { "amount": "data.total", "currency": "data.currency" } }`: a decimal amount as exact money in minor units.
 *   With `"minor": true` the amount is in minor units already.
 *
 * A missing value is refused by name, or left out if the expression says `"optional": true`.
 */
export interface Expression {
  readonly optional?: boolean | undefined;
  readonly path?: string | undefined;
  readonly as?: As | undefined;
  readonly lookup?: Readonly<Record<string, string>> | undefined;
  readonly constant?: unknown;
  readonly template?: string | undefined;
  readonly object?: Readonly<Record<string, Expression>> | undefined;
  readonly list?: readonly Expression[] | undefined;
  readonly money?: MoneyExpression | undefined;
}

interface MoneyExpression {
  readonly amount: Expression;
  readonly currency: Expression;
  readonly minor?: boolean | undefined;
}

const Formula: z.ZodType<Expression> = z
  .strictObject({
    optional: z.boolean().optional(),
    path: Path.optional(),
    as: As.optional(),
    lookup: z.record(z.string(), z.string()).optional(),
    constant: z.json().optional(),
    template: z.string().min(1).max(512).optional(),
    object: z.lazy(() => z.record(z.string().min(1), Expression)).optional(),
    list: z.lazy(() => z.array(Expression).max(100)).optional(),
    money: z
      .lazy(() => z.strictObject({ amount: Expression, currency: Expression, minor: z.boolean().optional() }))
      .optional(),
  })
  .superRefine((formula, context) => {
    const said = kinds.filter((kind) => formula[kind] !== undefined);
    const found = said.length === 0 ? 'none' : said.join(' and ');
    if (said.length !== 1) {
      context.addIssue({ code: 'custom', message: `expected exactly one of ${kinds.join(', ')}; found ${found}` });
    }
    if (formula.path === undefined && (formula.as !== undefined || formula.lookup !== undefined)) {
      context.addIssue({ code: 'custom', message: '`as` and `lookup` need a `path`' });
    }
  });

export const Expression: z.ZodType<Expression> = z.preprocess(
  (value) => (typeof value === 'string' ? { path: value } : value),
  Formula,
);

/** A value as the event has it, its numbers as `readJson` reads them (undefined if it is optional and missing), or what is wrong, with the path in the event. */
export type Evaluated = { readonly value: unknown } | { readonly issue: Issue };

const wrong = (path: string, message: string): Evaluated => ({ issue: { path, message } });

const readAs = (event: JsonObject, path: string, as: As | undefined): unknown => {
  switch (as) {
    case undefined: {
      const value = at(event, path);
      return value === undefined || value === null || value === '' ? undefined : value;
    }
    case 'text':
      return textAt(event, path);
    case 'number':
      return measuredNumber(textAt(event, path) ?? '');
    case 'decimal':
      return decimalAt(event, path);
    case 'instant':
      return instantAt(event, path);
    case 'date':
      return dateAt(event, path);
    case 'epochSeconds':
      return secondsAt(event, path);
    case 'epochMilliseconds':
      return instantOfMilliseconds(integerAt(event, path));
    default:
      return as satisfies never;
  }
};

const pathValue = (expression: Expression, path: string, event: JsonObject): Evaluated => {
  const { as, lookup } = expression;
  const value = readAs(event, path, as);
  if (value === undefined) {
    const stands = at(event, path) ?? undefined;
    return stands === undefined || stands === ''
      ? { value }
      : wrong(path, `the value here can't be read as ${as ?? 'a value'}`);
  }
  if (lookup === undefined) return { value };
  const word = value instanceof SourceNumber ? value.text : String(value);
  return Object.hasOwn(lookup, word) ? { value: lookup[word] } : wrong(path, `the lookup lacks the word ${word}`);
};

const templateValue = (template: string, event: JsonObject): Evaluated => {
  const paths = [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '');
  const missing = paths.find((path) => textAt(event, path) === undefined);
  return missing === undefined
    ? { value: template.replace(/\{([^{}]+)\}/g, (_all, path: string) => textAt(event, path) ?? '') }
    : { value: undefined };
};

const moneyValue = ({ amount, currency, minor }: MoneyExpression, event: JsonObject): Evaluated => {
  const said = evaluate({ ...amount, ...(amount.path === undefined ? {} : { as: 'decimal' as const }) }, event);
  const code = evaluate(currency, event);
  if ('issue' in said) return said;
  if ('issue' in code) return code;
  if (said.value === undefined || code.value === undefined) return { value: undefined };
  const capital = String(code.value).toUpperCase();
  const text = String(said.value);
  const money = minor === true ? { amountMinor: exactNumber(text), currency: capital } : moneyOf(text, capital);
  return money !== undefined && Number.isSafeInteger(money.amountMinor)
    ? { value: money }
    : wrong(amount.path ?? '', `${text} is no whole number of minor units of ${capital}`);
};

const membersValue = (members: Readonly<Record<string, Expression>>, event: JsonObject): Evaluated => {
  const values: [string, unknown][] = [];
  for (const [field, expression] of Object.entries(members)) {
    const said = required(expression, event, field);
    if ('issue' in said) return said;
    if (said.value !== undefined) values.push([field, said.value]);
  }
  return { value: values.length === 0 ? undefined : Object.fromEntries(values) };
};

const listValue = (items: readonly Expression[], event: JsonObject): Evaluated => {
  const values: unknown[] = [];
  for (const [index, expression] of items.entries()) {
    const said = required(expression, event, `${index}`);
    if ('issue' in said) return said;
    if (said.value !== undefined) values.push(said.value);
  }
  return { value: values };
};

/** The value of an expression; undefined if what it reads is missing. */
const evaluate = (expression: Expression, event: JsonObject): Evaluated => {
  const { path, template, object, list, money, constant } = expression;
  if (path !== undefined) return pathValue(expression, path, event);
  if (template !== undefined) return templateValue(template, event);
  if (object !== undefined) return membersValue(object, event);
  if (list !== undefined) return listValue(list, event);
  if (money !== undefined) return moneyValue(money, event);
  return { value: constant };
};

/** The value of an expression; an issue if what it reads is missing and not optional. */
export const required = (expression: Expression, event: JsonObject, field: string): Evaluated => {
  const said = evaluate(expression, event);
  if ('issue' in said || said.value !== undefined || expression.optional === true) return said;
  const where = expression.path ?? expression.template ?? expression.money?.amount.path ?? '';
  return wrong(where, `no value is here; the mapping needs it for ${field}`);
};
