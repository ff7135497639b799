// Which projection tables are there, and which level of projection writes each?
import { arrQuartiles } from './arrQuartiles.ts';
import { arrSteps } from './arrSteps.ts';
import { campaigns } from './campaigns.ts';
import { conformance } from './conformance.ts';
import { customerMonths } from './customerMonths.ts';
import { customerValues } from './customerValues.ts';
import { deadlines } from './deadlines.ts';
import { engagements } from './engagements.ts';
import { evidencePacks } from './evidencePacks.ts';
import { flagEvidence } from './flagEvidence.ts';
import { flags } from './flags.ts';
import { handoffs } from './handoffs.ts';
import { healthyScores } from './healthyScores.ts';
import { offers } from './offers.ts';
import { offerUses } from './offerUses.ts';
import { orderLegs } from './orderLegs.ts';
import { outcomes } from './outcomes.ts';
import { contributions, referenceHeads, rollupHeads } from './ownTables.ts';
import { participants } from './participants.ts';
import { parties } from './parties.ts';
import { partnerFlags } from './partnerFlags.ts';
import { partnerHealth } from './partnerHealth.ts';
import { partnerMonths } from './partnerMonths.ts';
import { registrationConflicts } from './registrationConflicts.ts';
import { registrations } from './registrations.ts';
import { reportCadence } from './reportCadence.ts';
import { reports } from './reports.ts';
import { stageHistory } from './stageHistory.ts';
import { subscriptions } from './subscriptions.ts';
import { suspendedRules } from './suspendedRules.ts';
import type { ColumnsOf, EngagementTable, ReferenceTable, Table } from './table.ts';
import { tenantMonths } from './tenantMonths.ts';
import { tickets } from './tickets.ts';
import { usage } from './usage.ts';
import { work } from './work.ts';

// Template, grants, rows, query and documents derive from this list.
const catalog = [
  engagements,
  stageHistory,
  handoffs,
  conformance,
  orderLegs,
  subscriptions,
  arrSteps,
  flags,
  deadlines,
  usage,
  work,
  reports,
  reportCadence,
  outcomes,
  evidencePacks,
  healthyScores,
  participants,
  registrations,
  offerUses,
  tickets,
  parties,
  offers,
  campaigns,
  customerMonths,
  partnerMonths,
  tenantMonths,
  arrQuartiles,
  partnerFlags,
  partnerHealth,
  customerValues,
  registrationConflicts,
  suspendedRules,
] as const;

/** Any projection table. */
export type AnyTable = (typeof catalog)[number];
export type TableName = AnyTable['name'];

export const tables: readonly AnyTable[] = catalog;
export const tableNames: readonly TableName[] = tables.map(({ name }) => name);

/** The table of that name; undefined if there is none. */
export const tableNamed = (name: string): AnyTable | undefined => tables.find((table) => table.name === name);

/** The tables whose rows are made of other tables' rows when somebody reads them. Nothing stores or projects them. */
const derived = [flagEvidence] as const;

/** Every table that may be asked for: those that are stored, and those that are made of them. */
export type AskedName = TableName | (typeof derived)[number]['name'];
export const askedTables: readonly (AnyTable | (typeof derived)[number])[] = [...tables, ...derived];
export const askedNames: readonly AskedName[] = askedTables.map(({ name }) => name);

/** The table of that name that may be asked for; undefined if there is none. */
export const askedNamed = (name: string): (typeof askedTables)[number] | undefined =>
  askedTables.find((table) => table.name === name);

/** The columns of a table's rows, by its name. */
export type ColumnsNamed<Name extends TableName> = ColumnsOf<Extract<AnyTable, { readonly name: Name }>>;

/** The table of the engagements' head rows. */
export const engagementHead = engagements.name;

/** The tables in which sweep finds what an outage concerns: what was raised, and what waits. */
export const outageTables: readonly string[] = [flags.name, deadlines.name];

/** The tables by which a partner's own engagements, offers, campaigns and parties are found: the heads of each kind of stream. */
export const scopeTables: readonly TableName[] = catalog
  .filter(({ grain }, index) => grain !== 'group' && catalog.findIndex((table) => table.grain === grain) === index)
  .map(({ name }) => name);

/** The table by which a severity depends on other engagements, when rows are read. */
export const quartileTable = arrQuartiles.name;

/** The tables that answers of long questions read, beside streams. */
export const answerTables: readonly TableName[] = [...scopeTables, quartileTable];

/** A level of projection: `streams` writes rows of streams, `groups` writes rows of groups. */
export type Level = 'streams' | 'groups';

/** For each level, the table of the heads that are no rows. */
export const headsOfLevel: Readonly<Record<Level, string>> = { streams: referenceHeads.name, groups: rollupHeads.name };

const levelOf = ({ grain }: Table): Level => (grain === 'group' ? 'groups' : 'streams');

/** The names of all tables that a level writes: for its rows, its heads, and its contributions to groups. */
export const writtenTables = (level: Level): readonly string[] => [
  ...tables.filter((table) => levelOf(table) === level).map(({ name }) => name),
  headsOfLevel[level],
  contributions.name,
];

/** The tables of an engagement's rows; the first one holds the head row. */
export const engagementTables: readonly EngagementTable[] = catalog.filter((table) => table.grain === 'engagement');

/** The tables of offers, campaigns and parties. */
export const referenceTables: readonly ReferenceTable[] = catalog.flatMap((table) =>
  table.grain === 'engagement' || table.grain === 'group' ? [] : [table],
);
