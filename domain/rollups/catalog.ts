// Which rollups are there? Contributions, heads, the queue's work, rebuild and documents derive from this list.
import { customerMonths } from './customerMonths.ts';
import { partnerMonths } from './partnerMonths.ts';
import type { Rollup } from './rollup.ts';
import { tenantMonths } from './tenantMonths.ts';

/** Every rollup, what feeds others before what they feed. */
export const rollups: readonly Rollup[] = [customerMonths, partnerMonths, tenantMonths];

/** A rollup by its name; undefined where there is none. */
export const rollupNamed = (name: string): Rollup | undefined => rollups.find((rollup) => rollup.name === name);
