// Which projection tables are there? Template, grants, rows, query and documents derive from this list.
import { arrSteps } from './arrSteps.ts';
import { campaigns } from './campaigns.ts';
import { customerMonths } from './customerMonths.ts';
import { deadlines } from './deadlines.ts';
import { engagements } from './engagements.ts';
import { flags } from './flags.ts';
import { handoffs } from './handoffs.ts';
import { offers } from './offers.ts';
import { orderLegs } from './orderLegs.ts';
import { contributions, referenceHeads, rollupHeads } from './ownTables.ts';
import { parties } from './parties.ts';
import { partnerMonths } from './partnerMonths.ts';
import { stageHistory } from './stageHistory.ts';
import { subscriptions } from './subscriptions.ts';
import type { ColumnsOf, EngagementTable, ReferenceTable, Table } from './table.ts';
import { tenantMonths } from './tenantMonths.ts';

const catalog = [
  engagements,
  stageHistory,
  handoffs,
  orderLegs,
  subscriptions,
  arrSteps,
  flags,
  deadlines,
  parties,
  offers,
  campaigns,
  customerMonths,
  partnerMonths,
  tenantMonths,
] as const;

/** Every projection table, whatever it is of. */
export type AnyTable = (typeof catalog)[number];
export type TableName = AnyTable['name'];

export const tables: readonly AnyTable[] = catalog;
export const tableNames: readonly TableName[] = tables.map(({ name }) => name);

/** A table by the name that somebody wrote; undefined where there is none. */
export const tableNamed = (name: string): AnyTable | undefined => tables.find((table) => table.name === name);

/** The columns of a table's rows, by its name. */
export type ColumnsNamed<Name extends TableName> = ColumnsOf<Extract<AnyTable, { readonly name: Name }>>;

/** The table of the engagements' head rows. */
export const engagementHead = engagements.name;

/** Who writes rows: the projector of streams, or that of groups. */
export type Level = 'streams' | 'groups';

/** Which tables hold the heads of a level that are no rows. */
export const headsOfLevel: Readonly<Record<Level, string>> = { streams: referenceHeads.name, groups: rollupHeads.name };

const levelOf = ({ grain }: Table): Level => (grain === 'group' ? 'groups' : 'streams');

/** The names of all tables that a level writes: its rows, its heads, and what it feeds to groups. */
export const writtenTables = (level: Level): readonly string[] => [
  ...tables.filter((table) => levelOf(table) === level).map(({ name }) => name),
  headsOfLevel[level],
  contributions.name,
];

/** The tables of an engagement's rows, its head's first. */
export const engagementTables: readonly EngagementTable[] = catalog.filter((table) => table.grain === 'engagement');

/** The tables of the rows that a stream of this kind has. */
export const referenceTables: readonly ReferenceTable[] = catalog.flatMap((table) =>
  table.grain === 'engagement' || table.grain === 'group' ? [] : [table],
);
