// How does a list go on where it stopped? By an opaque cursor that holds only for the tenant, scope and query that made it.
import { createHash } from 'node:crypto';
import * as z from 'zod';

const Sealed = z.strictObject({ bound: z.string(), at: z.record(z.string(), z.string()) });

/** Where a page ended: the key attributes of its last item, as text. */
export type Position = Readonly<Record<string, string>>;

const boundTo = (query: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 16);

/** A position as a cursor, bound to the words of a query (tenant and scope among them). */
export const sealCursor = (position: Position, query: readonly string[]): string =>
  Buffer.from(JSON.stringify({ bound: boundTo(query), at: position })).toString('base64url');

/** The position that a cursor holds; undefined where it is none of this query's. */
export const openCursor = (cursor: string, query: readonly string[]): Position | undefined => {
  try {
    const sealed = Sealed.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return sealed.success && sealed.data.bound === boundTo(query) ? sealed.data.at : undefined;
  } catch {
    return undefined;
  }
};
