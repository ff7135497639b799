// How are questions about a run answered: its progress, the pages of its result, and its end before the time?
// The routes call it; it reads and writes the table of answers.
import type { AskedName } from '../../domain/rows/catalog.ts';
import { fitting, limitOf, maxLimit, placeOf } from '../query/pageSize.ts';
import {
  type Answered,
  badRequest,
  notFound,
  type QueryRequest,
  type Refused,
  unknownParameter,
  unknownWord,
} from '../query/queryRequest.ts';
import { formatOf, formats } from '../query/tableFormat.ts';
import { lookAgain, placeOfRun } from './begunAnswer.ts';
import { isOwnRun, mayCancel, type Run } from './run.ts';
import { aboutRun, type createRunResult, ResultPlace, type RunSeen, statusOf } from './runAnswer.ts';
import type { RunStore } from './runStore.ts';

export interface RunQueriesSettings {
  readonly runs: Pick<RunStore, 'get' | 'done' | 'cancel' | 'want' | 'wanted'>;
  readonly result: ReturnType<typeof createRunResult>;
}

/** Of a run of rows, the table that they are of. */
const tableOf = ({ question }: Run): AskedName | undefined => (question.ask === 'rows' ? question.table : undefined);

const instantOf = ({ question, startedAt }: Run): string =>
  question.ask === 'rows' ? question.at : question.ask === 'changes' ? question.to : startedAt;

const reasons = { running: 'runRunning', cancelled: 'runCancelled', failed: 'runFailed', done: 'runDone' } as const;

/** Why a run has no file, and what to do: to wait, or to ask again. */
const fileLater = (seen: RunSeen): Refused => {
  const { run, status } = seen;
  const { progress, problem } = aboutRun(seen);
  const of = progress.of === null ? 'and lists what it covers' : `with ${progress.done} of ${progress.of} done`;
  const detail =
    status === 'running'
      ? `run ${run.id} is running, ${of}; ${placeOfRun(run)} tells its progress, and its file comes once it is done`
      : `run ${run.id} is ${status}, and will have no result${problem === null ? '' : ` (${problem})`}; ask again`;
  const headers =
    status === 'running' ? { headers: { 'retry-after': String(lookAgain), location: placeOfRun(run) } } : {};
  return { problem: { status: 409, reason: reasons[status], detail, ...headers } };
};

const wantedByOthers = (id: string): Refused => ({
  problem: { status: 409, reason: 'runWanted', detail: `others wait for run ${id}; who asked for it may cancel it` },
});

export const createRunQueries = ({ runs, result }: RunQueriesSettings) => {
  /** A run that the caller may see, or end. One that has expired is no longer there, whether or not its items are deleted yet. */
  const runFor = async (
    { caller, now }: QueryRequest,
    id: string,
    may: typeof isOwnRun,
  ): Promise<RunSeen | undefined> => {
    const run = await runs.get(caller.tenantId, id);
    if (run === undefined || !may(run, caller) || run.expiresAt <= now) return undefined;
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
    const seen = await runFor(question, id, isOwnRun);
    if (seen === undefined) return missing(id);
    const table = tableOf(seen.run);
    if (format !== 'json' && table === undefined) return badRequest('formatOfRows', 'only a run of rows has a file');
    const asOf = instantOf(seen.run);
    if (seen.status !== 'done') {
      if (format === 'json') return { body: aboutRun(seen), asOf };
      return fileLater(seen);
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
      const { unreadable, failed } = aboutRun(seen);
      const missing = [...unreadable, ...failed.map(({ id: of }) => of)];
      return {
        file: { name: `${table}.${format}`, contentType: file.contentType(isFirst), text, cursor, missing },
        asOf,
      };
    }
    const body = { ...aboutRun(seen), items: items.slice(0, count).map(({ item }) => item) };
    return { body: { ...body, ...(cursor !== undefined && { cursor }) }, texts: texts.slice(0, count), asOf };
  };

  /**
   * Answers `DELETE /v1/runs/{id}`: what is not folded yet will not be. A result that is there stays until its end, since others may
   * read it; and a run for which several people asked goes on until each of them has cancelled it. The tenant's own people end a
   * partner's run at once.
   */
  const cancel = async (question: QueryRequest, id: string): Promise<Answered> => {
    const { caller } = question;
    const unknown = unknownParameter(question.asked, [], []);
    if (unknown !== undefined) return unknown;
    const seen = await runFor(question, id, mayCancel);
    if (seen === undefined) return missing(id);
    const asOf = instantOf(seen.run);
    if (seen.status !== 'running') return { body: aboutRun(seen), asOf };
    if (isOwnRun(seen.run, caller)) {
      const { asked, byOthers } = await runs.wanted(seen.run, caller.subject);
      if (asked) await runs.want(seen.run, caller.subject, false);
      if (byOthers) return asked ? { body: aboutRun(seen), asOf } : wantedByOthers(id);
    }
    await runs.cancel(seen.run);
    const cancelled: RunSeen = { run: { ...seen.run, cancelled: true }, done: [], status: 'cancelled' };
    return { body: aboutRun(cancelled), asOf };
  };

  return { read, cancel };
};
