// Which tables does projection need beside those of rows?
import { due, type TableIndex } from './table.ts';

export interface OwnTable {
  readonly name: string;
  readonly indexes: readonly TableIndex[];
  /** The name of its partition key, if a partition is not a whole tenant. */
  readonly partitionKey?: string;
}

/** The heads of parties, offers and campaigns; an engagement's head is its row of `engagements`. */
export const referenceHeads = { name: 'reference_heads', indexes: [due] } as const satisfies OwnTable;

/** The heads of groups. They are never removed, so that a group without contributions is still known. */
export const rollupHeads = {
  name: 'rollup_heads',
  indexes: [due, { name: 'shards', columns: ['shard'], acrossTenants: true }],
} as const satisfies OwnTable;

/**
 * The contributions that rows feed to groups (`domain/rollups/`). Each bucket of a group is one partition, so that a
 * group can be read consistently.
 */
export const contributions = {
  name: 'contributions',
  indexes: [],
  partitionKey: 'fed',
} as const satisfies OwnTable;

/** All these tables. The pipeline alone reads them. */
export const ownTables: readonly OwnTable[] = [referenceHeads, rollupHeads, contributions];
