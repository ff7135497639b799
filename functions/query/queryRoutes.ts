// Which routes does the read API have, and which query answers each?
// The query handler calls it; its queries read tables and streams.

import { createChangesQuery } from '../answer/changesQuery.ts';
import { createDatedRows, type LongQuestions } from '../answer/datedRows.ts';
import { createRunQueries, type RunQueriesSettings } from '../answer/runQueries.ts';
import { createWhatIfQuery } from '../answer/whatIfQuery.ts';
import { type HttpAnswer, jsonAnswer, jsonTextAnswer, problemAnswer } from '../http/problem.ts';
import { createNameList, namesAsked, namesBeside } from '../names/nameQueries.ts';
import type { Names } from '../names/names.ts';
import type { UnmatchedReceipts } from '../receipts/unmatched.ts';
import { createEngagementQuery, createTimelineQuery } from './engagementQueries.ts';
import { fileResponse } from './fileResponse.ts';
import { createFlagQuery, type FlagQuerySettings } from './flags/flagQuery.ts';
import { forVendors } from './forVendors.ts';
import type { Freshness } from './freshness.ts';
import type { Health } from './health/health.ts';
import { createListQueries } from './listQueries.ts';
import { type Answered, notFound, type QueryRequest, unknownWord } from './queryRequest.ts';
import type { ReadAgain } from './readAgain.ts';
import type { ReceiptQueries } from './receiptQueries.ts';

export interface QuerySettings extends FlagQuerySettings {
  readonly freshness: Freshness;
  readonly unmatched: UnmatchedReceipts;
  readonly readAgain: ReadAgain;
  readonly receipts: ReceiptQueries;
  readonly health: Health;
  readonly names: Pick<Names, 'of' | 'page'>;
  /** What folds many engagements, in the request or in runs. */
  readonly long: LongQuestions;
  readonly runs: RunQueriesSettings;
}

/** The first part of the path after `/v1/`, for every route. */
export const rooms = [
  'engagements',
  'flags',
  'tables',
  'changes',
  'what-if',
  'runs',
  'receipts',
  'unmatched',
  'health',
  'names',
] as const;

type Route = (question: QueryRequest) => Promise<Answered>;

/** Chooses the query by the path of the request; an unknown path is a 404. */
const createRoutes = (settings: QuerySettings): Route => {
  const { rows, engagements, unmatched, readAgain, receipts, health, names, long } = settings;
  const lists = createListQueries(rows, createDatedRows(long));
  const changes = createChangesQuery(long);
  const whatIf = createWhatIfQuery({ begin: long.begin, known: engagements.known, rows });
  const runs = createRunQueries(settings.runs);
  const engagement = createEngagementQuery(engagements, rows);
  const timeline = createTimelineQuery(engagements);
  const nameList = createNameList(names);
  const flag = createFlagQuery({ rows, engagements });
  const waiting = async (tenantId: string, cursor: string | undefined) => {
    const asked = await readAgain(tenantId, cursor);
    return asked === undefined ? undefined : { ...(await unmatched(tenantId)), ...asked };
  };

  /** The routes that are no GET. */
  const changing = async (question: QueryRequest, room: string | undefined): Promise<Answered | undefined> => {
    const [, id, part] = question.path;
    if (question.method === 'POST' && room === 'what-if' && id === undefined) return await whatIf(question);
    if (question.method === 'DELETE' && room === 'runs' && id !== undefined && part === undefined)
      return await runs.cancel(question, id);
    return undefined;
  };

  return async (question) => {
    const { path, asked, caller, now, method = 'GET' } = question;
    const { tenantId } = caller;
    const [first, id, part, ...rest] = path;
    const room = rooms.find((known) => known === first);
    const nowhere = notFound(`no route /v1/${path.join('/')}`);
    if (rest.length > 0) return nowhere;
    if (method !== 'GET') return (await changing(question, room)) ?? nowhere;
    switch (room) {
      case 'engagements':
        if (id === undefined) return await lists.engagements(question);
        if (part === undefined) return await engagement(question, id);
        return part === 'events' ? await timeline(question, id) : nowhere;
      case 'flags':
        if (part !== undefined) return nowhere;
        return id === undefined ? await lists.flags(question) : await flag(question, id);
      case 'tables':
        return id === undefined || part !== undefined ? nowhere : await lists.table(question, id);
      case 'changes':
        return id === undefined ? await changes(question) : nowhere;
      case 'what-if':
        return nowhere;
      case 'runs':
        return id === undefined || part !== undefined ? nowhere : await runs.read(question, id);
      case 'receipts':
        if (part !== undefined) return nowhere;
        if (id === undefined) return await receipts.list(question);
        return id === 'summary' ? await receipts.summary(question) : await receipts.receipt(question, id);
      case 'unmatched':
        if (id !== undefined) return nowhere;
        return await forVendors(question, { known: ['cursor'], body: () => waiting(tenantId, asked.cursor) });
      case 'health':
        if (id !== undefined) return nowhere;
        return await forVendors(question, {
          known: ['all', 'cursor'],
          body: async () =>
            unknownWord(asked, 'all', ['true', 'false']) ??
            (await health(tenantId, now, { all: asked.all === 'true', cursor: asked.cursor })),
        });
      case 'names':
        return id === undefined ? await nameList(question) : nowhere;
      case undefined:
        return nowhere;
      default:
        return room satisfies never;
    }
  };
};

/** An answer whose items are written already. */
const listAnswer = (texts: readonly string[], { items: _, ...others }: Readonly<Record<string, unknown>>): HttpAnswer =>
  jsonTextAnswer(200, `{"items":[${texts.join(',')}],${JSON.stringify(others).slice(1)}`);

/** Creates the function that answers `GET /v1/…`, each time with the date of the answer and the freshness of the sources. */
export const createQueries = (settings: QuerySettings): ((question: QueryRequest) => Promise<HttpAnswer>) => {
  const answer = createRoutes(settings);
  return async (said) => {
    const asked = namesAsked(said);
    if ('problem' in asked) return problemAnswer(asked.problem);
    const { wanted, question } = asked;
    const [answered, fresh] = await Promise.all([answer(question), settings.freshness(question.caller, question.now)]);
    if ('problem' in answered) return problemAnswer(answered.problem);
    if ('file' in answered) {
      return fileResponse(answered.file, { asked: question.asked, asOf: answered.asOf, freshness: fresh });
    }
    const { body, asOf, status = 200, headers } = answered;
    const names = wanted ? { names: await namesBeside(settings.names, question.caller.tenantId, body) } : {};
    const whole = { ...body, ...names, asOf, freshness: fresh };
    return answered.texts === undefined ? jsonAnswer(status, whole, headers) : listAnswer(answered.texts, whole);
  };
};
