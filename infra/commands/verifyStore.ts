// Does the event store hold what was recorded, whole and unchanged? Every listed stream, and every one of which a day's root tells.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { streamKinds } from '../../events/identifiers.ts';
import { inParallel } from '../../functions/aws/parallel.ts';
import { queryItems } from '../../functions/aws/queryPages.ts';
import type { DayRoot } from '../../functions/seal/sealedDay.ts';
import type { Commit } from '../../functions/store/commit.ts';
import { commitOfItem, createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import { type WalkPlace, walkPage, walkStart } from '../../functions/store/streamPages.ts';
import { inWalkOrder, type SealedStream, sealedDays, sealedStreams } from './sealedTips.ts';
import { checkStream, type SealedAt } from './streamCheck.ts';

export interface Verifying {
  readonly client: DynamoDBClient;
  readonly eventsTable: string;
  readonly rootsTable: string;
  /** A root that somebody has kept elsewhere: it must be that of a day. */
  readonly keptRoot?: string;
  /** Told after each page of streams. */
  readonly progress?: (verified: Counts) => void;
}

export interface Counts {
  readonly streams: number;
  readonly commits: number;
  readonly events: number;
}

/** Something that is not as it was recorded: a stream by its id, or a day's root. */
export interface Fault {
  readonly where: string;
  readonly what: string;
}

export interface Verified extends Counts {
  readonly days: readonly DayRoot[];
  readonly faults: readonly Fault[];
}

const pageSize = 100;
const streamsAtOnce = 16;

async function itemsOf(client: DynamoDBClient, table: string, stream: string): Promise<readonly Commit[]> {
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: '#stream = :stream',
    ExpressionAttributeNames: { '#stream': 'stream' },
    ExpressionAttributeValues: { ':stream': { S: stream } },
  };
  return await Array.fromAsync(queryItems({ client, query }), commitOfItem);
}

/** Verifies it; what is wrong is in the answer, and only what can't be read throws. */
export async function verify(verifying: Verifying): Promise<Verified> {
  const { client, eventsTable, rootsTable, keptRoot, progress } = verifying;
  const store = createDynamoEventStore({ client, table: eventsTable, pageSize });
  const roots = { client, table: rootsTable };
  const faults: Fault[] = [];
  const faultOfRoots = (what: string): void => void faults.push({ where: 'roots', what });
  const days = await sealedDays(roots, faultOfRoots);
  if (keptRoot !== undefined && !days.some(({ root }) => root === keptRoot)) {
    faultOfRoots(`no day has the root ${keptRoot}: the roots are not those that they were when it was kept`);
  }
  let counts: Counts = { streams: 0, commits: 0, events: 0 };

  const check = async (stream: string, sealed: readonly SealedAt[], isListed: boolean): Promise<readonly Fault[]> => {
    const faultsOf = (what: readonly string[]): readonly Fault[] => what.map((each) => ({ where: stream, what: each }));
    let commits: readonly Commit[];
    try {
      commits = await itemsOf(client, eventsTable, stream);
    } catch (error) {
      if (error instanceof Error && error.message.includes('lacks its attribute')) return faultsOf([error.message]);
      throw error;
    }
    if (commits.length === 0 && !isListed) {
      const last = sealed.at(-1);
      return faultsOf([`the root of ${last?.day} holds it at version ${last?.version}, and nothing of it is there`]);
    }
    const checked = checkStream({ stream, commits, days, sealed });
    counts = {
      streams: counts.streams + 1,
      commits: counts.commits + commits.length,
      events: counts.events + checked.events,
    };
    return faultsOf([...(isListed ? [] : ['the index of streams does not list it']), ...checked.faults]);
  };

  const told = sealedStreams(roots, days, faultOfRoots);
  let next: SealedStream | undefined;
  const takeNext = async (): Promise<void> => {
    const { done, value } = await told.next();
    next = done === true ? undefined : value;
  };
  await takeNext();
  /** The streams of roots that come before one in the walk, or all that are left. */
  const unlistedBefore = async (stream: string | undefined): Promise<readonly SealedStream[]> => {
    const unlisted: SealedStream[] = [];
    while (next !== undefined && (stream === undefined || inWalkOrder(next.stream, stream) < 0)) {
      unlisted.push(next);
      await takeNext();
    }
    return unlisted;
  };
  const asked = (unlisted: readonly SealedStream[]) => unlisted.map((each) => ({ ...each, isListed: false }));

  for (let place: WalkPlace | undefined = walkStart(streamKinds); place !== undefined; ) {
    const page = await walkPage({ store, kinds: streamKinds, pageSize }, place);
    const toCheck: (SealedStream & { readonly isListed: boolean })[] = [];
    for (const stream of page.streams) {
      toCheck.push(...asked(await unlistedBefore(stream)));
      const sealed = next?.stream === stream ? next.sealed : [];
      if (next?.stream === stream) await takeNext();
      toCheck.push({ stream, sealed, isListed: true });
    }
    if (page.next === undefined) toCheck.push(...asked(await unlistedBefore(undefined)));
    const found = await inParallel(toCheck, streamsAtOnce, (each) => check(each.stream, each.sealed, each.isListed));
    faults.push(...found.flat());
    progress?.(counts);
    place = page.next;
  }
  return { ...counts, days, faults };
}
