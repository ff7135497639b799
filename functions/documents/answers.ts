// Which shape does each answer of the read and record API have?
import * as z from 'zod';
import { type AskedName, askedNamed, askedTables } from '../../domain/rows/catalog.ts';
import { audienceOf, declaredAudience } from '../../events/audience.ts';
import { eventTypes } from '../../events/catalog.ts';
import { Reference, recordedEnvelope } from '../../events/envelope.ts';
import { innerDeclares } from '../../events/fieldsIn.ts';
import { Instant } from '../../events/instant.ts';
import type { PersonName } from '../names/names.ts';
import { tablesOfEngagement } from '../query/engagementReader.ts';
import type { SourceFreshness } from '../query/freshness.ts';
import type { RecordToRead } from '../query/readAgain.ts';
import { hideableColumns, notYours, reasonColumns } from '../query/visibility/partnerView.ts';
import { describedFor } from './seenByText.ts';
import { rowSchema } from './tableSchemas.ts';

const Freshness: z.ZodType<SourceFreshness> = z.strictObject({
  connection: z.string().nullable().describe('The connection; null for partners.'),
  source: z.string().nullable().describe('The source.'),
  lastHeardAt: Instant.nullable().describe('When its last message came; null where none has come.'),
  reason: z.literal('neverHeard').exactOptional().describe('Why there is no time.'),
  quietSince: Instant.exactOptional().describe(
    'Since when it has been silent for longer than its rhythm: rules that need it are suspended. Absent while it is heard.',
  ),
  waits: z
    .enum(['receipts', 'queues'])
    .exactOptional()
    .describe(
      'Why the answer may lack what this source has said: its receipts are not translated yet, or messages wait in queues. Absent where nothing waits; up to five seconds old.',
    ),
});

/** What every answer has. */
export const every = {
  asOf: Instant.describe('The instant that the answer is about.'),
  freshness: z.array(Freshness).describe('The sources behind the answer, and when the last message of each came.'),
  names: z
    .record(z.string(), z.string())
    .exactOptional()
    .describe('The names of the persons to whom the answer refers, by reference; only with `names=true`.'),
};

/** The cursor of a list. */
export const cursor = z
  .string()
  .optional()
  .describe('Send it with the same request to get the next page; absent on the last page.');

export const dated = {
  clock: z
    .enum(['occurred', 'recorded'])
    .optional()
    .describe('The clock of `asOf`; absent where the request has no `asOf`.'),
  computedWith: z
    .string()
    .optional()
    .describe('The code and the events that the rows were computed with; absent where the request has no `asOf`.'),
};

/** What could not be folded. */
export const unreadable = z
  .array(z.string())
  .describe('The ids of what this page could not read; only with `asOf`. /v1/health says to the vendor why.');

/** A schema for everyone, in which the fields that objects inside it keep from partners may be null. */
const veiledWithin = (schema: z.core.$ZodType): z.core.$ZodType => {
  const text = z.globalRegistry.get(schema)?.description ?? '';
  if (schema instanceof z.ZodArray) return z.array(veiledWithin(schema.element)).describe(text);
  if (!(schema instanceof z.ZodObject)) return schema;
  const fields = Object.entries(schema.shape).map(([name, field]): [string, z.core.$ZodType] => {
    const isOpen = declaredAudience(field)?.kind === 'everyone';
    return [name, isOpen ? opened(field) : z.nullable(field).describe(describedFor(field))];
  });
  return z.strictObject(Object.fromEntries(fields));
};

const opened = (schema: z.core.$ZodType): z.core.$ZodType => (innerDeclares(schema) ? veiledWithin(schema) : schema);

/** A row as callers get it: where a partner may not see a value, it is null, and the row gives the reason. */
const readableRow = (name: AskedName): z.ZodObject => {
  const table = askedNamed(name);
  if (table === undefined) throw new Error(`domain/rows/catalog.ts has no table ${name}`);
  const row = rowSchema(table);
  const hideable = hideableColumns(table);
  const reasons = reasonColumns(table);
  if (hideable.length === 0) return row.describe(table.describes);
  const veiled = Object.fromEntries(
    Object.entries(row.shape).map(([column, schema]): [string, z.core.$ZodType] => {
      if (reasons.includes(column))
        return [column, z.union([z.nullable(schema), z.literal(notYours)]).describe(describedFor(schema))];
      if (hideable.includes(column)) return [column, z.nullable(schema).describe(describedFor(schema))];
      return [column, opened(schema)];
    }),
  );
  return z
    .strictObject({
      ...veiled,
      ...(!('reason' in row.shape) && { reason: z.literal(notYours).optional().describe('Why a partner sees nulls.') }),
    })
    .describe(`${table.describes} A partner gets null where a value is not its own.`);
};

/** The row of every table, by the table's name. */
export const rows: ReadonlyMap<AskedName, z.ZodObject> = new Map(
  askedTables.map(({ name }) => [name, readableRow(name)]),
);

const rowOf = (name: AskedName): z.ZodObject => rows.get(name) ?? readableRow(name);

/** The envelope as callers get it: a field that a partner may not see is absent, or null if every event has it. */
const shownEnvelope = Object.fromEntries(
  Object.entries(recordedEnvelope()).map(([name, field]) => {
    if (audienceOf(field).kind === 'everyone') return [name, field];
    const text = describedFor(field);
    return [name, field instanceof z.ZodOptional ? field.describe(text) : z.nullable(field).describe(text)];
  }),
);

/** A recorded event as callers get it. */
export const ShownEvent = z
  .strictObject({
    ...shownEnvelope,
    type: z.enum(eventTypes).describe('The event type.'),
    data: z
      .record(z.string(), z.unknown())
      .describe(
        'The fields of its type, `<Type>Data`. Where a partner may not see a field, it is null, and `reason` says so.',
      ),
    reason: z.literal(notYours).optional().describe('Why a partner does not see all of it.'),
  })
  .describe('A recorded event of a stream.');

const TimelineEvent = ShownEvent.extend({
  latenessSeconds: z.int().min(0).describe('Whole seconds from its occurrence to its recording.'),
  stands: z.boolean().describe('False where a later restatement or correction has replaced it.'),
});

/** A page of a table's rows. */
export const pageOf = (name: AskedName): z.ZodType =>
  z.strictObject({ items: z.array(rowOf(name)), cursor, ...dated, unreadable: unreadable.optional(), ...every });

export const Engagement = z.strictObject({
  engagement: rowOf('engagements').nullable(),
  ...Object.fromEntries(
    tablesOfEngagement.filter((name) => name !== 'engagements').map((name) => [name, z.array(rowOf(name))]),
  ),
  cursor: cursor.describe('Send it with the same request to get the next rows; absent where these were the last.'),
  ...dated,
  ...every,
});

export const Timeline = z.strictObject({ items: z.array(TimelineEvent), cursor, ...every });

/** A flag of an engagement, or of a partner. */
const anyFlag = () => z.union([rowOf('flags'), rowOf('partner_flags')]);

export const Flags = z.strictObject({
  items: z.array(anyFlag()),
  cursor,
  ...dated,
  unreadable: unreadable.optional(),
  ...every,
});

export const Flag = z.strictObject({
  flag: anyFlag(),
  openedBy: ShownEvent.nullable().describe('The event that armed or opened the episode.'),
  clearedBy: ShownEvent.nullable().describe(
    'The event that cleared it; null while it is open, or where no event cleared it.',
  ),
  dismissedBy: ShownEvent.nullable().describe(
    'The event by which the vendor dismissed it last; null where none did. The row says until when it holds.',
  ),
  explanation: z
    .array(z.looseObject({ kind: z.enum(['event', 'silence', 'value']), event: ShownEvent.nullable() }))
    .describe('The evidence, each piece with the event that it cites.'),
  ...dated,
  ...every,
});

export const RecordToReadAgain: z.ZodType<RecordToRead> = z.strictObject({
  connection: z.string().describe('The connection.'),
  record: Reference.describe('The record, as its system names it; the id `*` means every record of that kind.'),
  lacks: z.string().nullable().describe('The field that our facts lack; null: any of them.'),
  reason: z.string().describe('Why it must be read again.'),
  since: Instant.describe('When the change occurred that could not be read.'),
  eventId: z.string().describe('The event that asks for it.'),
});

export const Recorded = z.strictObject({ events: z.array(ShownEvent).describe('The events that the fact added.') });

const PersonNamed = z.strictObject({
  reference: z.string().describe('The reference that facts hold.'),
  name: z.string().describe('Who it is.'),
}) satisfies z.ZodType<PersonName>;

export const NamesList = z.strictObject({ items: z.array(PersonNamed), cursor, ...every });

export const NamesPut = z.strictObject({
  named: z.array(z.string()).describe('The references that have the names now.'),
  removed: z.array(z.string()).describe('The references that have no name any more.'),
});

export const Problem = z
  .strictObject({
    type: z.string().describe('`urn:throughline:problem:` and the reason.'),
    title: z.string().describe('The status in words.'),
    status: z.int().describe('The status.'),
    reason: z.string().describe('What is wrong, as one stable word that clients can match.'),
    detail: z.string().describe('What is wrong, and how to correct it.'),
    issues: z
      .array(z.strictObject({ path: z.string().describe('The path of the field.'), message: z.string() }))
      .optional()
      .describe('Each field that is wrong.'),
  })
  .describe('A problem document (RFC 9457).');

export const Receipt = z.strictObject({
  receipt: z.string().describe('The id of the receipt that holds the message.'),
});

export const GatewayMessage = z
  .strictObject({ message: z.string().describe('What is wrong.') })
  .describe('An error of API Gateway itself, before a function of ours runs.');
