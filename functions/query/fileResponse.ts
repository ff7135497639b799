// How is a page of a file answered over HTTP?
import type { Instant } from '../../events/instant.ts';
import type { HttpAnswer } from '../http/problem.ts';
import type { SourceFreshness } from './freshness.ts';
import type { Asked, FilePage } from './queryRequest.ts';

/** API Gateway accepts 10 KB for all headers of an answer together. */
const longestFreshness = 4_000;
const longestMissing = 2_000;

/** JSON in the characters that a header may hold. */
const headerJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

const longestSilentFirst = (a: SourceFreshness, b: SourceFreshness): number =>
  (a.lastHeardAt ?? '') < (b.lastHeardAt ?? '') ? -1 : 1;

/** A list as a header: its first items, as many as that holds, and how many are left out. */
const listHeaders = (name: string, list: readonly unknown[], longest: number): Record<string, string> => {
  let count = list.length;
  while (headerJson(list.slice(0, count)).length > longest) count = Math.floor(count * 0.8);
  return {
    [name]: headerJson(list.slice(0, count)),
    ...(count < list.length && { [`${name}-left-out`]: String(list.length - count) }),
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
  { name, contentType, text, cursor, missing = [] }: FilePage,
  about: { readonly asked: Asked; readonly asOf: Instant; readonly freshness: readonly SourceFreshness[] },
): HttpAnswer => ({
  statusCode: 200,
  headers: {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
    'x-as-of': about.asOf,
    // Those that have been silent longest come first.
    ...listHeaders('x-freshness', about.freshness.toSorted(longestSilentFirst), longestFreshness),
    ...(missing.length > 0 && listHeaders('x-unreadable', missing, longestMissing)),
    ...(cursor !== undefined && { link: nextOf(about.asked, cursor), 'x-next-cursor': cursor }),
  },
  body: text,
});
