// Why did a parse fail, in words that say what to write instead?
import type * as z from 'zod';

/** One reason why a parse failed, and the path of the wrong value. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

type Raw = z.core.$ZodIssue;

/** The value that was parsed, where the caller gives it. */
type Whole = { readonly given: unknown } | undefined;

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((at: unknown, key) => (at === null || at === undefined ? undefined : Object(at)[key]), value);

/** Whether the value is absent: zod says so of some types only, so it is looked up. What a schema says in its own words stays. */
const isMissing = ({ code, message, path }: Raw, whole: Whole): boolean => {
  if (message.endsWith('received undefined')) return true;
  if (code === 'custom' || code === 'unrecognized_keys' || whole === undefined || path.length === 0) return false;
  return valueAt(whole.given, path) === undefined;
};

/** zod's words for a union that fits nowhere. */
const unsaid = 'Invalid input';

const told = ({ path, message }: Issue): string =>
  path === '' ? message : message === 'missing' ? `${path} is missing` : `${path}: ${message}`;

/** The issues of a union: those of the one branch that the value means, else one that names every alternative. */
const issuesOfUnion = (union: z.core.$ZodIssueInvalidUnion, whole: Whole): readonly Issue[] => {
  const branches: readonly (readonly Raw[])[] = union.errors;
  const inside: Whole = whole === undefined ? undefined : { given: valueAt(whole.given, union.path) };
  // The value has another shape where it lacks or exceeds fields of its own, or is no object at all.
  const isShape = (issue: Raw): boolean =>
    issue.path.length === 0 || (issue.path.length === 1 && isMissing(issue, inside));
  const [meant, ...others] = branches.filter((branch) => !branch.some(isShape));
  if (meant !== undefined && others.length === 0) {
    return meant.flatMap((issue) => issuesOfOne({ ...issue, path: [...union.path, ...issue.path] }, whole));
  }
  const alternatives = branches.map((branch) => {
    const [first] = branch;
    return first?.code === 'invalid_type' && first.path.length === 0
      ? first.expected
      : branch.flatMap((issue) => issuesOfOne(issue, inside).map(told)).join(', ');
  });
  const message =
    union.message === unsaid
      ? `none of the alternatives fits: ${[...new Set(alternatives)].join('; or ')}`
      : union.message;
  return [{ path: union.path.map(String).join('.'), message }];
};

const issuesOfOne = (issue: Raw, whole: Whole): readonly Issue[] => {
  const path = issue.path.map(String).join('.');
  if (isMissing(issue, whole)) return [{ path, message: 'missing' }];
  return issue.code === 'invalid_union' ? issuesOfUnion(issue, whole) : [{ path, message: issue.message }];
};

/** Some of zod's issues, with dotted paths. */
export const issuesIn = (raw: readonly Raw[], given?: unknown): readonly Issue[] =>
  raw.flatMap((issue) => issuesOfOne(issue, given === undefined ? undefined : { given }));

/** A zod error as issues with dotted paths. With the value that was parsed, every absent field is called missing. */
export const issuesOf = (error: z.ZodError, given?: unknown): readonly Issue[] => issuesIn(error.issues, given);
