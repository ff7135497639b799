// What does a receipt keep of texts that its message may have written, in few bytes that DynamoDB accepts?
import type { Issue } from '../../events/catalog.ts';

/** The text's beginning. Half of a surrogate pair becomes U+FFFD, because DynamoDB refuses it: a cut may leave one, and so may a sender. */
export const keptText = (text: string, most: number): string => text.slice(0, most).toWellFormed();

/** Beside a body of 300 KB, its facts and its parts, an item of 400 KB has room for so much of each. */
const mostBytes = 4 * 1024;

/** As many of these as have room. */
const fitting = <Kept>(all: readonly Kept[]): readonly Kept[] => {
  let left = mostBytes;
  return all.filter((each) => {
    left -= Buffer.byteLength(JSON.stringify(each));
    return left >= 0;
  });
};

/** The first 20 issues at the most, 4 KB in all. */
export const keptIssues = (issues: readonly Issue[]): readonly Issue[] =>
  fitting(
    issues.slice(0, 20).map(({ path, message }) => ({ path: keptText(path, 200), message: keptText(message, 400) })),
  );

/** The first 50 paths at the most, 4 KB in all. */
export const keptKeys = (paths: readonly string[]): readonly string[] =>
  fitting(paths.slice(0, 50).map((path) => keptText(path, 100)));
