// Does an event match a rule's pattern, by the same semantics as EventBridge?
import { compileField, type FieldTest, isObject, type PatternPath, refusePattern } from './eventPatternOperators.ts';
import { type Elements, type FieldValue, together, valuesAt, type Ways, waysAmong } from './fieldValues.ts';

/** Whether an event (the whole envelope, as parsed JSON) matches. */
export type Matcher = (event: unknown) => boolean;

/** Fields that must all match: the path of a field (its keys joined by dots), and the allowed values. */
type Conjunction = ReadonlyMap<string, FieldTest>;

/** EventBridge refuses these names as fields inside `$or`. */
const operatorNames: ReadonlySet<string> = new Set(
  'exactly prefix suffix anything-but numeric cidr exists wildcard equals-ignore-case'.split(' '),
);

/**
 * Compiles an event pattern (parsed JSON, from a rule of the template). Throws, with the operator and its
 * path, on what EventBridge would refuse, and on what the local bus doesn't run: `cidr`, and `anything-but` of a `wildcard`.
 * The semantics are those of aws/event-ruler. Values of a field are alternatives; all fields must match. Fields below an array
 * must match in the same element. If a field stands twice, such as inside `$or` and beside it, the later one counts.
 * A field is identified by its path: nested keys and keys joined by dots mean the same field, in patterns and in events.
 */
export function compilePattern(pattern: unknown): Matcher {
  if (!isObject(pattern)) refusePattern([], 'a pattern is an object.');
  const conjunctions = expand({ pattern, path: [], insideOr: false }, [new Map()]);
  const waysTo = waysAmong(conjunctions.flatMap((conjunction) => [...conjunction.keys()]));
  const compiled = conjunctions.map((conjunction) => inOrder(conjunction, waysTo));
  return (event) => compiled.some((wanted) => matches(wanted, event));
}

interface Part {
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly path: PatternPath;
  readonly insideOr: boolean;
}

function expand(part: Part, before: readonly Conjunction[]): readonly Conjunction[] {
  const { pattern, path, insideOr } = part;
  if (Object.keys(pattern).length === 0) {
    refusePattern(path, 'an empty object matches nothing; EventBridge refuses it.');
  }
  let conjunctions = before;
  for (const [key, value] of Object.entries(pattern)) {
    const here = [...path, key];
    if (key === '$or') conjunctions = expandOr(value, { path, here }, conjunctions);
    else if (insideOr && operatorNames.has(key)) {
      refusePattern(here, `"${key}" is an operator, which can't be a field's name inside "$or".`);
    } else if (isObject(value)) conjunctions = expand({ pattern: value, path: here, insideOr }, conjunctions);
    else if (Array.isArray(value)) {
      const field = compileField(value, here);
      conjunctions = conjunctions.map((conjunction) => new Map(conjunction).set(pathOf(here), field));
    } else refusePattern(here, 'a field takes an array of values, or an object of fields.');
  }
  return conjunctions;
}

function expandOr(
  value: unknown,
  { path, here }: { readonly path: PatternPath; readonly here: PatternPath },
  before: readonly Conjunction[],
): readonly Conjunction[] {
  if (!Array.isArray(value) || value.length < 2) refusePattern(here, '"$or" takes an array of at least two objects.');
  return value.flatMap((alternative: unknown) => {
    if (!isObject(alternative)) refusePattern(here, '"$or" takes an array of objects only.');
    return expand({ pattern: alternative, path, insideOr: true }, before);
  });
}

/** event-ruler drops the dot after a pattern's first key where that key is empty. */
function pathOf(keys: PatternPath): string {
  return keys[0] === '' && keys.length === 2 ? (keys[1] ?? '') : keys.join('.');
}

interface WantedField {
  readonly ways: Ways;
  readonly field: FieldTest;
}

/** In the order of their paths: the check for an absent field uses the array elements that earlier fields have chosen. */
function inOrder(conjunction: Conjunction, waysTo: (path: string) => Ways): readonly WantedField[] {
  return [...conjunction].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, field]) => ({ ways: waysTo(path), field }));
}

interface FoundField {
  readonly field: FieldTest;
  readonly values: readonly FieldValue[];
}

function matches(wanted: readonly WantedField[], event: unknown): boolean {
  const found: FoundField[] = [];
  // Starts with the last field: `source`, which nearly every pattern checks and which decides fast, comes late in that order.
  for (const { ways, field } of wanted.toReversed()) {
    const values = valuesAt(event, ways);
    if (!field.absent && !values.some(({ value }) => field.passes(value))) return false;
    found.unshift({ field, values });
  }
  return holds(found, 0, undefined);
}

/** Whether this field and the fields after it match, given the array elements (`elements`) that other fields have chosen. */
function holds(fields: readonly FoundField[], next: number, elements: Elements): boolean {
  const asked = fields[next];
  if (asked === undefined) return true;
  const { field, values } = asked;
  let isThere = false;
  let isTried = false;
  for (const { value, elements: own } of values) {
    const both = together(elements, own);
    if (both === false) continue;
    isThere = true;
    // Values that choose no further element give the other fields the same choice: one such value is enough.
    if (!field.passes(value) || (both === elements && isTried)) continue;
    if (holds(fields, next + 1, both)) return true;
    if (both === elements) isTried = true;
  }
  return !isThere && field.absent && holds(fields, next + 1, elements);
}
