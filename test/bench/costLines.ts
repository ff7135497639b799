// What is a million facts' bill made of? Its items in words, the dearest first; each is what would be saved without it.
import type { Meter, Use } from './meter.ts';
import { prices } from './prices.ts';

export interface CostLine {
  readonly name: string;
  readonly dollars: number;
  /** Shown beside the sum: logs and storage. */
  readonly beside: boolean;
}

const notStages = new Set(['Receive', 'Translate', 'Relay', 'Project', 'Rollup', 'Sweep', 'Record', 'Query', 'Seal']);
const listed = 0.05;

/** Stages and control do alike: they are one line. */
const nameOf = ({ by, what }: Use): string =>
  `${notStages.has(by) ? by.toLowerCase() : 'stages'}: ${what.replaceAll(/Foundation-|Operational-|Projections-/g, '')}`;

const isBeside = ({ unit }: Use): boolean => unit === 'loggedBytes';

/** Whether it is for groups: all that rollup does, and what rows feed to it. The projector's own time for that is not told apart. */
const isSecondLevel = ({ by, what }: Use): boolean => by === 'Rollup' || /Contributions|RollupHeads/.test(what);

/** What the second level costs, in dollars a million facts; the lines hold it already. */
export const secondLevelOf = (meter: Meter): number =>
  meter
    .uses()
    .filter((use) => isSecondLevel(use) && !isBeside(use))
    .reduce((sum, use) => sum + (use.amount / meter.facts()) * prices.perMillion[use.unit], 0);

/** The items per million facts; those of under five cents are one. */
export const linesOf = (meter: Meter): readonly CostLine[] => {
  const facts = meter.facts();
  const grouped = Map.groupBy(meter.uses(), (use) => (isBeside(use) ? 'beside: logs' : nameOf(use)));
  const lines = [...grouped].map(([name, uses]): CostLine & { readonly amount: number; readonly unit: string } => {
    const amount = uses.reduce((sum, use) => sum + use.amount, 0) / facts;
    const dollars = uses.reduce((sum, use) => sum + (use.amount / facts) * prices.perMillion[use.unit], 0);
    return { name, dollars, amount, unit: uses[0]?.unit ?? '', beside: uses.some(isBeside) };
  });
  const worded = lines
    .sort((a, b) => b.dollars - a.dollars)
    .map(({ name, dollars, amount, unit, beside }) => ({
      name: `${name}: ${amount.toFixed(2)} ${unit} a fact`,
      dollars,
      beside,
    }));
  const small = worded.filter(({ dollars }) => dollars < listed);
  const rest = { name: `${small.length} items more`, dollars: small.reduce((sum, each) => sum + each.dollars, 0) };
  const stored = meter.stored() / facts;
  const perGigabyte = prices.storedGigabyteMonth + prices.backedUpGigabyteMonth;
  const storage = {
    name: `beside: a month's storage and backup of commits and receipts: ${stored.toFixed(0)} bytes a fact`,
    dollars: (stored / 1000) * perGigabyte,
    beside: true,
  };
  return [...worded.filter(({ dollars }) => dollars >= listed), { ...rest, beside: false }, storage];
};
