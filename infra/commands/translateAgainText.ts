// How do people read what a run of translate-again has found out? Receipt by receipt, and in sums.
// `npm run translate-again` calls it.
import type { Finding, RunState, StoredGone } from '../../functions/again/runItems.ts';
import { printable } from './printable.ts';

type Add = Finding['adds'][number];
type Counts = Readonly<Record<string, number>>;

/** One receipt, with what is taken back because of it. */
interface ToldReceipt extends Finding {
  readonly retracts: readonly Pick<StoredGone, 'type' | 'stream'>[];
  /** What it no longer says, and another receipt of the account still says. */
  readonly keptBy: readonly (Pick<StoredGone, 'type' | 'stream'> & { readonly receipt: string })[];
}

export interface Report {
  /** How many receipts were read. */
  readonly read: number;
  /** By status, and the first word of its reason. */
  readonly now: Counts;
  /** By type. A fact that several receipts say counts once. */
  readonly added: Counts;
  readonly restated: Counts;
  readonly retracted: Counts;
  readonly keptByOthers: number;
  /** Facts that the receipts said before and don't list. */
  readonly notCovered: number;
  readonly receipts: readonly ToldReceipt[];
}

const countOf = (types: readonly string[]): Counts => {
  const counts: Record<string, number> = {};
  for (const type of types.toSorted()) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
};

const sumOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What a run has found out, in sums and by receipt. */
export function reportOf({ findings, gone, pages }: RunState): Report {
  const adds = new Map<string, Add>(
    findings.flatMap((finding) => finding.adds.map((add): [string, Add] => [add.eventId, add])),
  );
  const all = [...adds.values()];
  const retracts = gone.filter(({ stands, keptBy }) => stands !== undefined && keptBy === undefined);
  // Several receipts may have said one event.
  const events = new Map(retracts.map((each) => [each.stands?.eventId ?? each.said, each]));
  const kept = gone.filter(({ keptBy }) => keptBy !== undefined);
  const now: Record<string, number> = {};
  for (const { statuses } of pages) {
    for (const [word, count] of Object.entries(statuses)) now[word] = (now[word] ?? 0) + count;
  }
  const short = ({ type, stream }: StoredGone) => ({ type, stream });
  return {
    read: pages.reduce((sum, { seen }) => sum + seen, 0),
    now,
    added: countOf(all.filter(({ restates }) => !restates).map(({ type }) => type)),
    restated: countOf(all.filter(({ restates }) => restates).map(({ type }) => type)),
    retracted: countOf([...events.values()].map(({ type }) => type)),
    keptByOthers: kept.length,
    notCovered: findings.reduce((sum, finding) => sum + finding.notCovered, 0),
    receipts: findings.map((finding) => ({
      ...finding,
      retracts: retracts.filter(({ receipt }) => receipt === finding.receipt).map(short),
      keptBy: kept
        .filter(({ receipt }) => receipt === finding.receipt)
        .map((each) => ({ ...short(each), receipt: each.keptBy ?? '' })),
    })),
  };
}

/** Whether applying it would change anything. */
export const hasWork = ({ added, restated, retracted, receipts }: Report): boolean =>
  sumOf(added) + sumOf(restated) + sumOf(retracted) > 0 ||
  receipts.some(({ was, now, isLeft }) => !isLeft && (was.status !== now.status || was.reason !== now.reason));

const mostReceipts = 50;

const receiptLines = (told: ToldReceipt): readonly string[] => {
  const { receipt, receivedAt, was, now, isLeft, adds, moreAdds, retracts, keptBy, stays, notCovered } = told;
  const becomes = was.status === now.status ? now.status : `${was.status} > ${now.status}`;
  return [
    `${receivedAt}  ${receipt}  ${isLeft ? `${was.status}, and left as it is, because it can't be read:` : becomes}`,
    ...(now.reason === undefined ? [] : [`    ${now.reason}`]),
    ...(now.issues ?? []).map(({ path, message }) => `    at ${path}: ${message}`),
    ...adds.map(({ type, stream, restates }) => `  + ${type} on ${stream}${restates ? ' (restates)' : ''}`),
    ...(moreAdds > 0 ? [`  + ${moreAdds} more`] : []),
    ...retracts.map(({ type, stream }) => `  - ${type} on ${stream}`),
    ...keptBy.map((each) => `  = ${each.type} on ${each.stream}: receipt ${each.receipt} still says it`),
    ...stays.map(({ type, stream, why }) => `  = ${type} on ${stream}: ${why}`),
    ...(notCovered > 0
      ? [`  ? ${notCovered} facts that it said before are not in its list: they are not covered`]
      : []),
  ];
};

const countsText = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || 'none';

/** The sums alone. */
export const sumLines = (report: Report): readonly string[] => {
  const { read, now, added, restated, retracted, keptByOthers, notCovered } = report;
  return [
    `receipts read  ${read}: ${countsText(now)}`,
    `added          ${countsText(added)}`,
    `restated       ${countsText(restated)}`,
    `taken back     ${countsText(retracted)}`,
    ...(keptByOthers > 0 ? [`kept           ${keptByOthers}: other receipts of the account still say them`] : []),
    ...(notCovered > 0 ? [`not covered    ${notCovered} facts that are not in the lists of their receipts`] : []),
  ];
};

/** The receipts with something to tell, and then the sums. */
export const reportLines = (report: Report): readonly string[] => {
  const { receipts } = report;
  return [
    ...receipts.slice(0, mostReceipts).flatMap(receiptLines).map(printable),
    ...(receipts.length > mostReceipts ? [`… and ${receipts.length - mostReceipts} more; --json lists all`] : []),
    ...(receipts.length > 0 ? [''] : []),
    ...sumLines(report),
  ];
};
