// What does project do with new commits, and with what sweep and pager send? Each stream once, and an answer record by record.
import * as z from 'zod';
import { type BatchHandlerSettings, createBatchHandler } from '../aws/batchHandler.ts';
import { bodyOf, type StreamRecord, type Understood } from '../aws/batchRecords.ts';
import { asOne, byGroup, type Work } from '../aws/batchWork.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import type { Look, Project } from './projector.ts';

const Keys = z.object({ stream: z.object({ S: z.string() }) });
const Image = z.object({
  stream: z.object({ S: z.string() }),
  version: z.object({ N: z.coerce.number() }),
  events: z.object({ S: z.string() }),
  hash: z.object({ S: z.string() }),
});
/** `rebuild`: the rows may be right and the groups that they feed not, so those are woken too. */
const Asked = z.object({ stream: z.string().min(1), rebuild: z.boolean().default(false) });
type Asked = Readonly<z.infer<typeof Asked>>;

type Commit = Parameters<CachedStreams['offer']>[0];

/** A stream that has grown, by the commit that came with the batch where that can be read. */
interface Grown {
  readonly stream: string;
  readonly commit?: Commit;
}

export interface ProjectHandlerSettings extends Pick<BatchHandlerSettings<Asked, Grown>, 'keepFailure' | 'logger'> {
  readonly project: Project;
  /** Tells the projector's cache of a commit that came with the batch. */
  readonly offer: CachedStreams['offer'];
  /** Asks for streams to be projected again, by project's own queue; throws where it can't. */
  readonly askAgain: (streams: readonly string[]) => Promise<void>;
}

/** Projections under way together share their consistent reads. */
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
 * The handler of the events table's stream and of project's queue. A stream that fails when its commit comes is asked for again
 * through the queue, with retries and dead letters of its own: the shard goes on, and so do the batch's other streams.
 */
export const createProjectHandler = ({ project, offer, askAgain, keepFailure, logger }: ProjectHandlerSettings) => {
  const eachOnce = <Item extends { readonly stream: string }>(
    lookOf: (items: readonly Item[]) => Look | undefined,
  ): Work<Item> =>
    byGroup<Item>({
      keyOf: ({ stream }) => stream,
      atOnce: streamsAtOnce,
      work: asOne(async (items) => project(items[0]?.stream ?? '', lookOf(items))),
    });

  const offerAll = (grown: readonly Grown[]): void => {
    for (const { commit } of grown) {
      try {
        if (commit !== undefined) offer(commit);
      } catch {
        // Not understood, as a later release may write it: to be read and to fail is for its own stream alone.
      }
    }
  };

  return createBatchHandler<Asked, Grown>({
    stream: {
      read: grownBy,
      about: ({ stream }) => ({ eventId: stream }),
      work: (grown) => {
        offerAll(grown);
        return eachOnce<Grown>(() => undefined)(grown);
      },
      setAside: (records) => askAgain([...new Set(records.map(streamOf))]),
    },
    queue: {
      read: bodyOf(Asked, 'the message names no stream, as {"stream": "…"}'),
      about: ({ stream }) => ({ eventId: stream }),
      // Who asks by queue may have found that the head is not what this process has written.
      work: eachOnce((asked) => (asked.some(({ rebuild }) => rebuild) ? 'rebuild' : 'anew')),
    },
    keepFailure,
    logger,
  });
};
