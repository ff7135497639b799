// Which writes are often refused by their conditions? They had better go alone: one of them makes its whole group go twice.
import type { GroupableWrite } from './groupableWrite.ts';

export interface Refusals {
  /** Notes the end of a write. */
  note(write: GroupableWrite, refused: boolean): void;
  /** Whether writes of its kind have often been refused lately. */
  areLikely(write: GroupableWrite): boolean;
}

/** How much the newest write counts in the share of its kind. */
const weight = 0.05;
/** From this share on, groups would cost more than they save: a refused group takes about as long as one that is carried out. */
const tooMany = 0.15;

/** Nothing was refused yet. */
export function createRefusals(): Refusals {
  const shares = new Map<string, number>();
  return {
    note({ kind, hasCondition }, refused) {
      if (hasCondition) shares.set(kind, (shares.get(kind) ?? 0) * (1 - weight) + (refused ? weight : 0));
    },
    areLikely: ({ kind, hasCondition }) => hasCondition && (shares.get(kind) ?? 0) > tooMany,
  };
}
