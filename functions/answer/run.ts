// What is a run: a long question that is answered chunk by chunk?
import * as z from 'zod';
import { canonicalJson, uuidOf } from '../../events/identifiers.ts';
import { addDays, epochOf, Instant } from '../../events/instant.ts';
import type { Caller } from '../http/caller.ts';
import { type Asking, Question } from './question.ts';

const Asker = z.strictObject({
  tenantId: z.string(),
  role: z.enum(['vendor', 'partner']),
  partnerId: z.string().optional(),
});
/** Whose the run is: of the tenant's own people, or of the people of one partner. */
export type Asker = Readonly<z.infer<typeof Asker>>;

/** How many streams the question covers, and in how many chunks; known once all are listed. */
const Listed = z.strictObject({ streams: z.int().min(0), chunks: z.int().min(0) });
export type Listed = Readonly<z.infer<typeof Listed>>;

/** The run as its row says it. */
export const Run = z.strictObject({
  id: z.string(),
  asker: Asker,
  question: Question,
  startedAt: Instant,
  expiresAt: Instant,
  cancelled: z.boolean(),
  listed: Listed.optional(),
  /** Why its list could not be made, so that it has no answer. */
  failed: z.string().optional(),
});
export type Run = Readonly<z.infer<typeof Run>>;

/** A run and all of its items are gone after so many days. */
const keptDays = 7;

/** A part of a page of the list of streams. */
export const Chunk = z.strictObject({ page: z.int().min(0), slice: z.int().min(0) });
export type Chunk = Readonly<z.infer<typeof Chunk>>;

/** The most streams of a page of the list, and of a chunk: what is heavy to fold still fits into one call. */
export const pageStreams = 500;
export const chunkStreams = 25;

/** The run of a question that is asked now. */
export const begunRun = (id: string, { caller, question, now }: Asking): Run => {
  const { tenantId, role, partnerId } = caller;
  const asker = { tenantId, role, ...(partnerId !== undefined && { partnerId }) };
  return { id, asker, question, startedAt: now, expiresAt: addDays(now, keptDays), cancelled: false };
};

/** What its chunks are answered for: the one who asked, as of when it began. */
export const askingOf = ({ asker, question, startedAt }: Run): Asking => ({
  question,
  caller: { tenantId: asker.tenantId, role: asker.role, partnerId: asker.partnerId, subject: 'run' },
  now: startedAt,
});

/** Whether a caller may see the run: it is of the same tenant, and of the same partner or of none. */
export const isOwnRun = ({ asker }: Run, { tenantId, role, partnerId }: Caller): boolean =>
  asker.tenantId === tenantId && asker.role === role && asker.partnerId === partnerId;

/** Whether a caller may end the run: its own, and the tenant's own people that of a partner, since they pay for it. */
export const mayCancel = (run: Run, caller: Caller): boolean =>
  isOwnRun(run, caller) || (run.asker.tenantId === caller.tenantId && caller.role === 'vendor');

/** DynamoDB's own clock for deleting, in seconds. */
export const secondsOf = (instant: Instant): number => Math.ceil(epochOf(instant) / 1000);

/** The same words of the same asker: one run at a time answers them. */
export const askedKey = ({ caller: { role, partnerId }, question }: Asking): string =>
  uuidOf('asked', role, partnerId ?? '', canonicalJson(question));
