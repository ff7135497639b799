// How are lists and tables answered as of a date: in the request itself, or by a run where much must be folded?
// The list queries call it; it reads streams, and begins runs.
import type { AskedName } from '../../domain/rows/catalog.ts';
import type { AsOf } from '../query/engagementAt.ts';
import type { Answered, QueryRequest } from '../query/queryRequest.ts';
import type { BeginRun } from './beginRun.ts';
import { begunAnswer } from './begunAnswer.ts';
import type { createDirectPage, DirectPage, DirectRequest } from './directPage.ts';
import type { RowsQuestion } from './question.ts';

export interface DatedRowsAsked extends Pick<DirectRequest, 'usual' | 'write'> {
  readonly table: AskedName;
  readonly asOf: AsOf;
  /** Columns that must have this value; undefined: any value. */
  readonly equals?: Readonly<Record<string, string | undefined>>;
  /** A rule or a pattern of which a flag must be open. */
  readonly flag?: string | undefined;
}

export type DatedRows = (question: QueryRequest, asked: DatedRowsAsked) => Promise<DirectPage | Answered>;

export interface LongQuestions {
  readonly direct: ReturnType<typeof createDirectPage>;
  readonly begin: BeginRun;
}

const given = (equals: Readonly<Record<string, string | undefined>>): RowsQuestion['equals'] =>
  Object.fromEntries(
    Object.entries(equals).flatMap(([column, value]) => (value === undefined ? [] : [[column, value]])),
  );

/** A partner that asks for another partner's rows finds none, as in the lists of today. */
export const asksForOthers = ({ caller, asked }: QueryRequest): boolean =>
  caller.role === 'partner' && asked.partner !== undefined && asked.partner !== caller.partnerId;

export const noItems: DirectPage = { items: [], texts: [], cursor: undefined, unreadable: [] };

/** Rows as of a date. The filters apply to the rows of that date. */
export const createDatedRows =
  ({ direct, begin }: LongQuestions): DatedRows =>
  async (question, { table, asOf, equals = {}, flag, usual, write }) => {
    if (asksForOthers(question)) return noItems;
    const { partner } = question.asked;
    const rows: RowsQuestion = {
      ...{ ask: 'rows', table, at: asOf.at, clock: asOf.clock, equals: given(equals) },
      ...(flag !== undefined && { flag }),
      ...(partner !== undefined && { partner }),
    };
    const asking = { question: rows, caller: question.caller, now: question.now };
    const page = await direct({ question, asking, usual, write });
    return page === 'tooMany' ? begunAnswer(await begin(asking)) : page;
  };
