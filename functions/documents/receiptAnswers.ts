// Which shape do the answers about receipts and about health have?
import * as z from 'zod';
import type { PipelineHealth } from '../query/health/pipelineHealth.ts';
import type { QueueDepth } from '../query/queueDepths.ts';
import { receiptStatuses } from '../receipts/receipt.ts';
import type { ListedReceipt } from '../receipts/receiptLists.ts';
import type { AwaitedId, ShownFact, ShownReceipt } from '../receipts/receiptReader.ts';
import type { CountedSource } from '../receipts/sourceCounts.ts';
import type { Unmatched } from '../receipts/unmatched.ts';
import { cursor, every, RecordToReadAgain } from './answers.ts';

type ShapeOf<T> = { readonly [field in keyof T]-?: z.ZodType<T[field]> };

const listed = {
  receipt: z.string().describe("The receipt's id, which the sender's 2xx carries."),
  status: z.string().describe(`Its status: ${receiptStatuses.join(', ')}.`),
  reason: z
    .string()
    .nullable()
    .describe('Why it waits, or waited until it expired, was ignored or was refused; null where it does not.'),
  source: z.string().describe('The source.'),
  connection: z.string().describe('The connection.'),
  receivedAt: z.string().describe('When it was received.'),
} satisfies ShapeOf<ListedReceipt>;

const Listed = z.strictObject(listed);

const Waiting: z.ZodType<Unmatched> = z.strictObject({
  ...listed,
  waysOut: z.array(z.string()).describe('What would free it, with the request to send; empty where no link would.'),
  waitsUntil: z.string().describe('When it ends as expired if it still waits then.'),
});

export const UnmatchedReceipts = z.strictObject({
  items: z.array(Waiting).describe('Oldest first, 500 at the most.'),
  complete: z.boolean().describe('False where there are more than are listed.'),
  readAgain: z
    .array(RecordToReadAgain)
    .describe('The records to read again, because a change of them could not be read. As they were recorded.'),
  cursor: cursor.describe('Send it with the same request to get the next records; absent where these were the last.'),
  ...every,
});

export const Receipts = z.strictObject({ items: z.array(Listed).describe('Newest first.'), cursor, ...every });

const issues = z
  .array(z.looseObject({ path: z.string(), message: z.string() }))
  .describe('What is wrong, and at which path.');

const Awaited: z.ZodType<AwaitedId> = z.strictObject({
  system: z.string(),
  kind: z.string(),
  id: z.string(),
  linked: z.boolean().describe('Whether it is linked now.'),
});

const Came: z.ZodType<ShownFact> = z.strictObject({
  type: z.string().describe('The type of the fact.'),
  factId: z.string().describe('The fact; restatements and corrections keep it.'),
  eventId: z.string().describe('The event that this receipt said.'),
  stream: z.string().describe('The stream that it belongs to.'),
  recorded: z
    .boolean()
    .nullable()
    .describe("Whether the stream has an event of this fact; null where it can't be read."),
  stands: z.boolean().nullable().describe('Whether the event that this receipt said is the one that counts.'),
  standing: z.string().nullable().describe('The event of the fact that counts now; null where none does.'),
});

const shown = {
  ...listed,
  mend: z.string().nullable().describe('What to do, so that it becomes facts; null where nothing is to be done.'),
  issues,
  parts: z
    .array(z.looseObject({ path: z.string(), status: z.string(), reason: z.string().optional(), issues }))
    .describe('How each part of a batch ended.'),
  unknownKeys: z.array(z.string()).describe('Keys of the message that nobody knows.'),
  freeTexts: z
    .array(z.string())
    .describe('Where the message has free text; it was left out of the facts, and a person got a reference.'),
  waitsUnder: z.array(Awaited).describe('The external ids for which it waits, or has waited.'),
  facts: z.array(Came).describe('The facts that came of it.'),
  factsLeftOut: z.number().describe('How many further facts came of a large batch; they are not listed.'),
  waitsUntil: z
    .string()
    .nullable()
    .describe('When it ends as expired if it still waits then; null where it does not wait.'),
  expiresAt: z.string().nullable().describe('When it is deleted; null while it is open.'),
} satisfies ShapeOf<ShownReceipt>;

export const OneReceipt = z.strictObject({ ...shown, ...every });

const byReason = z.record(z.string(), z.int()).describe('By reason.');

const counted = {
  connection: z.string().describe('The connection.'),
  source: z.string().nullable().describe('The source; null before its first message.'),
  lastHeardAt: z.string().nullable().describe('When its last message came; null where none has come.'),
  received: z.int().describe('Messages that were stored; the last ones of a burst are counted with the next message.'),
  translated: z.int().describe('Receipts that became facts.'),
  ignored: byReason,
  refused: byReason,
  expired: byReason,
} satisfies ShapeOf<CountedSource>;

export const ReceiptSummary = z.strictObject({ connections: z.array(z.strictObject(counted)), ...every });

const Depth: z.ZodType<QueueDepth> = z.strictObject({
  queue: z.string().describe('The function that reads the queue.'),
  waiting: z.number().describe('Messages that wait.'),
  inFlight: z.number().describe('Messages that are being worked on, or wait for their next delivery after a failure.'),
  dead: z.number().describe('Messages that failed five times.'),
});

const Waits = z.strictObject({
  receipts: z
    .strictObject({
      pending: z.int().describe('Receipts that are not translated yet.'),
      waiting: z.int().describe('Receipts that wait for a link or a correction.'),
      endingSoon: z.int().describe('Of the waiting ones, those that end as expired within 30 days.'),
      complete: z.boolean().describe('False where there are more than were counted.'),
    })
    .describe("This tenant's open receipts."),
  queues: z.array(Depth).describe('Messages of all tenants, by function; SQS counts approximately.'),
});

const health = {
  complete: z
    .boolean()
    .describe(
      'Whether every head and every stream of the tenant was looked at. Of a tenant with over 100 heads these are looked at: the first hundred, those of the newest messages, and some at random. `all=true` looks at all.',
    ),
  engagements: z.int().describe('How many heads of engagements were looked at.'),
  references: z.int().describe('How many heads of parties, offers and campaigns were looked at.'),
  groups: z.int().describe('How many heads of groups were looked at; rollups write their rows.'),
  behind: z.int().describe('Heads behind their streams, overdue, half written, or computed by other code.'),
  overdue: z.int().describe('Of these: heads whose due instant has passed.'),
  oldestEvaluation: z.string().nullable().describe('The instant of the oldest evaluation; null without heads.'),
  absent: z.int().describe('Streams that have no head; with `all=true` counted on the pages after the heads.'),
  tried: z
    .int()
    .describe(
      'Streams that were read for `unreadable`: at most 20, or 50 with `all=true`; those of heads behind or absent first.',
    ),
  unreadable: z
    .array(z.strictObject({ stream: z.string(), reason: z.string() }))
    .describe(
      "Of the streams that were tried: those that can't be read to their end, or are not as they were recorded.",
    ),
  waits: Waits.exactOptional().describe('What waits now; not on later pages.'),
  cursor: cursor.describe('Send it with the same request to get the next page; absent on the last page.'),
} satisfies ShapeOf<PipelineHealth>;

export const Health = z.strictObject({ ...health, ...every });
