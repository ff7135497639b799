// Do a statement's conditions hold for a request? The operators of the stack are evaluated like in IAM; any other is refused by name.
import { type Properties, properties } from '../core/json.ts';
import { refuse } from '../core/refusal.ts';
import { arnPattern, wildcard } from './wildcards.ts';

/** The context of a request: the values of its condition keys, by names in lower case. An absent key has no values. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

export type Condition = (context: RequestContext) => boolean;

/** Compares a value of the policy with a value of the request. */
const comparisons: Readonly<Record<string, (pattern: string) => (text: string) => boolean>> = {
  StringEquals: (pattern) => (text) => text === pattern,
  StringLike: wildcard,
  // IAM documents that the two behave the same.
  ArnEquals: arnPattern,
  ArnLike: arnPattern,
  Bool: (pattern) => (text) => text.toLowerCase() === pattern.toLowerCase(),
};

/** Keys with several values at once: without a set operator, IAM's answer is undefined. */
const manyValued: ReadonlySet<string> = new Set(['dynamodb:leadingkeys', 'dynamodb:attributes']);

const valuesOf = (from: Properties, key: string): readonly string[] => {
  const found = from.raw(key);
  const values = (Array.isArray(found) ? found : [found]).map(String);
  const variable = values.find((value) => value.includes('${'));
  if (variable !== undefined) refuse(`${from.where}: the policy variable in ${variable} is not understood locally.`);
  return values;
};

function conditionOn(operator: string, key: string, from: Properties): Condition {
  const name = key.toLowerCase();
  const values = valuesOf(from, key);
  if (operator === 'Null') {
    return (context) => values.some((value) => (value === 'true') === ((context[name] ?? []).length === 0));
  }
  const [, set, plain = operator] = /^(ForAllValues|ForAnyValue):(.+)$/.exec(operator) ?? [];
  const comparison = Object.hasOwn(comparisons, plain) ? comparisons[plain] : undefined;
  if (comparison === undefined) return refuse(`${from.where}: the operator ${operator} is not understood locally.`);
  if (set === undefined && manyValued.has(name)) {
    refuse(`${from.where}: ${key} holds several values; compare it with ForAllValues or ForAnyValue.`);
  }
  const tests = values.map(comparison);
  const matches = (text: string): boolean => tests.some((test) => test(text));
  // For an absent key, ForAllValues is true (an easy mistake in IAM policies), and the others are false.
  if (set === 'ForAllValues') return (context) => (context[name] ?? []).every(matches);
  if (set === 'ForAnyValue') return (context) => (context[name] ?? []).some(matches);
  return (context) => {
    const said = context[name] ?? [];
    return said.length > 0 && said.every(matches);
  };
}

/** Reads a statement's conditions: all must hold, each for one of its values. */
export function readConditions(value: unknown, where: string): Condition {
  const from = properties(value ?? {}, where);
  const conditions = from.entries().flatMap(([operator]) => {
    const keys = from.object(operator);
    return keys.entries().map(([key]) => conditionOn(operator, key, keys));
  });
  return (context) => conditions.every((holds) => holds(context));
}
