// Which keys of data does its schema not know, and what remains without them?
import type * as z from 'zod';
import { objectIn } from './fieldsIn.ts';
import { type Issue, issuesIn } from './issues.ts';
import { memberName } from './personalData.ts';

type Path = readonly PropertyKey[];
type ZodIssue = z.core.$ZodIssue;

export interface KnownData {
  /** The data without the keys that its schema does not know. */
  readonly data: unknown;
  /** The dotted paths of the keys that were left out. */
  readonly unknownKeys: readonly string[];
}

const keysAt = (issues: readonly ZodIssue[]): readonly string[] =>
  issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : []));

const isOtherKind = (issues: readonly ZodIssue[]): boolean =>
  issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);

/**
 * The paths of the keys that an issue says are unknown. Undefined if the issue says that something else is wrong. In a
 * union a key is unknown only if no option knows it.
 */
const unknownIn = (issue: ZodIssue): readonly Path[] | undefined => {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...issue.path, key]);
  if (issue.code !== 'invalid_union') return undefined;
  const { errors } = issue;
  for (const [index, option] of errors.entries()) {
    const paths = unknownInAll(option);
    const others = errors.filter((other, place) => place !== index && !isOtherKind(other));
    const unknownToOthers = others.map((other) => new Set(keysAt(other)));
    const known = (path: Path): boolean =>
      path.length === 1 && unknownToOthers.some((keys) => !keys.has(String(path[0])));
    if (paths !== undefined && !paths.some(known)) return paths.map((path) => [...issue.path, ...path]);
  }
  return undefined;
};

const unknownInAll = (issues: readonly ZodIssue[]): readonly Path[] | undefined => {
  const paths = issues.map(unknownIn);
  return paths.includes(undefined) ? undefined : paths.flatMap((each) => each ?? []);
};

/** A copy of the data without the keys at some paths. Each object is copied once, however many keys a sender adds. */
const without = (data: unknown, paths: readonly Path[]): unknown => {
  if (paths.length === 0 || typeof data !== 'object' || data === null) return data;
  const byKey = Map.groupBy(paths, ([first]) => first);
  const inside = (key: PropertyKey, held: unknown): unknown =>
    without(held, byKey.get(key)?.map(([, ...rest]) => rest) ?? []);
  if (Array.isArray(data)) return data.map((item, index) => inside(index, item));
  const members = Object.entries(data).filter(([key]) => byKey.get(key)?.every(({ length }) => length > 1) ?? true);
  return Object.fromEntries(members.map(([key, held]) => [key, inside(key, held)]));
};

/** Unknown keys may lie inside a union that is inside a union, and each round looks one union deeper. */
const mostRounds = 4;

/** Leaves out the keys that the schema does not know, at every depth. What else is wrong stays as it is. */
export const withoutUnknownKeys = (schema: z.ZodType, data: unknown): KnownData => {
  const unknownKeys: string[] = [];
  let left = data;
  for (let round = 0; round < mostRounds; round += 1) {
    const parsed = schema.safeParse(left);
    const paths = parsed.success ? [] : parsed.error.issues.flatMap((issue) => unknownIn(issue) ?? []);
    if (paths.length === 0) break;
    left = without(left, paths);
    for (const path of paths) unknownKeys.push(path.map((key) => memberName(String(key))).join('.'));
  }
  return { data: left, unknownKeys };
};

/** How many single changes (a letter more, less or other) lead from one text to the other. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

const plainKey = (key: string): string => key.toLowerCase().replace(/[_-]/g, '');

/** The names of the object that a schema holds at a path. */
const namesAt = (schema: z.core.$ZodType, path: Path): readonly string[] => {
  let at: z.core.$ZodType | undefined = schema;
  for (const step of path) {
    const object: z.ZodObject | undefined = at === undefined ? undefined : objectIn(at);
    if (typeof step !== 'number') at = object?.shape[String(step)];
  }
  return Object.keys((at === undefined ? undefined : objectIn(at))?.shape ?? {});
};

const fieldOf = (key: string, names: readonly string[]): string | undefined => {
  const short = plainKey(key).slice(0, 64);
  const near = names.map((name) => ({ name, far: distance(short, plainKey(name)) })).sort((a, b) => a.far - b.far)[0];
  return near !== undefined && near.far <= Math.min(2, Math.floor(short.length / 3)) ? near.name : undefined;
};

/** For so many unknown keys a field is looked for: each takes a comparison with every name. */
const mostHints = 20;

/** The issues of a parse of `given`, an unknown key each with its own path, and the first of them with the field that it probably means. */
export const issuesWithKeys = (schema: z.ZodType, error: z.ZodError, given: unknown): readonly Issue[] => {
  let hints = 0;
  return error.issues.flatMap((issue): readonly Issue[] => {
    if (issue.code !== 'unrecognized_keys') return issuesIn([issue], given);
    const names = namesAt(schema, issue.path);
    return issue.keys.map((key) => {
      hints += 1;
      const meant = hints > mostHints ? undefined : fieldOf(key, names);
      const path = [...issue.path, key].map(String).join('.');
      return { path, message: meant === undefined ? 'unknown field' : `unknown field; did you mean ${meant}?` };
    });
  });
};
