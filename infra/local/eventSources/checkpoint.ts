// How far has a consumer come in its stream? The place after the last record that it has dealt with, kept through the end of the process.
import type { QueueStore } from '../storage/queueStore.ts';
import type { Position } from './streamReader.ts';

export interface Checkpoint {
  /** Undefined before the stream's first record. */
  position(): Position | undefined;
  /** The number of the last record dealt with; 0 before the first. */
  reached(): bigint;
  moveTo(to: Position): void;
  /** Goes on from what was kept under a name; to be called before it moves. */
  open(name: string): void;
}

export function createCheckpoint(queueStore: QueueStore): Checkpoint {
  let name = '';
  let position: Position | undefined;
  return {
    position: () => position,
    reached: () => BigInt(position?.after ?? '0'),
    moveTo(to) {
      position = to;
      queueStore.setCheckpoint(name, JSON.stringify(to));
    },
    open(kept) {
      name = kept;
      const stored = queueStore.checkpoint(name);
      position = stored === undefined ? undefined : JSON.parse(stored);
    },
  };
}
