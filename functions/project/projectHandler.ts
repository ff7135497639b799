// What does project do with new commits, and with the streams in its queue?
// The project function calls it; it has each stream of a batch projected once, and sends streams that fail to project's queue.
import * as z from 'zod';
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { bodyOf, type StreamRecord, type Understood } from '../aws/batchRecords.ts';
import { asOne, byGroup, type Work } from '../aws/batchWork.ts';
import { tenantOfStream } from '../aws/messageGroup.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import type { Look, Project } from './projector.ts';

const Keys = z.object({ stream: z.object({ S: z.string() }) });
const Image = z.object({
  stream: z.object({ S: z.string() }),
  version: z.object({ N: z.coerce.number() }),
  events: z.object({ S: z.string() }),
  hash: z.object({ S: z.string() }),
});
/** `rebuild` also wakes the groups that the rows feed: they may be wrong although the rows are right. */
const Asked = z.object({ stream: z.string().min(1), rebuild: z.boolean().default(false) });
type Asked = Readonly<z.infer<typeof Asked>>;

type Commit = Parameters<CachedStreams['offer']>[0];

/** A stream that has grown, with the commit of the record where that can be read. */
interface Grown {
  readonly stream: string;
  readonly commit?: Commit;
}

export interface ProjectHandlerSettings extends Pick<BatchHandlerSettings<Asked, Grown>, 'keepFailure' | 'logger'> {
  readonly project: Project;
  /** Gives the projector's cache a commit that came with the batch. */
  readonly offer: CachedStreams['offer'];
  /** Sends streams to project's own queue, to be projected again; throws where it can't. */
  readonly askAgain: (streams: readonly string[]) => Promise<void>;
}

/** Projections that run at the same time share their consistent reads. */
const streamsAtOnce = 32;

const streamOf = ({ keys }: StreamRecord): string => Keys.parse(keys).stream.S;

const grownBy = (record: StreamRecord): Understood<Grown> => {
  const image = Image.safeParse(record.image);
  const stream = streamOf(record);
  if (!image.success) return { ok: true, item: { stream } };
  const { version, events, hash } = image.data;
  return { ok: true, item: { stream, commit: { stream, version: version.N, text: events.S, hash: hash.S } } };
};

/**
 * The handler of the events table's stream and of project's queue. A stream that fails goes to the queue, which has retries and
 * a dead-letter queue of its own. So the shard goes on, and so do the batch's other streams.
 */
export const createProjectHandler = ({ project, offer, askAgain, keepFailure, logger }: ProjectHandlerSettings) => {
  const eachOnce = <Item extends { readonly stream: string }>(
    lookOf: (items: readonly Item[]) => Look | undefined,
  ): Work<Item> =>
    byGroup<Item>({
      keyOf: ({ stream }) => stream,
      tenantOf: ({ stream }) => tenantOfStream(stream),
      atOnce: streamsAtOnce,
      work: asOne(async (items) => project(items[0]?.stream ?? '', lookOf(items))),
    });

  const offerAll = (grown: readonly Grown[]): void => {
    for (const { commit } of grown) {
      try {
        if (commit !== undefined) offer(commit);
      } catch {
        // A commit that is not understood (a later release may have written it) must fail only its own stream, when that is read.
      }
    }
  };

  return createBatchHandler<Asked, Grown>({
    stream: {
      read: grownBy,
      about: ({ stream }) => ({ eventId: stream }),
      work: (grown) => {
        offerAll(grown);
        return eachOnce<Grown>((ofStream) =>
          ofStream.some(({ commit }) => commit?.version === 1) ? 'first' : undefined,
        )(grown);
      },
      setAside: (records) => askAgain([...new Set(records.map(streamOf))]),
    },
    queue: {
      read: bodyOf(Asked, 'the message names no stream in the form {"stream": "…"}'),
      about: ({ stream }) => ({ eventId: stream }),
      // The sender may have found that the head is not the one that this process has written.
      work: eachOnce((asked) => (asked.some(({ rebuild }) => rebuild) ? 'rebuild' : 'anew')),
    },
    keepFailure,
    logger,
  });
};
