// From which revenue on did an engagement stand in its partner's top quartile, at the instants that a request asks about?
// What shows rows calls it; it reads the table `arr_quartiles`.
import { rowKeyOf } from '../../../domain/rows/row.ts';
import { type ThresholdAt, thresholdIn } from '../../../domain/rows/severityShown.ts';
import type { Instant } from '../../../events/instant.ts';
import type { RowReader } from '../rowReader.ts';
import type { RowOf } from '../storedRow.ts';

export type QuartileRows = Pick<RowReader, 'page' | 'lastUpTo'>;

/** The first and the last instant at which a group is asked about. */
export interface Asked {
  readonly from: Instant;
  readonly to: Instant;
}

const table = 'arr_quartiles';
const pageLength = 500;

type Stretch = RowOf<typeof table>;

/** Creates the reader of a tenant's thresholds. It remembers what it read: it is made for one request, or one piece of work. */
export const createThresholds = (rows: QuartileRows, tenantId: string) => {
  const known = new Map<string, Asked & { readonly threshold: Promise<ThresholdAt> }>();

  const stretchesOf = async (group: string, { from, to }: Asked): Promise<readonly Stretch[]> => {
    const prefix = rowKeyOf(group, '');
    const first = await rows.lastUpTo({ table, tenantId, prefix, upTo: rowKeyOf(group, from) });
    const stretches = first === undefined ? [] : [first];
    let after: string | undefined = from < to ? rowKeyOf(group, from) : undefined;
    while (after !== undefined) {
      const page: { readonly rows: readonly Stretch[]; readonly end: string | undefined } = await rows.page({
        table,
        tenantId,
        prefix,
        after,
        limit: pageLength,
      });
      stretches.push(...page.rows);
      const isPast = (page.rows.at(-1)?.from ?? '') > to;
      after = isPast ? undefined : page.end;
    }
    return stretches;
  };

  return async (group: string, asked: Asked): Promise<ThresholdAt> => {
    const before = known.get(group);
    if (before !== undefined && before.from <= asked.from && asked.to <= before.to) return await before.threshold;
    const from = before !== undefined && before.from < asked.from ? before.from : asked.from;
    const to = before !== undefined && before.to > asked.to ? before.to : asked.to;
    const threshold = stretchesOf(group, { from, to }).then(thresholdIn);
    known.set(group, { from, to, threshold });
    return await threshold;
  };
};
export type Thresholds = ReturnType<typeof createThresholds>;
