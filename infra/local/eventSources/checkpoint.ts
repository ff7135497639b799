// How far has a consumer read its stream? To the last record that it has finished; this position outlives the process.
import type { QueueStore } from '../storage/queueStore.ts';
import type { Position } from './streamReader.ts';

export interface Checkpoint {
  /** Undefined before the stream's first record. */
  position(): Position | undefined;
  /** The number of the last finished record; 0 before the first. */
  reached(): bigint;
  moveTo(to: Position): void;
  /** Loads the position that was stored under a name; call it before the first move. */
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
