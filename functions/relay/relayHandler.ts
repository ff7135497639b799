// How do recorded events reach the bus, and what happens to a commit that fails?
// The relay function calls it; it puts events on the bus, sends to relay's queue, and reads the events table.
import * as z from 'zod';
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { Attributes, bodyOf, type StreamRecord, type Understood } from '../aws/batchRecords.ts';
import { byGroup, type NotDone, oneByOne } from '../aws/batchWork.ts';
import type { Bus } from '../aws/eventBridge.ts';
import { reasonOf } from '../aws/failureLog.ts';
import { tenantOfStream } from '../aws/messageGroup.ts';
import { type CommitEntry, entriesOf } from './commitEntries.ts';
import type { IsRelayed } from './relayedTypes.ts';
import type { StoredEvents } from './storedCommit.ts';
import { tamperedEntry } from './tamperedCommit.ts';

/** A message of relay's queue names a commit; `change` stands where it was changed or removed, because the store can't tell that later. */
const CommitAgain = z.object({
  stream: z.string().min(1),
  version: z.int().min(1),
  change: z.enum(['MODIFY', 'REMOVE']).optional(),
});
export type CommitAgain = Readonly<z.infer<typeof CommitAgain>>;

const Keys = z.object({ stream: z.object({ S: z.string() }), version: z.object({ N: z.coerce.number() }) });
const Events = z.object({ S: z.string() });

/** A commit as a record of the table's stream reports it. */
interface ToldCommit {
  readonly tenantId: string;
  readonly change: string;
  readonly entries: readonly CommitEntry[];
}

export interface RelayHandlerSettings
  extends Pick<BatchHandlerSettings<CommitAgain, ToldCommit>, 'keepFailure' | 'logger'> {
  readonly bus: Bus;
  readonly isRelayed: IsRelayed;
  readonly storedEvents: StoredEvents;
  /** Sends commits to relay's own queue, to be relayed again; throws where it can't. */
  readonly askAgain: (commits: readonly CommitAgain[]) => Promise<void>;
}

const commitsAtOnce = 10;
const tenantsAtOnce = 10;

const commitOf = ({ change, keys }: StreamRecord): CommitAgain => {
  const { stream, version } = Keys.parse(keys);
  return CommitAgain.parse({ stream: stream.S, version: version.N, ...(change !== 'INSERT' && { change }) });
};

/** Reads a record, with the entries of what the deployment puts on the bus; a commit may have none. */
const reading =
  (isRelayed: IsRelayed) =>
  (record: StreamRecord): Understood<ToldCommit> => {
    const { change } = record;
    try {
      const tenantId = tenantOfStream(commitOf(record).stream);
      if (change !== 'INSERT') {
        return { ok: true, item: { tenantId, change, entries: [tamperedEntry({ ...commitOf(record), change })] } };
      }
      const events = Events.parse(Attributes.parse(record.image).events).S;
      return { ok: true, item: { tenantId, change, entries: entriesOf(events, isRelayed) } };
    } catch (error) {
      return { ok: false, reason: `commitNotUnderstood: ${reasonOf(error)}` };
    }
  };

/**
 * The handler of the events table's stream and of relay's queue. The bus promises no order, not even for the commits of one
 * stream: consumers know events by id and order them by version. Where one event of a commit can't be put, the whole commit
 * goes to the queue, so that its other events may be put twice.
 */
export const createRelayHandler = (settings: RelayHandlerSettings) => {
  const { bus, isRelayed, storedEvents, askAgain, keepFailure, logger } = settings;

  const putAll = async (commits: readonly ToldCommit[]): Promise<readonly (NotDone | undefined)[]> => {
    const put = commits.flatMap(({ entries }, commit) =>
      entries.map(({ eventId, entry }) => ({ commit, eventId, entry })),
    );
    const notDone: (NotDone | undefined)[] = commits.map(() => undefined);
    for (const { index, reason } of await bus.put(put.map(({ entry }) => entry))) {
      const unsent = put[index];
      if (unsent !== undefined) notDone[unsent.commit] ??= { reason, eventId: unsent.eventId };
    }
    return notDone;
  };

  /** Each tenant's commits in calls of their own: after a call that fails as a whole, no others of that tenant are tried. */
  const putTenants = byGroup<ToldCommit>({
    keyOf: ({ tenantId }) => tenantId,
    atOnce: tenantsAtOnce,
    work: putAll,
  });

  const putAgain = async ({ change, ...place }: CommitAgain): Promise<void> => {
    const entries =
      change === undefined ? entriesOf(await storedEvents(place), isRelayed) : [tamperedEntry({ ...place, change })];
    const [unsent] = await bus.put(entries.map(({ entry }) => entry));
    if (unsent !== undefined) throw new Error(unsent.reason);
  };

  return createBatchHandler<CommitAgain, ToldCommit>({
    stream: {
      read: reading(isRelayed),
      work: async (commits) => {
        for (const { change, entries } of commits) {
          const [{ eventId = '' } = {}] = entries;
          if (change !== 'INSERT') logger.error('a commit was changed or removed', { change, commit: eventId });
        }
        return await putTenants(commits);
      },
      setAside: (records) => askAgain(records.map(commitOf)),
    },
    queue: {
      read: bodyOf(CommitAgain, 'the message names no commit in the form {"stream": "…", "version": 1}'),
      work: oneByOne(commitsAtOnce, putAgain),
    },
    keepFailure,
    logger,
  });
};
