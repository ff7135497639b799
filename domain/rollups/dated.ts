// Which tables of groups can be computed for an earlier date? Those whose groups only gather what engagements fed them.
import { arrQuartiles } from './arrQuartiles.ts';
import { partnerFlags } from './partnerFlags.ts';
import type { Rollup } from './rollup.ts';

const dated: readonly Rollup[] = [partnerFlags, arrQuartiles];

/** The rollup that writes a table which can be computed for an earlier date; undefined for every other table. */
export const datedRollup = (table: string): Rollup | undefined => dated.find(({ writes }) => writes.name === table);
