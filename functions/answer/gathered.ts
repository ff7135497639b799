// Which rows did a table of groups have as of a date, gathered from what each engagement fed it then?
// The pages of requests and the results of runs call it; it reads the streams of parties through their cache.
import * as z from 'zod';
import { datedRollup } from '../../domain/rollups/dated.ts';
import type { Contribution, Fed } from '../../domain/rollups/rollup.ts';
import { tableNamed } from '../../domain/rows/catalog.ts';
import { parties } from '../../domain/rows/parties.ts';
import { type Row, rowKeyOf } from '../../domain/rows/row.ts';
import type { ReadRow } from '../query/rowReader.ts';
import { rowFor } from '../query/visibility/partnerView.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { asFar, readOnce } from '../store/readOnce.ts';
import { isAfter, type PlacedItem, placedRow } from './placed.ts';
import { type Asking, matches, type Question, type RowsQuestion } from './question.ts';
import { referenceRows } from './referenceRows.ts';

/** What an engagement feeds a group. Its data is a text, since it is kept as JSON among the items of a run. */
const FedItem = z.object({ owner: z.string(), group: z.string(), part: z.string(), data: z.string() });

/** Whether the answer is gathered from all engagements, so that no part of it can be told before all are folded. */
export const isGathered = (question: Question): question is RowsQuestion =>
  question.ask === 'rows' && tableNamed(question.table)?.grain === 'group';

/** What the rows of one engagement feed the groups of the table. */
export const fedItems = (table: string, owner: string, rows: readonly Row[]): readonly PlacedItem[] =>
  (datedRollup(table)?.contribute(rows) ?? []).map(({ group, part, data }: Contribution) => ({
    place: rowKeyOf(owner, group, part),
    item: { owner, group, part, data: JSON.stringify(data) },
  }));

export type Gathered = (asking: Asking, items: readonly ReadRow[]) => Promise<readonly PlacedItem[]>;

/** The rows that the caller may see, in the order of their keys. A partner sees those of its own groups. */
export const createGathered =
  (cache: Pick<CachedStreams, 'readAsFar' | 'sourceStreams'>): Gathered =>
  async ({ question, caller }, items) => {
    const rollup = isGathered(question) ? datedRollup(question.table) : undefined;
    if (rollup === undefined || !isGathered(question)) return [];
    const { tenantId, role, partnerId } = caller;
    const look = readOnce(asFar(cache));
    /** What the party of a group says itself: the dismissals of its flags. */
    const saidBy = async (group: string): Promise<readonly Fed<unknown>[]> => {
      if (rollup.alsoOver !== parties) return [];
      const own = await referenceRows(look, parties, { question, tenantId, id: group });
      return rollup.contribute(own).map(({ part, data }) => ({ owner: group, part, data }));
    };
    const rows: ReadRow[] = [];
    for (const [group, fed] of Map.groupBy(z.array(FedItem).parse(items), (item) => item.group)) {
      const all = [...fed.map((each) => ({ ...each, data: JSON.parse(each.data) })), ...(await saidBy(group))];
      const made = rollup.rowsOf({ tenantId, group, fed: all, now: question.at }).rows;
      rows.push(...made.map(({ rowKey, columns }) => ({ ...columns, rowKey })));
    }
    const table = tableNamed(question.table)?.name;
    return rows
      .filter((row) => matches(row, question) && (role === 'vendor' || row.leadPartnerId === partnerId))
      .map((row) => placedRow(table === undefined ? row : rowFor(caller, table, row)))
      .sort((a, b) => (isAfter(a.place, b.place) ? 1 : -1));
  };
