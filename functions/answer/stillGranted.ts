// Which items of a run may a partner see still, although the run is days old?
// The results of runs call it; it reads current rows, and the streams of engagements and of links.
import type { Cuts } from '../../domain/history.ts';
import { tableNamed } from '../../domain/rows/catalog.ts';
import { canonicalJson, streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { inParallel } from '../aws/parallel.ts';
import type { Caller } from '../http/caller.ts';
import type { ReadRow, RowReader } from '../query/rowReader.ts';
import { leadsSaid } from '../query/visibility/grantsNow.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { asFar, readOnce, type StreamReads } from '../store/readOnce.ts';
import { readWholeEngagement, standingInWhole, type WholeEngagement } from '../store/wholeEngagement.ts';
import { linksAt } from './linksAt.ts';
import { grainOf } from './question.ts';
import type { Run } from './run.ts';

export interface StillGrantedSettings {
  readonly rows: Pick<RowReader, 'row'>;
  readonly cache: Pick<CachedStreams, 'readAsFar' | 'sourceStreams'>;
}

export interface Reading {
  readonly run: Run;
  readonly caller: Caller;
}

const atOnce = 16;

/** The streams that are one engagement; none where nothing was ever merged with it. */
const streamsOf = ({ merged }: WholeEngagement): readonly string[] => [...(merged?.merging.members.keys() ?? [])];

/**
 * Whether what decides about a partner's grants is what it was when the run began: who led, what is merged with it, and which parties
 * links lead to.
 */
const isUnchanged = async (
  look: StreamReads,
  { tenantId, id, since }: { readonly tenantId: string; readonly id: string; readonly since: Instant },
): Promise<boolean> => {
  const stream = streamIdOf(tenantId, 'engagement', id);
  const own = (await look.read([stream])).get(stream);
  // What can't be read can't be known to be the same.
  if (own === undefined || own.broken !== undefined) return false;
  const then = { recordedUntil: since };
  const wholeAt = (cuts: Cuts) => readWholeEngagement(look, { stream, own: own.history.events, cuts });
  const [wholeThen, wholeNow] = [await wholeAt(then), await wholeAt({})];
  if (canonicalJson(streamsOf(wholeThen)) !== canonicalJson(streamsOf(wholeNow))) return false;
  const events = standingInWhole(wholeThen, then);
  if (canonicalJson(leadsSaid(events)) !== canonicalJson(leadsSaid(standingInWhole(wholeNow, {})))) return false;
  const [before, after] = [
    await linksAt(look, tenantId, { events, cuts: then }),
    await linksAt(look, tenantId, { events, cuts: {} }),
  ];
  return canonicalJson([...before]) === canonicalJson([...after]);
};

/**
 * Of a run's items those that the caller may see by what stands now. A partner's grants are those of when the run began, so it sees items
 * of engagements that it leads still, and of which nothing that grants anything has changed since; and rows of offers, parties and
 * campaigns that are its own still. It asks again for the others.
 */
export const createStillGranted =
  ({ rows, cache }: StillGrantedSettings) =>
  async <Item extends { readonly item: ReadRow }>(
    { run, caller }: Reading,
    items: readonly Item[],
  ): Promise<readonly Item[]> => {
    if (caller.role === 'vendor') return items;
    const { tenantId, partnerId } = caller;
    const { question, startedAt: since } = run;
    const look = readOnce(asFar(cache));
    const table =
      question.ask === 'rows' && grainOf(question) !== 'engagement' ? tableNamed(question.table)?.name : undefined;
    const keyOf = ({ item }: Item): string => String((table === undefined ? item.engagementId : item.rowKey) ?? '');
    const granted = new Set<string>();
    await inParallel([...new Set(items.map(keyOf))], atOnce, async (key) => {
      const row = key === '' ? undefined : await rows.row(table ?? 'engagements', tenantId, key);
      if (partnerId === undefined || row?.leadPartnerId !== partnerId) return;
      if (table !== undefined || (await isUnchanged(look, { tenantId, id: key, since }))) granted.add(key);
    });
    return items.filter((each) => granted.has(keyOf(each)));
  };
