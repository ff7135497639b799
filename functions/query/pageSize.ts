// How large may one page of an answer be, and where does the next page begin?
import { openCursor, sealCursor } from './cursor.ts';
import { type Asked, badRequest, type QueryRequest, type Refused } from './queryRequest.ts';

export const usualLimit = 100;
export const maxLimit = 1000;

/** Lambda accepts an answer of 6 MB as JSON. The body is a text inside that JSON, with its quotes escaped. */
const maxBytes = 4_000_000;

/** How many of these texts fit into one answer; at least one. */
export const fitting = (texts: readonly string[]): number => {
  let bytes = 0;
  const over = texts.findIndex((text) => {
    bytes += Buffer.byteLength(JSON.stringify(text));
    return bytes > maxBytes;
  });
  return over === -1 ? texts.length : Math.max(over, 1);
};

/** The most items of a page: the request's own limit, or else `usual`. */
export const limitOf = ({ limit: said }: Asked, usual: number = usualLimit): { readonly limit: number } | Refused => {
  const limit = said === undefined ? usual : Number(said);
  return Number.isInteger(limit) && limit >= 1 && limit <= maxLimit
    ? { limit }
    : badRequest('limitOutOfRange', `limit is a whole number from 1 to ${maxLimit}, not ${said}`);
};

/** Where a page begins, and how the cursor of the next page is made. */
export interface PagePlace {
  /** The key after which to begin; undefined: at the beginning. */
  readonly after: string | undefined;
  readonly cursorAt: (end: string) => string;
}

/** The place that the request's cursor names. A cursor is bound to the list, to the caller, and to every parameter except the limit. */
export const placeOf = ({ caller, asked }: QueryRequest, paged: readonly string[]): PagePlace | Refused => {
  const { cursor, limit: _, ...words } = asked;
  const { tenantId, role, partnerId = '' } = caller;
  const bound = [...paged, tenantId, role, partnerId, JSON.stringify(Object.entries(words).sort())];
  const after = cursor === undefined ? undefined : openCursor(cursor, bound);
  return cursor !== undefined && after === undefined
    ? badRequest('cursorNotOfThisQuery', 'the cursor belongs to another query; leave it out to begin at the first page')
    : { after, cursorAt: (end) => sealCursor(end, bound) };
};
