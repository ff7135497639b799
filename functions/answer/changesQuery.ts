// How is the question answered what differs between two dates?
// The routes call it; it reads streams, and begins a run where much must be folded.
import { parseInstant } from '../../events/instant.ts';
import { computedWith } from '../query/askedEngagement.ts';
import {
  type Answered,
  badRequest,
  clocks,
  type QueryRequest,
  type Refused,
  unknownParameter,
  unknownWord,
} from '../query/queryRequest.ts';
import { begunAnswer } from './begunAnswer.ts';
import { changedTables } from './changesAnswer.ts';
import { asksForOthers, type LongQuestions, noItems } from './datedRows.ts';
import type { ChangesQuestion } from './question.ts';

export interface Dates {
  readonly from: string;
  readonly to: string;
}

/** The two dates of a question; neither lies in the future, and the first comes first. */
export const datesOf = (
  said: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: string,
): Dates | Refused => {
  const dates: Record<string, string> = {};
  for (const name of ['from', 'to'] as const) {
    const text = said[name];
    if (text === undefined)
      return badRequest(`${name}Missing`, `give ${name}, an instant such as 2026-06-30T00:00:00Z`);
    const instant = parseInstant(text);
    if (instant === undefined)
      return badRequest(`${name}NotAnInstant`, `${name} is an instant such as 2026-06-30T00:00:00Z, not ${text}`);
    if (instant > now) return badRequest(`${name}InTheFuture`, `${name} lies in the future`);
    dates[name] = instant;
  }
  const { from = '', to = '' } = dates;
  return from < to ? { from, to } : badRequest('datesInWrongOrder', 'from must lie before to');
};

/** Answers `GET /v1/changes`. */
export const createChangesQuery =
  ({ direct, begin }: LongQuestions) =>
  async (question: QueryRequest): Promise<Answered> => {
    const { asked, caller, now } = question;
    const refused =
      unknownParameter(asked, ['from', 'to', 'clock', 'table', 'partner', 'cursor', 'limit']) ??
      unknownWord(asked, 'clock', clocks) ??
      unknownWord(asked, 'table', changedTables);
    if (refused !== undefined) return refused;
    const dates = datesOf(asked, now);
    if ('problem' in dates) return dates;
    const table = changedTables.find((each) => each === asked.table);
    const clock = clocks.find((each) => each === asked.clock) ?? clocks[0];
    const { partner } = asked;
    const changes: ChangesQuestion = {
      ...{ ask: 'changes', ...dates, clock },
      ...(table !== undefined && { table }),
      ...(partner !== undefined && { partner }),
    };
    const asking = { question: changes, caller, now };
    const page = asksForOthers(question) ? noItems : await direct({ question, asking });
    if (page === 'tooMany') return begunAnswer(await begin(asking));
    if ('problem' in page) return page;
    const { items, texts, cursor, unreadable } = page;
    const about = { ...dates, clock, computedWith, unreadable, ...(cursor !== undefined && { cursor }) };
    return { body: { items, ...about }, texts, asOf: dates.to };
  };
