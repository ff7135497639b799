// Which tables do rows need beside their own? Heads without a row of their own, and what rows feed to groups: the pipeline alone reads them.
import { due, type TableIndex } from './table.ts';

export interface OwnTable {
  readonly name: string;
  readonly indexes: readonly TableIndex[];
  /** The name of its partition key, where a tenant is not one partition. */
  readonly partitionKey?: string;
}

/** The heads of parties, offers and campaigns; an engagement's head is its row of `engagements`. */
export const referenceHeads = { name: 'reference_heads', indexes: [due] } as const satisfies OwnTable;

/** The heads of groups. They are never removed, so that a group that was emptied is still known. */
export const rollupHeads = {
  name: 'rollup_heads',
  indexes: [due, { name: 'shards', columns: ['shard'], acrossTenants: true }],
} as const satisfies OwnTable;

/** What rows feed to groups (`domain/rollups/`), a partition for each bucket of a group, so that a group is read consistently. */
export const contributions = {
  name: 'contributions',
  indexes: [],
  partitionKey: 'fed',
} as const satisfies OwnTable;

/** All of them. */
export const ownTables: readonly OwnTable[] = [referenceHeads, rollupHeads, contributions];
