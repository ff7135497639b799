// How does each event of a message end, what does its receipt keep of that, and how does the receipt end with them?
import * as z from 'zod';
import type { Issue } from '../../events/catalog.ts';

/** How an event of a batch, or a record of a change, ended; the only part of any other message has an empty path. */
export interface PartEnding {
  readonly path: string;
  readonly status: 'refused' | 'waiting' | 'ignored' | 'translated';
  /** Absent where it was translated. */
  readonly reason?: string;
  /** Their paths begin at the message. */
  readonly issues?: readonly Issue[];
}

/** The worst first. */
const statuses = ['refused', 'waiting', 'ignored', 'translated'] as const;

const StoredParts = z.object({
  parts: z.array(
    z.object({
      path: z.string(),
      status: z.enum(statuses),
      reason: z.string().optional(),
      issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  ),
  more: z.partialRecord(z.enum(statuses), z.int()),
});
/** The parts that a receipt keeps, and how many more there were of each status. */
export type StoredParts = Readonly<z.infer<typeof StoredParts>>;

const mostParts = 100;
const mostIssues = 3;
const mostCharacters = 32_768;

const cut = (text: string): string => text.slice(0, 300);

/**
 * The text that a receipt keeps of its parts: the worst first, 100 at the most, each with three issues at the most, 32 KB in all,
 * and then a count of the rest. Undefined for a message that is one part.
 */
export const partsText = (parts: readonly PartEnding[]): string | undefined => {
  if (parts.every(({ path }) => path === '')) return undefined;
  const kept: PartEnding[] = [];
  const more = new Map<string, number>();
  let left = mostCharacters;
  const sorted = parts.toSorted((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status));
  for (const { path, status, reason, issues = [] } of sorted) {
    const short = {
      ...{ path, status },
      ...(reason !== undefined && { reason: cut(reason) }),
      ...(issues.length > 0 && {
        issues: issues.slice(0, mostIssues).map((issue) => ({ path: cut(issue.path), message: cut(issue.message) })),
      }),
    };
    left -= JSON.stringify(short).length;
    if (kept.length < mostParts && left >= 0) kept.push(short);
    else more.set(status, (more.get(status) ?? 0) + 1);
  }
  return JSON.stringify({ parts: kept, more: Object.fromEntries(more) });
};

/** The parts in a receipt's text; undefined where it keeps none. */
export const partsIn = (text: string | undefined): StoredParts | undefined =>
  text === undefined ? undefined : StoredParts.parse(JSON.parse(text));

/** How a receipt ends whose parts have all ended: as the worst of them, where one fact is better than none. */
export const endOf = (
  parts: readonly PartEnding[],
):
  | { readonly status: 'translated' }
  | { readonly status: 'ignored'; readonly reason: string }
  | { readonly status: 'refused'; readonly reason: string; readonly issues: readonly Issue[] } => {
  const refused = parts.filter(({ status }) => status === 'refused');
  const [worst] = refused;
  if (worst !== undefined) {
    const issues = refused.flatMap((part) => part.issues ?? []);
    return { status: 'refused', reason: worst.reason ?? 'refused', issues };
  }
  const ignored = parts.find(({ status }) => status === 'ignored');
  return ignored === undefined || parts.some(({ status }) => status === 'translated')
    ? { status: 'translated' }
    : { status: 'ignored', reason: ignored.reason ?? 'ignored' };
};
