// What is a million facts' bill made of? Its items in words, the dearest first; each is what would be saved without it.
import type { CostLine } from './costLine.ts';
import { forSubscribers, type Meter, type Use } from './meter.ts';
import { dollarsOf } from './prices.ts';

const notStages = new Set(['Receive', 'Translate', 'Relay', 'Project', 'Rollup', 'Sweep', 'Record', 'Query', 'Seal']);
const listed = 0.05;

/** Stages and control do alike: they are one line. */
const nameOf = ({ by, what }: Use): string =>
  `${notStages.has(by) ? by.toLowerCase() : 'stages'}: ${what.replaceAll(/Foundation-|Operational-|Rows-/g, '')}`;

const isLog = ({ unit }: Use): boolean => unit === 'loggedBytes';

/** Whether it is for groups: all that rollup does, and what rows feed to it. The projector's own time for that is not told apart. */
const isSecondLevel = ({ by, what }: Use): boolean => by === 'Rollup' || /Contributions|RollupHeads/.test(what);

/** What the uses cost together, in dollars a million facts. */
const sumOf = (uses: readonly Use[], facts: number): number =>
  uses.reduce((sum, { unit, amount }) => sum + dollarsOf(unit, amount / facts), 0);

/** What the second level costs, in dollars a million facts; the lines hold it already. */
export const secondLevelOf = (meter: Meter): number => sumOf(meter.uses().filter(isSecondLevel), meter.facts());

/** What relay's narrowing to the types that our own rules take saves, in dollars a million facts; the lines hold it already. */
export const narrowingSaves = (meter: Meter): number =>
  sumOf(
    meter.uses().filter(({ what }) => what.endsWith(forSubscribers)),
    meter.facts(),
  );

/** The items per million facts; those of under five cents are one. */
export const linesOf = (meter: Meter): readonly CostLine[] => {
  const facts = meter.facts();
  const grouped = Map.groupBy(meter.uses(), (use) => (isLog(use) ? 'logs' : nameOf(use)));
  const worded = [...grouped]
    .map(([name, uses]): CostLine => {
      const amount = uses.reduce((sum, use) => sum + use.amount, 0) / facts;
      return { name: `${name}: ${amount.toFixed(2)} ${uses[0]?.unit} a fact`, dollars: sumOf(uses, facts) };
    })
    .sort((a, b) => b.dollars - a.dollars);
  const small = worded.filter(({ dollars }) => dollars < listed);
  const rest = { name: `${small.length} items more`, dollars: small.reduce((sum, each) => sum + each.dollars, 0) };
  return [...worded.filter(({ dollars }) => dollars >= listed), rest];
};
