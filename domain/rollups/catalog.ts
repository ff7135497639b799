// Which rollups are there?
import { arrQuartiles } from './arrQuartiles.ts';
import { customerMonths } from './customerMonths.ts';
import { customerValues } from './customerValues.ts';
import { partnerFlags } from './partnerFlags.ts';
import { partnerHealth } from './partnerHealth.ts';
import { partnerMonths } from './partnerMonths.ts';
import { registrationConflicts } from './registrationConflicts.ts';
import type { Rollup } from './rollup.ts';
import { suspendedRules } from './suspendedRules.ts';
import { tenantMonths } from './tenantMonths.ts';

/**
 * Every rollup; one that feeds another comes before it. Contributions, heads, the queue's work, rebuild and documents
 * derive from this list.
 */
export const rollups: readonly Rollup[] = [
  customerMonths,
  partnerMonths,
  tenantMonths,
  arrQuartiles,
  partnerFlags,
  partnerHealth,
  customerValues,
  registrationConflicts,
  suspendedRules,
];

/** The rollup of that name; undefined if there is none. */
export const rollupNamed = (name: string): Rollup | undefined => rollups.find((rollup) => rollup.name === name);
