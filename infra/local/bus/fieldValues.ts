// Which values does an event have at a field's path? Keys may be nested or joined by dots in the event.
import { isLeaf, isObject, type Leaf } from './eventPatternOperators.ts';

/** The array elements that contain a value, the innermost first; undefined where none does. */
export type Elements =
  | { readonly array: readonly unknown[]; readonly index: number; readonly outer: Elements }
  | undefined;

/** A value of a field. Values directly in an array are alternatives, so this array doesn't count as an element to choose. */
export interface FieldValue {
  readonly value: Leaf;
  readonly elements: Elements;
}

/** One key of an event on the path to a field, and the paths after it; undefined where the key reaches the field. */
interface Way {
  readonly key: string;
  readonly on: Ways | undefined;
}

/** All first keys with which an event can write a path: for `a.b` these are `a` (with `b` below it) and `a.b`. */
export type Ways = readonly Way[];

/**
 * Makes the function that finds the keys to each of these paths, which all belong to one pattern. Like event-ruler, it uses a key
 * only if all its parts are parts of the pattern's paths; empty parts at the end of a path don't count.
 */
export function waysAmong(paths: readonly string[]): (path: string) => Ways {
  const used = new Set(paths.flatMap(partsOf));
  const isUsed = (key: string): boolean => used.has(key) || partsOf(key).every((part) => used.has(part));
  const known = new Map<string, Ways>();
  const waysTo = (path: string): Ways => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const ways: Way[] = isUsed(path) ? [{ key: path, on: undefined }] : [];
    for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      const key = path.slice(0, dot);
      if (isUsed(key)) ways.push({ key, on: waysTo(path.slice(dot + 1)) });
    }
    known.set(path, ways);
    return ways;
  };
  return waysTo;
}

/** The parts of a path between its dots, without the empty ones at its end; a path without dots is its own part. */
function partsOf(path: string): readonly string[] {
  const parts = path.split('.');
  return parts.length === 1 ? parts : parts.slice(0, parts.findLastIndex((part) => part !== '') + 1);
}

/** The values of the field at the end of these keys; an object or an empty list is not a value. */
export function valuesAt(event: unknown, ways: Ways): readonly FieldValue[] {
  const found: FieldValue[] = [];
  collect(found, { value: event, ways, elements: undefined });
  return found;
}

interface Place {
  readonly value: unknown;
  readonly ways: Ways | undefined;
  readonly elements: Elements;
}

function collect(found: FieldValue[], { value, ways, elements }: Place): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      if (!isLeaf(element)) {
        collect(found, { value: element, ways, elements: { array: value, index, outer: elements } });
      } else if (ways === undefined) found.push({ value: element, elements });
    }
  } else if (ways === undefined) {
    if (isLeaf(value)) found.push({ value, elements });
  } else if (isObject(value)) {
    for (const { key, on } of ways) {
      if (Object.hasOwn(value, key)) collect(found, { value: value[key], ways: on, elements });
    }
  }
}

/** The combined elements of two values; `false` where they are in different elements of the same array. */
export function together(before: Elements, more: Elements): Elements | false {
  let both = before;
  for (let each = more; each !== undefined; each = each.outer) {
    const bound = indexIn(before, each.array);
    if (bound === undefined) both = { array: each.array, index: each.index, outer: both };
    else if (bound !== each.index) return false;
  }
  return both;
}

function indexIn(elements: Elements, array: readonly unknown[]): number | undefined {
  for (let each = elements; each !== undefined; each = each.outer) if (each.array === array) return each.index;
  return undefined;
}
