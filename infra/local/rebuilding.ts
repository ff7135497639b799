// How are all rows brought up to date? The pager's message on sweep's queue, or one stream on project's, and how much is left.
import type { Properties } from './properties.ts';
import type { Runtime } from './runtime.ts';

export interface RebuildRequest {
  /** One stream; absent: all whose rows are behind. */
  readonly stream?: string;
}

export function rebuildRequest(given: Properties): RebuildRequest {
  const stream = given.text('stream', '');
  return stream === '' ? {} : { stream };
}

/** Messages on the queues that a rebuild goes through. */
export interface RebuildStatus {
  readonly pages: number;
  readonly streams: number;
}

export function rebuildStatus({ queueStore, queueOf }: Pick<Runtime, 'queueStore' | 'queueOf'>): RebuildStatus {
  const left = (functionName: string): number => {
    const { visible, inFlight, delayed } = queueStore.counts(queueOf(functionName));
    return visible + inFlight + delayed;
  };
  return { pages: left('sweep'), streams: left('project') };
}

/** Starts it; what it enqueues is worked off like everything else. */
export function startRebuild(
  { queueStore, queueOf }: Pick<Runtime, 'queueStore' | 'queueOf'>,
  { stream }: RebuildRequest,
): RebuildStatus {
  const message =
    stream === undefined
      ? { queue: queueOf('sweep'), body: JSON.stringify({ sweep: 'pager' }) }
      : { queue: queueOf('project'), body: JSON.stringify({ stream }) };
  queueStore.sendAll([message]);
  return rebuildStatus({ queueStore, queueOf });
}
