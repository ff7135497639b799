// Is every text in a value Unicode, so that every store and every reader can hold it?
import type { Issue } from './issues.ts';

/** Half of a surrogate pair is no character. JSON can write one, and senders do that which cut a text inside an emoji. */
const message = 'the text is not Unicode: it has half of a surrogate pair';

/** An issue for each text, or name of a member, that is not Unicode; paths begin at the value. */
export const textIssues = (value: unknown, path: readonly string[] = []): readonly Issue[] => {
  if (typeof value === 'string') return value.isWellFormed() ? [] : [{ path: path.join('.'), message }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...(name.isWellFormed() ? [] : [{ path: [...path, name.toWellFormed()].join('.'), message }]),
    ...textIssues(member, [...path, name.toWellFormed()]),
  ]);
};
