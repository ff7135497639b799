// How does a statement of the channel's first lesson say what brings it alive, or which subject it waits for?
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { ColumnsNamed, TableName } from '../../domain/rows/catalog.ts';
import type { Row } from '../../domain/rows/row.ts';
import { catalog, type EventType, type RecordedEvent, type RecordedOf } from '../../events/catalog.ts';
import { readRoutes } from '../../functions/documents/readRoutes.ts';
import { whatIfPath } from '../../functions/documents/runPaths.ts';

/** What the sample gives: its recorded facts, and the rows of every table. */
export interface Opened {
  readonly facts: readonly RecordedEvent[];
  readonly rows: readonly Row[];
}

/** Something that brings a statement alive; `isThere` says whether the sample, or the catalog, holds it. */
export interface Proof {
  readonly named: string;
  isThere(opened: Opened): boolean;
}

/** The issues that bring what the sample can't show yet. */
export type Subject = 'sources' | 'economics' | 'dashboard';

export interface Statement {
  readonly id: string;
  /** What it states, in our own words. */
  readonly states: string;
  readonly shownBy: readonly Proof[] | Subject;
}

type Cells = Row['columns'];

const hasValue = (cell: Cells[string] | undefined): boolean =>
  cell !== null && cell !== undefined && cell !== '' && !(Array.isArray(cell) && cell.length === 0);

const holds = (cell: Cells[string] | undefined, value: unknown): boolean =>
  cell === value || (Array.isArray(cell) && cell.some((part) => part === value));

/** What a column holds: the value itself, or one in its list. */
type Held<Value> = Value extends readonly (infer Part)[] ? Part : Value;

/** A column with a value in a row in which other columns hold what is asked. */
export const column = <Name extends TableName>(
  table: Name,
  name: Extract<keyof ColumnsNamed<Name>, string>,
  where: { readonly [Column in keyof ColumnsNamed<Name>]?: Held<ColumnsNamed<Name>[Column]> } = {},
): Proof => ({
  named: `${table}.${name} where ${JSON.stringify(where)}`,
  isThere: ({ rows }) =>
    rows.some(
      ({ table: own, columns }) =>
        own === table &&
        hasValue(columns[name]) &&
        Object.entries(where).every(([other, value]) => holds(columns[other], value)),
    ),
});

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));

/** Whether an event is of a type. */
export const isOf =
  <Type extends EventType>(type: Type) =>
  (event: RecordedEvent): event is RecordedOf<Type> =>
    event.type === type;

/** A recorded fact that says it. */
export const fact = <Type extends EventType>(
  type: Type,
  says: (event: RecordedOf<Type>) => boolean = () => true,
): Proof => ({
  named: `${type}: ${says}`,
  isThere: ({ facts }) => facts.filter(isOf(type)).some(says),
});

/** A field of the catalog that the sample's systems say nothing in. */
export const field = (type: EventType, name: string): Proof => ({
  named: `${type}.${name}`,
  isThere: () => catalog[type].data instanceof z.ZodObject && Object.hasOwn(catalog[type].data.shape, name),
});

/** A rule that flags something in the sample. */
export const rule = (id: string): Proof => ({
  named: id,
  isThere: ({ rows }) => rows.some(({ columns }) => hasValue(columns.flagId) && columns.rule === id),
});

export const command = (name: string): Proof => ({
  named: `npm run ${name}`,
  isThere: () => Object.hasOwn(scripts, name),
});

export const path = (asked: string): Proof => ({
  named: asked,
  isThere: () => readRoutes.some((route) => route.path === asked) || Object.hasOwn(whatIfPath, asked),
});
