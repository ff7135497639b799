// How does a list go on where it stopped? By an opaque cursor that holds only for the tenant, scope and query that made it.
import { createHash } from 'node:crypto';
import * as z from 'zod';

/** The last key that was looked at, and what the cursor is bound to. A key only: whoever makes a cursor up stays in their scope. */
const Sealed = z.strictObject({ bound: z.string(), after: z.string().min(1).max(1024) });

const boundTo = (query: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 16);

/** A row's key as a cursor, bound to the words of a query (tenant and scope among them). */
export const sealCursor = (after: string, query: readonly string[]): string =>
  Buffer.from(JSON.stringify({ bound: boundTo(query), after })).toString('base64url');

/** The key after which to go on; undefined where the cursor is none of this query's. */
export const openCursor = (cursor: string, query: readonly string[]): string | undefined => {
  try {
    const sealed = Sealed.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return sealed.success && sealed.data.bound === boundTo(query) ? sealed.data.after : undefined;
  } catch {
    return undefined;
  }
};
