// How is a whole table fetched? Page after page from the read API, with the cursor from each answer.
// `npm run export` calls it; it sends HTTP requests to the API.
import { setTimeout as delay } from 'node:timers/promises';
import { type Properties, properties } from '../local/core/json.ts';
import { Refusal, refuse } from '../local/core/refusal.ts';
import { type Access, reasonOf } from './access.ts';

export const exportFormats = ['csv', 'ndjson', 'json'] as const;
type ExportFormat = (typeof exportFormats)[number];

export interface ExportRequest {
  readonly table: string;
  readonly format: ExportFormat;
  /** Only rows of engagements that this partner leads. */
  readonly partner?: string;
  /** A CSV that Excel opens as it is: with a byte order mark, and ids as text. */
  readonly excel?: boolean;
}

/** Reads a request, or refuses it with the reason. */
export function exportRequest(given: Properties): ExportRequest {
  const table = given.text('table', '');
  const asked = given.text('format', 'csv');
  const format = exportFormats.find((each) => each === asked);
  if (table === '') refuse('Name the table to export: npm run export -- TABLE (the README lists them).');
  if (format === undefined) return refuse(`--format ${asked} is not one of ${exportFormats.join(', ')}.`);
  const excel = given.flag('excel');
  if (excel && format !== 'csv') refuse(`--excel makes a CSV for Excel: leave --format ${format} out.`);
  return { table, format, excel, ...(given.has('partner') && { partner: given.text('partner') }) };
}

/** The tables of an installation, as its own description of the API lists them. */
export async function tablesOf({ url }: Pick<Access, 'url'>): Promise<readonly string[]> {
  const answer = await fetch(`${url}/openapi.json`).catch((error: unknown) =>
    refuse(`${url} could not be reached: ${reasonOf(error)}`, error),
  );
  if (!answer.ok) return refuse(`${url}/openapi.json answered ${answer.status}, so the tables are not known.`);
  const paths = properties(await answer.json(), 'the answer').object('paths');
  const prefix = '/v1/tables/';
  return paths.entries().flatMap(([path]) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []));
}

const attempts = 5;

/** How many seconds to wait before each retry of a page. */
type Pause = (seconds: number) => Promise<unknown>;
const inTime: Pause = (seconds) => delay(seconds * 1000);

interface Page {
  readonly text: string;
  readonly cursor: string | undefined;
}

/** A broken connection has an error code. A request that fetch itself refuses (such as a blocked port) has none, and no retry helps. */
const isBroken = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && 'code' in error.cause;

/** What a problem document says; any other answer as it came. */
const detailIn = (text: string): string => {
  try {
    const problem = properties(JSON.parse(text), 'the answer');
    return problem.text('detail', problem.text('message', text));
  } catch {
    return text;
  }
};

/** Fetches one whole page, with retries while the API is busy or the connection breaks. `stopped` says how many rows came before. */
async function pageAt(url: URL, token: string, pause: Pause, stopped: () => string): Promise<Page> {
  for (let attempt = 1; ; attempt += 1) {
    let seconds = 1;
    try {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      // The whole page is read before any of it is passed on: half a page must not be written.
      // `text()` would drop the byte order mark.
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer());
      if (answer.ok) return { text, cursor: answer.headers.get('x-next-cursor') ?? undefined };
      const passing = answer.status === 429 || answer.status >= 500;
      if (!passing || attempt === attempts) {
        return refuse(`${url.origin} answered ${answer.status} for ${url.pathname}: ${detailIn(text)}${stopped()}`);
      }
      seconds = Number(answer.headers.get('retry-after') ?? 1);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (!isBroken(error)) refuse(`${url.origin} could not be reached: ${reasonOf(error)}`, error);
      if (attempt === attempts) {
        const where = stopped() || '\nNo row had come. Run the command again.';
        refuse(`${url.origin} broke off ${attempts} times, the last with: ${reasonOf(error)}${where}`, error);
      }
    }
    await pause(seconds * attempt);
  }
}

/** The number of lines in a text. In CSV, a line break between quotes ends no line. */
const linesOf = (text: string, format: ExportFormat): number => {
  const unquoted = format === 'csv' ? text.split('"').filter((_, index) => index % 2 === 0) : [text];
  return unquoted.reduce((lines, part) => lines + part.split('\n').length - 1, 0);
};

/** Says at which row the export stopped and how to continue; empty where no row came. */
const stoppedAt = (rows: number, { searchParams }: URL): string => {
  if (rows === 0) return '';
  const cursor = searchParams.get('cursor');
  const rest =
    searchParams.get('format') === 'json' ? '' : `, or ask the API itself for the rest, from cursor=${cursor}`;
  return `\nIt stopped after row ${rows}. Run the command again, which begins at the first row${rest}.`;
};

/** The text of a table, page by page: memory holds one page at most. */
export async function* exportedTable(
  { url, token }: Access,
  request: ExportRequest,
  pause: Pause = inTime,
): AsyncGenerator<string> {
  const { table, format, partner, excel } = request;
  const next = new URL(`${url}/v1/tables/${encodeURIComponent(table)}`);
  next.searchParams.set('format', format);
  next.searchParams.set('limit', '1000');
  if (partner !== undefined) next.searchParams.set('partner', partner);
  if (excel === true) next.searchParams.set('excel', 'true');
  let rows = 0;
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    if (cursor !== undefined) next.searchParams.set('cursor', cursor);
    const answer = await pageAt(next, token, pause, () => stoppedAt(rows, next));
    if (format !== 'json') {
      cursor = answer.cursor;
      yield answer.text;
      // The first line of a CSV is its head.
      rows += linesOf(answer.text, format) - (format === 'csv' && first ? 1 : 0);
      continue;
    }
    const page = properties(JSON.parse(answer.text), 'the answer');
    cursor = page.has('cursor') ? page.text('cursor') : undefined;
    for (const row of page.objects('items')) {
      yield `${rows === 0 ? '[' : ','}\n${JSON.stringify(Object.fromEntries(row.entries()))}`;
      rows += 1;
    }
  }
  if (format === 'json') yield rows === 0 ? '[]\n' : '\n]\n';
}
