// Which operators of an event pattern does the local bus support, and does a value match one?

/** The path of an operator in its pattern, for refusals: `detail.data.toStage`. */
export type PatternPath = readonly string[];

/** A value that a field can have: EventBridge compares only these. */
export type Leaf = string | number | boolean | null;

/** `matches` says whether a field's value matches, `absent` whether the field may be missing. */
export interface FieldTest {
  readonly passes: (value: Leaf) => boolean;
  readonly absent: boolean;
}

/** Throws the refusal of a pattern: the path, and what EventBridge or the local bus expects there. */
export function refusePattern(path: PatternPath, reason: string): never {
  throw new Error(`Event pattern refused at ${path.length === 0 ? 'its top' : path.join('.')}: ${reason}`);
}

const elsewhere = ['wildcard', 'cidr', 'exactly'];

/** Compiles the list of a field's alternatives; one match is enough. */
export function compileField(alternatives: readonly unknown[], path: PatternPath): FieldTest {
  if (alternatives.length === 0) refusePattern(path, 'an empty array matches nothing; EventBridge refuses it.');
  const exact = new Set<Leaf>();
  const tests: ((value: Leaf) => boolean)[] = [];
  let absent = false;
  for (const alternative of alternatives) {
    if (isLeaf(alternative)) exact.add(alternative);
    else if (!isObject(alternative))
      refusePattern(path, 'a value is a string, number, true, false, null or an operator.');
    else {
      const [operator, operand] = single(alternative, path);
      if (operator === 'exists' && operand === false) absent = true;
      else tests.push(compileOperator(operator, operand, path));
    }
  }
  const passes = (value: Leaf) => exact.has(value) || tests.some((test) => test(value));
  return { passes, absent };
}

function compileOperator(operator: string, operand: unknown, path: PatternPath): (value: Leaf) => boolean {
  switch (operator) {
    case 'exists':
      if (operand !== true) refusePattern(path, '"exists" takes true or false.');
      return () => true;
    case 'prefix':
    case 'suffix':
      return compileAffix(operator, operand, path);
    case 'wildcard':
      return compileWildcard(textOf(operator, operand, path), path);
    case 'equals-ignore-case':
      return equalsIgnoringCase(textOf(operator, operand, path));
    case 'numeric':
      return compileNumeric(operand, path);
    case 'anything-but':
      return compileAnythingBut(operand, path);
    default:
      return refuseOperator(operator, path);
  }
}

function refuseOperator(operator: string, path: PatternPath): never {
  const known = 'exists, prefix, suffix, wildcard, equals-ignore-case, numeric, anything-but, $or';
  return refusePattern(
    path,
    elsewhere.includes(operator.split('/').at(-1) ?? '')
      ? `the local bus doesn't run the operator "${operator}"; it knows ${known}.`
      : `"${operator}" is not a known operator of EventBridge; known are ${known}.`,
  );
}

function compileAffix(operator: 'prefix' | 'suffix', operand: unknown, path: PatternPath): (value: Leaf) => boolean {
  if (isObject(operand)) {
    const [inner, text] = single(operand, path);
    if (inner !== 'equals-ignore-case') refuseOperator(`${operator}/${inner}`, path);
    const wanted = foldCase(textOf(inner, text, path));
    return operator === 'prefix'
      ? (value) => typeof value === 'string' && foldCase(value).startsWith(wanted)
      : (value) => typeof value === 'string' && foldCase(value).endsWith(wanted);
  }
  const wanted = textOf(operator, operand, path);
  return operator === 'prefix'
    ? (value) => typeof value === 'string' && value.startsWith(wanted)
    : (value) => typeof value === 'string' && value.endsWith(wanted);
}

/** `*` matches any text, even an empty one; a backslash before a star or a backslash takes it literally. */
function compileWildcard(text: string, path: PatternPath): (value: Leaf) => boolean {
  const parts = text.match(/\\?[\s\S]|\\/g) ?? [];
  const source = parts.map((part, at) => {
    if (part === '*' && parts[at - 1] === '*') refusePattern(path, '"wildcard" takes no two stars in a row.');
    if (part === '*') return '[\\s\\S]*';
    if (part.startsWith('\\') && part !== '\\*' && part !== '\\\\') {
      refusePattern(path, '"wildcard" takes a backslash only before a star or a backslash.');
    }
    return (part.at(-1) ?? '').replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  });
  const whole = new RegExp(`^${source.join('')}$`);
  return (value) => typeof value === 'string' && whole.test(value);
}

function compileNumeric(operand: unknown, path: PatternPath): (value: Leaf) => boolean {
  if (!Array.isArray(operand)) refusePattern(path, '"numeric" takes an array such as [">", 0, "<=", 5].');
  const [first, a, second, b] = operand;
  if (operand.length !== 2 && operand.length !== 4) {
    refusePattern(path, '"numeric" takes one comparison, or a lower and an upper bound.');
  }
  const low = comparison(first, a, path);
  if (operand.length === 2) return (value) => typeof value === 'number' && low(value);
  const high = comparison(second, b, path);
  const isRange = (first === '>' || first === '>=') && (second === '<' || second === '<=');
  if (!isRange) refusePattern(path, '"numeric" takes the lower bound first, then the upper one.');
  if (!(a < b)) refusePattern(path, `"numeric" needs its lower bound below its upper one, not ${a} and ${b}.`);
  return (value) => typeof value === 'number' && low(value) && high(value);
}

function comparison(operator: unknown, bound: unknown, path: PatternPath): (value: number) => boolean {
  if (typeof bound !== 'number' || !Number.isFinite(bound)) {
    refusePattern(path, `"numeric" compares with a finite number, not ${JSON.stringify(bound)}.`);
  }
  switch (operator) {
    case '=':
      return (value) => value === bound;
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    default:
      return refusePattern(path, `"numeric" knows =, >, >=, < and <=, not ${JSON.stringify(operator)}.`);
  }
}

function compileAnythingBut(operand: unknown, path: PatternPath): (value: Leaf) => boolean {
  if (!isObject(operand)) {
    const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
    const type = typeof values[0];
    if ((type !== 'string' && type !== 'number') || values.some((value) => typeof value !== type)) {
      refusePattern(path, '"anything-but" takes a string, a number, or a list of only one of the two.');
    }
    const excluded = new Set(values);
    return (value) => !excluded.has(value);
  }
  const [operator, inner] = single(operand, path);
  const texts: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
  if (texts.length === 0) refusePattern(path, `"anything-but/${operator}" takes no empty list.`);
  const tests = texts.map((text) => compileExcluded(operator, text, path));
  return (value) => !tests.some((test) => test(value));
}

function compileExcluded(operator: string, operand: unknown, path: PatternPath): (value: Leaf) => boolean {
  const text = (): string => textOf(`anything-but/${operator}`, operand, path);
  switch (operator) {
    case 'prefix':
    case 'suffix':
      if (text() === '') refusePattern(path, `"anything-but/${operator}" takes no empty text.`);
      return compileAffix(operator, text(), path);
    case 'equals-ignore-case':
      return equalsIgnoringCase(text());
    default:
      return refuseOperator(`anything-but/${operator}`, path);
  }
}

function equalsIgnoringCase(text: string): (value: Leaf) => boolean {
  const wanted = foldCase(text);
  return (value) => typeof value === 'string' && foldCase(value) === wanted;
}

function foldCase(text: string): string {
  return text.toLowerCase();
}

function textOf(operator: string, operand: unknown, path: PatternPath): string {
  if (typeof operand !== 'string') refusePattern(path, `"${operator}" takes a string, not ${JSON.stringify(operand)}.`);
  return operand;
}

function single(operator: Readonly<Record<string, unknown>>, path: PatternPath): readonly [string, unknown] {
  const [entry, ...more] = Object.entries(operator);
  if (entry === undefined || more.length > 0) refusePattern(path, 'an operator is an object with exactly one key.');
  return entry;
}

/** Whether a JSON value is one that a field can have. */
export function isLeaf(value: unknown): value is Leaf {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Whether a JSON value is an object (no array, not null). */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
