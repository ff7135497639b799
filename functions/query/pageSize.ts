// How much of what is asked for is one answer? So many items, in so many bytes, and a cursor that leads on from the last.
import { openCursor, sealCursor } from './cursor.ts';
import { type Asked, badRequest, type QueryRequest, type Refused } from './queryRequest.ts';

export const usualLimit = 100;
export const maxLimit = 1000;

/** A function's answer may be 6 MB, as JSON: a body is a text inside it, its quotes escaped. */
const maxBytes = 4_000_000;

/** How many of these texts fit into one answer; one always does. */
export const fitting = (texts: readonly string[]): number => {
  let bytes = 0;
  const over = texts.findIndex((text) => {
    bytes += Buffer.byteLength(JSON.stringify(text));
    return bytes > maxBytes;
  });
  return over === -1 ? texts.length : Math.max(over, 1);
};

/** How many items a page may hold, where the question says so or else as usual. */
export const limitOf = ({ limit: said }: Asked, usual: number = usualLimit): { readonly limit: number } | Refused => {
  const limit = said === undefined ? usual : Number(said);
  return Number.isInteger(limit) && limit >= 1 && limit <= maxLimit
    ? { limit }
    : badRequest('limitOutOfRange', `limit is a whole number from 1 to ${maxLimit}, not ${said}`);
};

/** Where a page begins, and the cursor with which the next one does. */
export interface PagePlace {
  /** The key after which to begin; undefined: at the beginning. */
  readonly after: string | undefined;
  readonly cursorAt: (end: string) => string;
}

/** The place that a question's cursor names. It is bound to what is paged, to who asks, and to every word but the limit. */
export const placeOf = ({ caller, asked }: QueryRequest, paged: readonly string[]): PagePlace | Refused => {
  const { cursor, limit: _, ...words } = asked;
  const { tenantId, role, partnerId = '' } = caller;
  const bound = [...paged, tenantId, role, partnerId, JSON.stringify(Object.entries(words).sort())];
  const after = cursor === undefined ? undefined : openCursor(cursor, bound);
  return cursor !== undefined && after === undefined
    ? badRequest('cursorNotOfThisQuery', 'the cursor belongs to another query; leave it out to begin anew')
    : { after, cursorAt: (end) => sealCursor(end, bound) };
};
