// Which documents are lost, and which are doubled? Two lists of documents are compared, without regard to their ids.
import { blanked, withoutIds } from './withoutIds.ts';

export interface Differences {
  readonly lost: readonly string[];
  readonly more: readonly string[];
}

const minus = (from: readonly string[], other: readonly string[]): readonly string[] => {
  const left = new Map<string, number>();
  for (const text of other) left.set(text, (left.get(text) ?? 0) + 1);
  return from.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
};

/** The documents that only one of the two lists has; undefined where both say the same. */
export const differencesOf = (wanted: readonly string[], found: readonly string[]): Differences | undefined => {
  const [a, b] = [withoutIds(wanted), withoutIds(found)];
  const [lost, more] = [minus(a, b), minus(b, a)];
  if (lost.length + more.length === 0) return undefined;
  // A person compares them more easily without ids. If they agree without ids, only the links between ids differ.
  const [shown, shownMore] = [wanted.map(blanked), found.map(blanked)];
  const blank = { lost: minus(shown, shownMore), more: minus(shownMore, shown) };
  return blank.lost.length + blank.more.length === 0 ? { lost, more } : blank;
};
