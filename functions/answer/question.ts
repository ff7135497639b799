// Which long questions may be asked, and for whom is each answered?
import * as z from 'zod';
import { ruleOf } from '../../domain/patterns/catalog.ts';
import { type AskedName, askedNames, tableNamed } from '../../domain/rows/catalog.ts';
import type { Cell } from '../../domain/rows/row.ts';
import type { Grain } from '../../domain/rows/table.ts';
import { Instant } from '../../events/instant.ts';
import type { Caller } from '../http/caller.ts';

const clock = z.enum(['occurred', 'recorded']);
const Table = z.custom<AskedName>((name) => askedNames.some((each) => each === name));

/** Rows of a table as of a date; the filters apply to the rows of that date. */
const Rows = z.strictObject({
  ask: z.literal('rows'),
  table: Table,
  at: Instant,
  clock,
  equals: z.record(z.string(), z.string()),
  flag: z.string().optional(),
  partner: z.string().optional(),
});
export type RowsQuestion = Readonly<z.infer<typeof Rows>>;

/** What differs between two dates. `partner` led at one of them; without `table`, in all tables of engagements. */
const Changes = z.strictObject({
  ask: z.literal('changes'),
  from: Instant,
  to: Instant,
  clock,
  table: Table.optional(),
  partner: z.string().optional(),
});
export type ChangesQuestion = Readonly<z.infer<typeof Changes>>;

/** What other thresholds would have raised from `from` on and before `to`. `partner` leads now. */
export const WhatIf = z.strictObject({
  ask: z.literal('whatIf'),
  /** Only what was named: a rule's schema would add the defaults of its other thresholds. */
  set: z.record(z.string(), z.record(z.string(), z.union([z.number(), z.boolean()]))),
  from: Instant,
  to: Instant,
  partner: z.string().optional(),
});
export type WhatIfQuestion = Readonly<z.infer<typeof WhatIf>>;

export const Question = z.discriminatedUnion('ask', [Rows, Changes, WhatIf]);
export type Question = RowsQuestion | ChangesQuestion | WhatIfQuestion;

/** A question with the one who asks, and when: a run answers it as of then, however long it takes. */
export interface Asking {
  readonly question: Question;
  readonly caller: Caller;
  readonly now: Instant;
}

/** What must be folded for the answer: engagements, or the streams that the rows of the table belong to. */
export const grainOf = (question: Question): Grain => {
  if (question.ask !== 'rows') return 'engagement';
  const grain = tableNamed(question.table)?.grain;
  // What is made of the rows of flags belongs to their engagement, and groups gather what engagements feed them.
  return grain === undefined || grain === 'group' ? 'engagement' : grain;
};

type Cells = Readonly<Record<string, Cell>>;

const hasOpenFlag = ({ openRules }: Cells, flag: string): boolean =>
  Array.isArray(openRules) &&
  openRules.some((rule) => rule === flag || (typeof rule === 'string' && ruleOf(rule)?.pattern === flag));

/** Whether a row passes the filters of the question. */
export const matches = (row: Cells, { equals, flag, partner }: RowsQuestion): boolean =>
  Object.entries(equals).every(([column, value]) => row[column] === value) &&
  (partner === undefined || row.leadPartnerId === partner) &&
  (flag === undefined || hasOpenFlag(row, flag));
