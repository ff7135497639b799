// How does a list continue on the next page, by a cursor that only its own query can use?
import { createHash } from 'node:crypto';
import * as z from 'zod';

/** The most characters of a place: some hold a key with the walk through tables around it. */
const longest = 4096;

/** The last key that was read, and what the cursor is bound to. It holds no more, so that a forged cursor shows nothing out of scope. */
const Sealed = z.strictObject({
  bound: z.string(),
  // Half of a surrogate pair stands in no key, and the store can't read one.
  after: z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => text.isWellFormed()),
});

const boundTo = (query: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 16);

/** A row's key as a cursor, bound to the words of a query (including tenant and scope). */
export const sealCursor = (after: string, query: readonly string[]): string =>
  Buffer.from(JSON.stringify({ bound: boundTo(query), after })).toString('base64url');

/** The key after which the next page begins; undefined where the cursor belongs to another query. */
export const openCursor = (cursor: string, query: readonly string[]): string | undefined => {
  try {
    const sealed = Sealed.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return sealed.success && sealed.data.bound === boundTo(query) ? sealed.data.after : undefined;
  } catch {
    return undefined;
  }
};
