// Is the event store complete and unchanged? It checks every stream in the index, and every stream that a daily root lists.
// `npm run verify` calls it; it reads the events table and the roots table.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { streamKinds } from '../../events/identifiers.ts';
import { inParallel } from '../../functions/aws/parallel.ts';
import type { DayRoot } from '../../functions/seal/sealedDay.ts';
import { checkStored } from '../../functions/store/checkedStream.ts';
import { createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import { type WalkedPage, type WalkPlace, walkPage, walkStart } from '../../functions/store/streamPages.ts';
import { daysFaults } from './verify/daysFaults.ts';
import { inWalkOrder, type SealedStream, sealedDays, sealedStreams } from './verify/sealedTips.ts';

export interface Verifying {
  readonly client: DynamoDBClient;
  readonly eventsTable: string;
  readonly rootsTable: string;
  /** A root that a person noted elsewhere: it must be the root of a day. */
  readonly keptRoot?: string;
  /** Called after each page of streams. */
  readonly progress?: (verified: Counts) => void;
}

export interface Counts {
  readonly streams: number;
  readonly commits: number;
  readonly events: number;
}

/** What is wrong: `where` is a stream's id, or `roots`. */
export interface Fault {
  readonly where: string;
  readonly what: string;
}

export interface Verified extends Counts {
  readonly days: readonly DayRoot[];
  /** What was changed since it was recorded, and what this code does not understand. */
  readonly faults: readonly Fault[];
  /** Of these: events that this code does not understand. A later release has recorded them; their streams may be whole. */
  readonly notUnderstood: readonly Fault[];
}

const pageSize = 100;
const streamsAtOnce = 16;

/** A stream to check, with its entries in the roots; these are empty where no root lists it. */
interface StreamToVerify extends SealedStream {
  /** Whether the index of streams lists it. */
  readonly isListed: boolean;
}

/** What a check needs to know of all streams. */
type Store = Pick<Verifying, 'client' | 'eventsTable'> & { readonly days: readonly DayRoot[] };

interface VerifiedStream extends Pick<Verified, 'faults' | 'notUnderstood'> {
  readonly counts: Counts;
}

const nothing: Counts = { streams: 0, commits: 0, events: 0 };

const sumOf = (a: Counts, b: Counts): Counts => ({
  streams: a.streams + b.streams,
  commits: a.commits + b.commits,
  events: a.events + b.events,
});

async function verifyStream({ client, eventsTable, days }: Store, asked: StreamToVerify): Promise<VerifiedStream> {
  const { stream, sealed, isListed } = asked;
  const { commits, events, faults: own, notUnderstood } = await checkStored({ client, table: eventsTable }, stream);
  const named = (what: string): Fault => ({ where: stream, what });
  const found = (faults: readonly string[], counts = nothing): VerifiedStream => ({
    counts,
    faults: [...faults, ...notUnderstood].map(named),
    notUnderstood: notUnderstood.map(named),
  });
  if (commits.length === 0 && own.length === 0 && !isListed) {
    const last = sealed.at(-1);
    return found([`the root of ${last?.day} holds it at version ${last?.version}, and no commit of it exists`]);
  }
  // Where the chain itself is broken, every later fault would only follow from that.
  const ofDays = own.length > 0 ? [] : daysFaults({ commits, days, sealed });
  const unlisted = isListed ? [] : ['the index of streams does not list it'];
  return found([...unlisted, ...own, ...ofDays], { streams: 1, commits: commits.length, events });
}

/** Merges the streams of the index with those of the roots; both come in walk order. */
async function besideRoots(told: AsyncIterator<SealedStream>) {
  let next: SealedStream | undefined;
  const takeNext = async (): Promise<void> => {
    const { done, value } = await told.next();
    next = done === true ? undefined : value;
  };
  /** Streams of the roots that come before `stream` in walk order, or all that are left. */
  const unlistedBefore = async (stream: string | undefined): Promise<readonly StreamToVerify[]> => {
    const unlisted: StreamToVerify[] = [];
    while (next !== undefined && (stream === undefined || inWalkOrder(next.stream, stream) < 0)) {
      unlisted.push({ ...next, isListed: false });
      await takeNext();
    }
    return unlisted;
  };
  await takeNext();
  return {
    async streamsOf({ streams, next: following }: WalkedPage): Promise<readonly StreamToVerify[]> {
      const found: StreamToVerify[] = [];
      for (const stream of streams) {
        found.push(...(await unlistedBefore(stream)));
        const sealed = next?.stream === stream ? next.sealed : [];
        if (next?.stream === stream) await takeNext();
        found.push({ stream, sealed, isListed: true });
      }
      if (following === undefined) found.push(...(await unlistedBefore(undefined)));
      return found;
    },
  };
}

/** Verifies the event store. Faults are in the answer; it throws only where a read fails. */
export async function verify(verifying: Verifying): Promise<Verified> {
  const { client, eventsTable, rootsTable, keptRoot, progress } = verifying;
  const store = createDynamoEventStore({ client, table: eventsTable, pageSize });
  const roots = { client, table: rootsTable };
  const faults: Fault[] = [];
  const faultOfRoots = (what: string): void => void faults.push({ where: 'roots', what });
  const days = await sealedDays(roots, faultOfRoots);
  if (keptRoot !== undefined && !days.some(({ root }) => root === keptRoot)) {
    faultOfRoots(`no day has the root ${keptRoot}: the roots were changed after that root was printed`);
  }
  const walked = await besideRoots(sealedStreams(roots, days, faultOfRoots));
  const notUnderstood: Fault[] = [];
  let counts = nothing;
  for (let place: WalkPlace | undefined = walkStart(streamKinds); place !== undefined; ) {
    const page: WalkedPage = await walkPage({ store, kinds: streamKinds, pageSize }, place);
    const streams = await walked.streamsOf(page);
    const verified = await inParallel(streams, streamsAtOnce, (each) =>
      verifyStream({ client, eventsTable, days }, each),
    );
    faults.push(...verified.flatMap((each) => each.faults));
    notUnderstood.push(...verified.flatMap((each) => each.notUnderstood));
    counts = verified.reduce((sum, each) => sumOf(sum, each.counts), counts);
    progress?.(counts);
    place = page.next;
  }
  return { ...counts, days, faults, notUnderstood };
}
