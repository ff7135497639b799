// How is a person told what was erased, or would be?
import type { ErasedReceipts } from './eraseReceipts.ts';

export interface Erased extends ErasedReceipts {
  readonly tenantId: string;
  /** The reference as facts hold it. */
  readonly reference: string;
  readonly applied: boolean;
  /** How many names stood in the table of names. */
  readonly names: number;
  /** How many reasons of failures name the person. */
  readonly failures: number;
}

const mostListed = 20;

const counted = (found: Erased['found']): string => {
  const counts = [...Map.groupBy(found, ({ status }) => status)].map(([status, each]) => `${status} ${each.length}`);
  return counts.length === 0 ? '0' : `${found.length} (${counts.sort().join(', ')})`;
};

/** The report: counts, the receipts, and what remains to be done. */
export const erasedLines = ({ tenantId, reference, applied, names, read, found, unreadable, failures }: Erased) => {
  const pending = found.filter(({ status }) => status === 'pending').length;
  const waiting = found.reduce((sum, { waitingItems }) => sum + waitingItems, 0);
  return [
    `${reference} of tenant ${tenantId}:`,
    '',
    `names            ${names}`,
    `receipts read    ${read}`,
    `receipts of it   ${counted(found)}`,
    `waiting items    ${waiting}`,
    `failures         ${failures}`,
    ...(found.length > 0 ? [''] : []),
    ...found
      .slice(0, mostListed)
      .map(({ receivedAt, status, source, receipt }) => `  ${receivedAt}  ${status.padEnd(10)}  ${source}  ${receipt}`),
    ...(found.length > mostListed ? [`  and ${found.length - mostListed} more: --json lists all`] : []),
    ...(unreadable.length > 0 ? ['', `Not erased, because they can't be read: ${unreadable.join(', ')}`] : []),
    ...(pending > 0 && !applied ? ['', `${pending} are not translated yet: what they say is then never a fact.`] : []),
    '',
    applied
      ? 'Erased. Facts, chains and counts stand as they were. What dead-letter queues, logs and backups hold ends by itself: "Erasing a person" in infra/OPERATING.md says when.'
      : 'This was a dry run, and nothing was changed: --apply does it.',
  ];
};
