// How does each event of a message end, what does its receipt keep of that, and how does the receipt end with them?
import type { Issue } from '../../events/catalog.ts';
import { keptText } from '../receipts/keptTexts.ts';

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

/** The parts that a receipt keeps. */
export interface KeptParts {
  readonly parts?: readonly PartEnding[];
  /** How many more there were, by status. */
  readonly moreParts?: Readonly<Record<string, number>>;
}

const mostParts = 100;
const mostIssues = 3;
/** Beside a body of 300 KB and 60 KB of facts, an item of 400 KB has room for so much. */
const mostBytes = 12 * 1024;

const cut = (text: string): string => keptText(text, 200);

/**
 * What a receipt keeps of its parts: the worst first, 100 at the most, each with three issues at the most, 12 KB in all, and then
 * a count of the rest. Nothing for a message that is one part.
 */
export const keptParts = (parts: readonly PartEnding[]): KeptParts => {
  if (parts.every(({ path }) => path === '')) return {};
  const kept: PartEnding[] = [];
  const more = new Map<string, number>();
  let left = mostBytes;
  const sorted = parts.toSorted((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status));
  for (const { path, status, reason, issues = [] } of sorted) {
    const short = {
      ...{ path: path.toWellFormed(), status },
      ...(reason !== undefined && { reason: cut(reason) }),
      ...(issues.length > 0 && {
        issues: issues.slice(0, mostIssues).map((issue) => ({ path: cut(issue.path), message: cut(issue.message) })),
      }),
    };
    left -= Buffer.byteLength(JSON.stringify(short));
    if (kept.length < mostParts && left >= 0) kept.push(short);
    else more.set(status, (more.get(status) ?? 0) + 1);
  }
  return { parts: kept, ...(more.size > 0 && { moreParts: Object.fromEntries(more) }) };
};

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
