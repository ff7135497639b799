// How many heads of a tenant are behind their streams or absent, and what waits?
// The routes call it; it reads the tables that hold heads, the tables of events and receipts, and the depths of queues.
import { streamIdOf } from '../../../events/identifiers.ts';
import type { Instant } from '../../../events/instant.ts';
import { type HeadPlace, headOfStream, streamOfHead } from '../../project/headPlace.ts';
import { endsSoonBefore } from '../../receipts/waitingAge.ts';
import { emptyTip, type Tip } from '../../store/eventStore.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import { type HeadTable, headTables, type ListedHead } from './headPages.ts';
import type { HealthSettings, PipelineHealth } from './pipelineHealth.ts';

/** What is asked: whether all heads and streams are wanted, page by page, and after which page to go on. */
export interface HealthAsked {
  readonly all?: boolean;
  readonly cursor?: string | undefined;
}

/** The health of a tenant; undefined where the cursor belongs to another query. */
export type Health = (tenantId: string, now: Instant, asked?: HealthAsked) => Promise<PipelineHealth | undefined>;

/** What one answer looks at. */
interface Looked {
  readonly heads: readonly ListedHead[];
  /** Streams without a head. */
  readonly absent: readonly string[];
  /** Streams of kinds that have no heads. */
  readonly headless: readonly string[];
  /** Whether these are all heads and streams of the tenant. */
  readonly complete: boolean;
  /** The place after which the next page begins. */
  readonly end?: string | undefined;
}

/** Every stream that the heads rest on, with the newest version that any of them has. */
const newestOf = (heads: readonly ListedHead[]): ReadonlyMap<string, number> => {
  const newest = new Map<string, number>();
  for (const { basis } of heads) {
    for (const [stream, version] of Object.entries(basis)) {
      newest.set(stream, Math.max(version, newest.get(stream) ?? 0));
    }
  }
  return newest;
};

type PlacedHead = Pick<HeadPlace, 'table' | 'rowKey'>;
const placeText = ({ table, rowKey }: PlacedHead): string => `${table}|${rowKey}`;
const policyOf = (tenantId: string): string => streamIdOf(tenantId, 'policy', 'policy');

const tipsAt = (streams: Iterable<string>, versionOf: (stream: string) => number): ReadonlyMap<string, Tip> =>
  new Map([...streams].map((stream) => [stream, { ...emptyTip, version: versionOf(stream) }]));

/** The pages after those of the heads check that no head is absent. */
const streamsPlace = 'streams|';
const mostCounted = 10_000;
/** How many streams one answer reads to their end: of a walk's page, and of any other. */
const mostTried = { walk: 50, look: 20 } as const;
/** How many streams a page of a walk lists, and how many a tenant may have whose every stream is looked at. */
const mostListed = { walk: 1_000, look: 300 } as const;

/**
 * Checks the heads of a tenant against their streams. A small tenant's are all looked at; of a large one those that are most
 * likely behind and some at random, so that the answer takes as long however many there are. A walk looks at all of them.
 */
export const createHealth = (settings: HealthSettings): Health => {
  const { headsAfter, headsOf, likelyBehind, grown, computedBy, unprojected } = settings;
  const { headsAtOnce = 1_000, wholeUpTo = 100 } = settings;

  const waitsOf = async (tenantId: string, now: Instant): Promise<PipelineHealth['waits']> => {
    const [open, queues] = await Promise.all([
      settings.countOpen(tenantId, mostCounted, endsSoonBefore(now, settings.waitingDays)),
      settings.queueDepths(now),
    ]);
    const { pending, waiting, endingSoon, complete } = open;
    return { receipts: { pending, waiting, endingSoon, complete }, queues };
  };

  /** The heads after a place, and after the last of them the streams that have none. */
  const walked = async (tenantId: string, after: string | undefined): Promise<Looked> => {
    const isOfStreams = after?.startsWith(streamsPlace) === true;
    const { heads, end } = isOfStreams ? { heads: [], end: undefined } : await headsAfter(tenantId, after, headsAtOnce);
    if (end !== undefined) return { heads, absent: [], headless: [], complete: false, end };
    const from = isOfStreams ? after.slice(streamsPlace.length) : undefined;
    const checked = await unprojected.absent(tenantId, from, mostListed.walk);
    return {
      ...{ heads, absent: checked.absent, headless: checked.headless },
      complete: after === undefined && checked.end === undefined,
      ...(checked.end !== undefined && { end: streamsPlace + checked.end }),
    };
  };

  /** All of a small tenant; of a large one what is most likely behind. */
  const looked = async (tenantId: string): Promise<Looked> => {
    const { heads: first, end } = await headsAfter(tenantId, undefined, wholeUpTo);
    if (end === undefined) {
      const { absent, headless, end: more } = await unprojected.absent(tenantId, undefined, mostListed.look);
      return { heads: first, absent, headless, complete: more === undefined };
    }
    const streams = await likelyBehind(tenantId);
    const known = new Set(first.map(placeText));
    const others = streams.filter((stream) => {
      const place = headOfStream(stream);
      return place !== undefined && !known.has(placeText(place));
    });
    const heads = [...first, ...(await headsOf(others))];
    const there = new Set(heads.map(placeText));
    const lacking = others.filter((stream) => !there.has(placeText(headOfStream(stream) ?? { table: '', rowKey: '' })));
    // A receipt may name a stream whose first fact is still on its way.
    const absent = [...(await grown(tipsAt(lacking, () => 0)))];
    return { heads, absent, headless: [], complete: false };
  };

  return async (tenantId, now, { all = false, cursor } = {}) => {
    const bound = ['health', tenantId];
    const after = cursor === undefined ? undefined : openCursor(cursor, bound);
    if (cursor !== undefined && after === undefined) return undefined;
    const walks = all || after !== undefined;
    const [{ heads, absent, headless, complete, end }, waits] = await Promise.all([
      walks ? walked(tenantId, after) : looked(tenantId),
      after === undefined ? waitsOf(tenantId, now) : undefined,
    ]);
    const newest = newestOf(heads);
    const grew = await grown(tipsAt(newest.keys(), (stream) => newest.get(stream) ?? 0));
    const restsOnOld = ({ basis }: ListedHead): boolean =>
      Object.entries(basis).some(([stream, version]) => grew.has(stream) || version < (newest.get(stream) ?? 0));
    const isOverdue = ({ nextDueAt }: ListedHead): boolean => nextDueAt !== undefined && nextDueAt <= now;
    const behind = heads.filter(
      (head) => head.rebuilding !== undefined || head.computedBy !== computedBy || isOverdue(head) || restsOnOld(head),
    );
    const ownOf = (of: readonly ListedHead[]) => of.flatMap((head) => streamOfHead({ ...head, tenantId }) ?? []);
    // What can't be read keeps a head behind, as its own stream or as one of its context. So those come first.
    const suspects = [
      ...absent,
      ...ownOf(behind),
      ...grew,
      policyOf(tenantId),
      ...headless,
      ...ownOf(heads),
      ...newest.keys(),
    ].filter((stream) => newest.get(stream) !== 0 || grew.has(stream));
    const countOf = (table: HeadTable): number => heads.filter((head) => head.table === table).length;
    const [engagements, references, groups] = headTables;
    return {
      complete,
      engagements: countOf(engagements),
      references: countOf(references),
      groups: countOf(groups),
      behind: behind.length,
      overdue: heads.filter(isOverdue).length,
      oldestEvaluation: heads.map(({ evaluatedAt }) => evaluatedAt).sort()[0] ?? null,
      absent: absent.length,
      ...(await unprojected.tried(suspects, walks ? mostTried.walk : mostTried.look)),
      ...(waits !== undefined && { waits }),
      ...(end !== undefined && { cursor: sealCursor(end, bound) }),
    };
  };
};
