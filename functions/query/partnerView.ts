// Which columns of a row, and which fields of an event, may a caller see?
import type * as z from 'zod';
import { type Context, partyIdOf } from '../../domain/context/context.ts';
import { type TableName, tableNamed } from '../../domain/rows/catalog.ts';
import type { Cell } from '../../domain/rows/row.ts';
import type { Table } from '../../domain/rows/table.ts';
import { type Audience, audienceOf } from '../../events/audience.ts';
import { definitionOf, type RecordedEvent } from '../../events/catalog.ts';
import { Reference } from '../../events/envelope.ts';
import { fieldsIn } from '../../events/fieldsIn.ts';
import type { Caller } from '../http/caller.ts';
import type { ReadRow } from './rowReader.ts';

/** The reason that stands where the caller may not see a value. */
export const notYours = 'not_yours';

/** The columns that may be hidden from a partner: all that are not declared for everyone. */
export const hideableColumns = (table: Table): readonly string[] =>
  Object.entries(table.columns.shape)
    .filter(([, column]) => audienceOf(column).kind !== 'everyone')
    .map(([name]) => name);

/**
 * A row as the caller may see it: a vendor sees all, a partner what is declared for everyone or for a party that it is. Hidden
 * columns are null, and the row gives the reason.
 */
export const rowFor = ({ role, partnerId }: Caller, name: TableName, row: ReadRow): ReadRow => {
  const table = tableNamed(name);
  if (role === 'vendor' || table === undefined) return row;
  const sees = (audience: Audience): boolean =>
    audience.kind === 'everyone' ||
    (audience.kind === 'parties' && audience.namedBy.some((column) => row[column] === partnerId));
  const columns: Readonly<Record<string, z.ZodType>> = table.columns.shape;
  const hideable = hideableColumns(table);
  const hidden = hideable.filter((each) => {
    const column = columns[each];
    return column === undefined || !sees(audienceOf(column));
  });
  if (hidden.length === 0) return row;
  const shown: Record<string, Cell> = { ...row };
  for (const each of hidden) shown[each] = null;
  if (table.reasonColumn !== undefined) shown[table.reasonColumn] = notYours;
  // Where every such column is hidden, the caller sees only that the row exists.
  if (hidden.length === hideable.length) shown.reason = notYours;
  return shown;
};

/** An event as the caller may see it: hidden fields are null, and the reason stands beside them. */
export type ShownEvent = Omit<RecordedEvent, 'data' | 'type'> & {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
};

type Data = Readonly<Record<string, unknown>>;

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Shows events to a caller, field by field, as the catalog declares who sees each field. */
export const eventsFor = ({ role, partnerId, tenantId }: Caller, links: Context['links']) => {
  const isOwn = (value: unknown): boolean => {
    const named = Reference.safeParse(value);
    return named.success && partyIdOf({ tenantId, links }, named.data) === partnerId;
  };

  /** `around` holds the objects that enclose this one, the nearest first; one of them may name the party. */
  const shownIn = (fields: ReturnType<typeof fieldsIn>, data: Data, around: readonly Data[]): Data => {
    const objects = [data, ...around];
    const sees = (audience: Audience): boolean =>
      audience.kind === 'everyone' ||
      (audience.kind === 'parties' && audience.namedBy.some((name) => objects.some((each) => isOwn(each[name]))));
    const shown: Record<string, unknown> = {};
    let hidesAny = false;
    for (const [name, value] of Object.entries(data)) {
      const field = fields.get(name);
      if (field === undefined || !sees(field.audience)) {
        shown[name] = null;
        hidesAny = true;
      } else shown[name] = field.within === undefined ? value : shownWithin(field.within, value, objects);
    }
    return hidesAny ? { ...shown, reason: notYours } : shown;
  };

  const shownWithin = (fields: ReturnType<typeof fieldsIn>, value: unknown, around: readonly Data[]): unknown => {
    if (Array.isArray(value)) return value.map((each) => shownWithin(fields, each, around));
    return isData(value) ? shownIn(fields, value, around) : value;
  };

  return (event: RecordedEvent): ShownEvent => {
    const definition = definitionOf(event.type);
    if (role === 'vendor' || definition === undefined) return event;
    return { ...event, data: shownIn(fieldsIn(definition.data), event.data, []) };
  };
};
