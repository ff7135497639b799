// How is a whole table fetched? Page after page from the read API, by the cursor that each answer gives.
import { setTimeout as delay } from 'node:timers/promises';
import { type Properties, properties } from './properties.ts';
import { refuse } from './refusal.ts';
import type { Runtime } from './runtime.ts';
import { mintToken, tokenRequest } from './tokens.ts';

export const exportFormats = ['csv', 'ndjson', 'json'] as const;
type ExportFormat = (typeof exportFormats)[number];

/** Where the read API is, and as whom to ask it. */
export interface Access {
  readonly url: string;
  readonly token: string;
}

export interface ExportRequest {
  readonly table: string;
  readonly format: ExportFormat;
  /** Only the rows that this partner leads. */
  readonly partner?: string;
}

/** Reads a request, or refuses it with the reason. */
export function exportRequest(given: Properties): ExportRequest {
  const table = given.text('table', '');
  const asked = given.text('format', 'csv');
  const format = exportFormats.find((each) => each === asked);
  if (table === '') refuse('Name the table to export: npm run export -- TABLE (the README lists them).');
  if (format === undefined) return refuse(`--format ${asked} is not one of ${exportFormats.join(', ')}.`);
  return { table, format, ...(given.has('partner') && { partner: given.text('partner') }) };
}

/** Access to a runtime as the tenant's own people have it, or as the named partner's. */
export async function accessTo(runtime: Pick<Runtime, 'url' | 'issuer' | 'plan'>, given: Properties): Promise<Access> {
  const { url, issuer, plan } = runtime;
  return { url, token: await mintToken({ issuer, functions: plan.functions }, tokenRequest(given)) };
}

const attempts = 5;

/** What fetch itself says is only that it failed: why is its cause. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);

/** One page; what is busy or broken for a moment is asked again. */
async function pageAt(url: URL, token: string): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch((error: unknown) =>
      refuse(`${url.origin} could not be reached: ${reasonOf(error)}`, error),
    );
    if (answer.ok) return answer;
    const passing = answer.status === 429 || answer.status >= 500;
    if (!passing || attempt === attempts) {
      return refuse(`${url.origin} answered ${answer.status} for ${url.pathname}: ${await answer.text()}`);
    }
    await delay(Number(answer.headers.get('retry-after') ?? 1) * 1000 * attempt);
  }
}

/** The text of a table as one file, a page at a time: no more than a page is ever held. */
export async function* exportedTable({ url, token }: Access, request: ExportRequest): AsyncGenerator<string> {
  const { table, format, partner } = request;
  const next = new URL(`${url}/v1/tables/${encodeURIComponent(table)}`);
  next.searchParams.set('format', format);
  next.searchParams.set('limit', '1000');
  if (partner !== undefined) next.searchParams.set('partner', partner);
  let rows = 0;
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    if (cursor !== undefined) next.searchParams.set('cursor', cursor);
    const answer = await pageAt(next, token);
    if (format !== 'json') {
      cursor = answer.headers.get('x-next-cursor') ?? undefined;
      yield await answer.text();
      continue;
    }
    const page = properties(await answer.json(), 'the answer');
    cursor = page.has('cursor') ? page.text('cursor') : undefined;
    for (const row of page.objects('items')) {
      yield `${rows === 0 ? '[' : ','}\n${JSON.stringify(Object.fromEntries(row.entries()))}`;
      rows += 1;
    }
  }
  if (format === 'json') yield rows === 0 ? '[]\n' : '\n]\n';
}
