// How are questions about a run answered: its progress, the pages of its result, and its end before the time?
// The routes call it; it reads and writes the table of answers.
import type { TableName } from '../../domain/rows/catalog.ts';
import { fitting, limitOf, maxLimit, placeOf } from '../query/pageSize.ts';
import {
  type Answered,
  badRequest,
  notFound,
  type QueryRequest,
  unknownParameter,
  unknownWord,
} from '../query/queryRequest.ts';
import { formatOf, formats } from '../query/tableFormat.ts';
import { isOwnRun, type Run } from './run.ts';
import { aboutRun, type createRunResult, ResultPlace, type RunSeen, statusOf } from './runAnswer.ts';
import type { RunStore } from './runStore.ts';

export interface RunQueriesSettings {
  readonly runs: Pick<RunStore, 'get' | 'done' | 'cancel'>;
  readonly result: ReturnType<typeof createRunResult>;
}

/** Of a run of rows, the table that they are of. */
const tableOf = ({ question }: Run): TableName | undefined => (question.ask === 'rows' ? question.table : undefined);

const instantOf = ({ question, startedAt }: Run): string =>
  question.ask === 'rows' ? question.at : question.ask === 'changes' ? question.to : startedAt;

/** The problem of a run that has no file, by its status. */
const withoutResult = { running: 'runRunning', cancelled: 'runCancelled', failed: 'runFailed' } as const;

export const createRunQueries = ({ runs, result }: RunQueriesSettings) => {
  /** The caller's own run. One that has expired is no longer there, whether or not its items are deleted yet. */
  const ownRun = async ({ caller, now }: QueryRequest, id: string): Promise<RunSeen | undefined> => {
    const run = await runs.get(caller.tenantId, id);
    if (run === undefined || !isOwnRun(run, caller) || run.expiresAt <= now) return undefined;
    const done = run.cancelled ? [] : await runs.done(run);
    return { run, done, status: statusOf(run, done, now) };
  };
  const missing = (id: string) => notFound(`no run ${id}; runs are kept for 7 days`);

  /** Answers `GET /v1/runs/{id}`. The items come once the run is done. */
  const read = async (question: QueryRequest, id: string): Promise<Answered> => {
    const { asked, caller, path } = question;
    const refused =
      unknownParameter(asked, ['cursor', 'limit', 'format', 'excel']) ??
      unknownWord(asked, 'format', formats) ??
      unknownWord(asked, 'excel', ['true', 'false']);
    if (refused !== undefined) return refused;
    const format = formats.find((each) => each === asked.format) ?? 'json';
    if (asked.excel === 'true' && format !== 'csv')
      return badRequest('excelWithoutCsv', 'excel=true goes with format=csv alone');
    const size = limitOf(asked, format === 'json' ? undefined : maxLimit);
    if ('problem' in size) return size;
    const place = placeOf(question, path);
    if ('problem' in place) return place;
    const seen = await ownRun(question, id);
    if (seen === undefined) return missing(id);
    const table = tableOf(seen.run);
    if (format !== 'json' && table === undefined) return badRequest('formatOfRows', 'only a run of rows has a file');
    const asOf = instantOf(seen.run);
    if (seen.status !== 'done') {
      if (format === 'json') return { body: aboutRun(seen), asOf };
      return {
        problem: {
          status: 409,
          reason: withoutResult[seen.status],
          detail: `run ${id} is ${seen.status}, and has no result`,
        },
      };
    }
    const after = place.after === undefined ? undefined : ResultPlace.parse(JSON.parse(place.after));
    const { items, end } = await result({ seen, caller, after, limit: size.limit });
    const file =
      format === 'json' || table === undefined
        ? undefined
        : formatOf(format, table, asked.excel === 'true' ? 'excel' : 'everyone');
    const texts = items.map(({ item }) => (file === undefined ? JSON.stringify(item) : file.write(item)));
    const count = fitting(texts);
    const last = count < items.length ? items[count - 1]?.place : end;
    const cursor = last === undefined ? undefined : place.cursorAt(JSON.stringify(last));
    if (file !== undefined) {
      const isFirst = asked.cursor === undefined;
      const text = [...(isFirst ? [file.head] : []), ...texts.slice(0, count)].join('');
      return { file: { name: `${table}.${format}`, contentType: file.contentType(isFirst), text, cursor }, asOf };
    }
    const body = { ...aboutRun(seen), items: items.slice(0, count).map(({ item }) => item) };
    return { body: { ...body, ...(cursor !== undefined && { cursor }) }, texts: texts.slice(0, count), asOf };
  };

  /** Answers `DELETE /v1/runs/{id}`: what is not folded yet will not be, and the result is no longer shown. */
  const cancel = async (question: QueryRequest, id: string): Promise<Answered> => {
    const unknown = unknownParameter(question.asked, [], []);
    if (unknown !== undefined) return unknown;
    const seen = await ownRun(question, id);
    if (seen === undefined) return missing(id);
    await runs.cancel(seen.run);
    const cancelled: RunSeen = { run: { ...seen.run, cancelled: true }, done: [], status: 'cancelled' };
    return { body: aboutRun(cancelled), asOf: instantOf(seen.run) };
  };

  return { read, cancel };
};
