// How is a page of a file answered over HTTP?
import type { Instant } from '../../events/instant.ts';
import type { HttpAnswer } from '../http/problem.ts';
import type { SourceFreshness } from './freshness.ts';
import type { Asked, FilePage } from './queryRequest.ts';

/** API Gateway accepts 10 KB for all headers of an answer together. */
const longestFreshness = 4_000;

/** JSON in the characters that a header may hold. */
const headerJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

const longestSilentFirst = (a: SourceFreshness, b: SourceFreshness): number =>
  (a.lastHeardAt ?? '') < (b.lastHeardAt ?? '') ? -1 : 1;

/** The sources that have been silent longest, as many as a header holds, and how many are left out. */
const freshnessHeaders = (freshness: readonly SourceFreshness[]): Record<string, string> => {
  const sorted = freshness.toSorted(longestSilentFirst);
  let count = sorted.length;
  while (headerJson(sorted.slice(0, count)).length > longestFreshness) count = Math.floor(count * 0.8);
  return {
    'x-freshness': headerJson(sorted.slice(0, count)),
    ...(count < sorted.length && { 'x-freshness-left-out': String(sorted.length - count) }),
  };
};

/** The link to the next page: the same parameters with the cursor, relative to the requested address. */
const nextOf = (asked: Asked, cursor: string): string => {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...asked, cursor })) if (value !== undefined) words.set(name, value);
  return `<?${words}>; rel="next"`;
};

/** A page of a file as an answer: the body is the text alone, and headers hold the next page, the date and the freshness. */
export const fileResponse = (
  { name, contentType, text, cursor }: FilePage,
  about: { readonly asked: Asked; readonly asOf: Instant; readonly freshness: readonly SourceFreshness[] },
): HttpAnswer => ({
  statusCode: 200,
  headers: {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
    'x-as-of': about.asOf,
    ...freshnessHeaders(about.freshness),
    ...(cursor !== undefined && { link: nextOf(about.asked, cursor), 'x-next-cursor': cursor }),
  },
  body: text,
});
