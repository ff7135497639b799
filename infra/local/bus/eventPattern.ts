// Does an event match a rule's pattern, exactly as EventBridge would say?
import {
  compileField,
  type FieldTest,
  isLeaf,
  isObject,
  type PatternPath,
  refusePattern,
} from './eventPatternOperators.ts';

/** Whether an event (the whole envelope, as parsed JSON) matches. */
export type Matcher = (event: unknown) => boolean;

/** The fields that have to hold together: a field's path, its keys joined by dots, and what it may be. */
type Conjunction = ReadonlyMap<string, FieldTest>;

/** A conjunction as a tree of keys, so that an event is walked once and fields beneath one array see one element. */
type Node = { readonly field?: FieldTest; readonly keys: readonly (readonly [string, Node])[] };

/** EventBridge takes these as a mistake when they stand as fields inside `$or`. */
const operatorNames: ReadonlySet<string> = new Set(
  'exactly prefix suffix anything-but numeric cidr exists wildcard equals-ignore-case'.split(' '),
);

/**
 * Compiles an event pattern (parsed JSON, as it stands in a rule of the template). Throws, naming the operator and its
 * path, what EventBridge would refuse, and what the local bus doesn't run: `cidr`, `anything-but` of a `wildcard`, and keys with a dot.
 * Semantics follow aws/event-ruler: values of a field are alternatives, fields hold together, fields beneath an array
 * must hold in one and the same element, and of a field that stands inside `$or` and beside it the later one counts.
 */
export function compilePattern(pattern: unknown): Matcher {
  if (!isObject(pattern)) refusePattern([], 'a pattern is an object.');
  const roots = expand({ pattern, path: [], insideOr: false }, [new Map()]).map(tree);
  return (event) => roots.some((root) => matches(root, event));
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
    } else if (key.includes('.')) {
      refusePattern(here, `EventBridge reads "${key}" as nested keys; the local bus wants them written nested.`);
    } else if (isObject(value)) conjunctions = expand({ pattern: value, path: here, insideOr }, conjunctions);
    else if (Array.isArray(value)) {
      const field = compileField(value, here);
      conjunctions = conjunctions.map((conjunction) => new Map(conjunction).set(here.join('.'), field));
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

function tree(conjunction: Conjunction): Node {
  return branch([...conjunction].map(([path, field]) => ({ path: path.split('.'), field })));
}

function branch(fields: readonly { readonly path: readonly string[]; readonly field: FieldTest }[]): Node {
  const own = fields.find(({ path }) => path.length === 0)?.field;
  const below = Map.groupBy(
    fields.filter(({ path }) => path.length > 0),
    ({ path }) => path[0] ?? '',
  );
  const keys = [...below].map(
    ([key, group]) => [key, branch(group.map(({ path, field }) => ({ path: path.slice(1), field })))] as const,
  );
  return own === undefined ? { keys } : { field: own, keys };
}

function matches(node: Node, value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.length === 0 ? matches(node, undefined) : value.some((element) => matches(node, element));
  }
  // Only a leaf has a value: at an object or at nothing, a field is absent.
  const { field } = node;
  if (field !== undefined && !(isLeaf(value) ? field.passes(value) : field.absent)) return false;
  const fields = isObject(value) ? value : undefined;
  return node.keys.every(([key, child]) =>
    matches(child, fields !== undefined && Object.hasOwn(fields, key) ? fields[key] : undefined),
  );
}
