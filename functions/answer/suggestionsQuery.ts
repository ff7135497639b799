// How is the question answered which thresholds the tenant's own history suggests?
// The routes call it; it reads streams, and begins a run where much must be folded.
import { type Answered, type QueryRequest, unknownParameter } from '../query/queryRequest.ts';
import { begunAnswer } from './begunAnswer.ts';
import type { LongQuestions } from './datedRows.ts';

/** Answers `GET /v1/suggestions`. Thresholds are the vendor's to set: no partner asks. */
export const createSuggestionsQuery =
  ({ direct, begin }: LongQuestions) =>
  async (question: QueryRequest): Promise<Answered> => {
    const { asked, caller, now } = question;
    if (caller.role !== 'vendor') {
      return { problem: { status: 403, reason: 'vendorsOnly', detail: "only the tenant's own people may ask this" } };
    }
    const unknown = unknownParameter(asked, ['cursor', 'limit'], []);
    if (unknown !== undefined) return unknown;
    const asking = { question: { ask: 'suggestions' }, caller, now } as const;
    const page = await direct({ question, asking });
    if (page === 'tooMany') return begunAnswer(await begin(asking));
    if ('problem' in page) return page;
    const { items, texts, cursor, unreadable } = page;
    return { body: { items, ...(cursor !== undefined && { cursor }), unreadable }, texts, asOf: now };
  };
