// Which receipts does a vendor see, with which filters?
// The routes call it; it reads the receipts table and its indexes, the table of sources, and streams through the cache.
import { addDays, type Instant, parseInstant } from '../../events/instant.ts';
import { endedDaysKept, receiptStatuses } from '../receipts/receipt.ts';
import { keyOfReceiptId } from '../receipts/receiptId.ts';
import type { ReceiptLists } from '../receipts/receiptLists.ts';
import type { ReceiptReader } from '../receipts/receiptReader.ts';
import type { SourceCounts } from '../receipts/sourceCounts.ts';
import { forVendors } from './forVendors.ts';
import { limitOf, placeOf } from './pageSize.ts';
import { type Answered, badRequest, notFound, type QueryRequest, type Refused, unknownWord } from './queryRequest.ts';

export interface ReceiptQueries {
  list(question: QueryRequest): Promise<Answered>;
  receipt(question: QueryRequest, id: string): Promise<Answered>;
  /** How the messages of each connection have ended, by reason. */
  summary(question: QueryRequest): Promise<Answered>;
}

export interface ReceiptQueriesSettings {
  readonly lists: ReceiptLists;
  readonly read: ReceiptReader;
  readonly counts: SourceCounts;
  /** The days that a receipt may wait. */
  readonly waitingDays: number;
}

/** Before any receipt. */
const beginning = '0';

/** An instant of the request; undefined where the request names none. */
const instantIn = ({ asked }: QueryRequest, name: 'from' | 'to'): { readonly at: Instant | undefined } | Refused => {
  const said = asked[name];
  const at = said === undefined ? undefined : parseInstant(said);
  return said !== undefined && at === undefined
    ? badRequest(`${name}NotAnInstant`, `${name} is an instant such as 2026-06-30T00:00:00Z, not ${said}`)
    : { at };
};

export const createReceiptQueries = ({ lists, read, counts, waitingDays }: ReceiptQueriesSettings): ReceiptQueries => {
  const page = async (question: QueryRequest): Promise<object | Refused> => {
    const { asked, caller, now } = question;
    const wrong = unknownWord(asked, 'status', receiptStatuses);
    if (wrong !== undefined) return wrong;
    const size = limitOf(asked);
    if ('problem' in size) return size;
    const place = placeOf(question, ['receipts']);
    if ('problem' in place) return place;
    const from = instantIn(question, 'from');
    if ('problem' in from) return from;
    const to = instantIn(question, 'to');
    if ('problem' in to) return to;
    const end = to.at ?? addDays(now, 1);
    if (from.at !== undefined && from.at >= end) return badRequest('fromNotBeforeTo', 'from must lie before to');
    const status = receiptStatuses.find((each) => each === asked.status);
    const ended = status === 'ignored' || status === 'refused' || status === 'expired';
    const waited = status === 'expired' ? waitingDays : 0;
    // A `#` would lead out of the tenant's receipts: of a tenant that is named `part`, to the parts of other tenants' bodies.
    const only = asked.connection === undefined ? undefined : [asked.connection].filter((id) => !id.includes('#'));
    const { items, end: last } = await lists({
      ...{ tenantId: caller.tenantId, status, source: asked.source, only },
      connections: async () => only ?? (await counts(caller.tenantId)).map(({ connection }) => connection),
      // Older ones that ended without facts are deleted.
      from: from.at ?? (ended ? addDays(end, -endedDaysKept - waited) : beginning),
      before: place.after ?? end,
      limit: size.limit,
    });
    return { items, ...(last !== undefined && { cursor: place.cursorAt(last) }) };
  };

  return {
    list: (question) =>
      forVendors(question, {
        known: ['status', 'source', 'connection', 'from', 'to', 'cursor', 'limit'],
        body: () => page(question),
      }),
    receipt: (question, id) =>
      forVendors(question, {
        known: [],
        body: async () => {
          const key = keyOfReceiptId(question.caller.tenantId, id);
          const found = key === undefined ? undefined : await read(key);
          return found ?? notFound(`no receipt ${id}; an ended receipt is deleted after ${endedDaysKept} days`);
        },
      }),
    summary: (question) =>
      forVendors(question, {
        known: [],
        body: async () => ({ connections: await counts(question.caller.tenantId) }),
      }),
  };
};
