// How do people read receipts? A list as a table with its reasons, one receipt with all that came of it.
// `npm run receipts` calls it; it sends HTTP requests to the API.
import { isObject, type JsonObject, properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import { patientFetch } from '../local/http/patientFetch.ts';
import { type Access, reasonOf } from './access.ts';
import { printable } from './printable.ts';

/** What to ask for: one receipt, the counts of every connection, or a list with its filters. */
export type ReceiptsAsked =
  | { readonly one: string }
  | { readonly summary: true }
  | { readonly filters: Readonly<Record<string, string>>; readonly most: number };

const answerOf = async ({ url, token }: Access, path: string, words: Readonly<Record<string, string>>) => {
  const asked = `${url}/v1/${path}?${new URLSearchParams(words)}`;
  const answer = await patientFetch(asked, { headers: { authorization: `Bearer ${token}` } }).catch((error: unknown) =>
    refuse(`${url} could not be reached: ${reasonOf(error)}`, error),
  );
  const body: unknown = await answer.json().catch(() => ({}));
  if (!isObject(body)) return refuse(`${url} answered ${answer.status} without JSON.`);
  if (answer.ok) return body;
  const problem = properties(body, 'the answer');
  const told = problem.text('detail', problem.text('message', 'no detail'));
  return refuse(`${url} answered ${answer.status} ${problem.text('reason', '')}: ${told}`);
};

/** The pages of a list as one object, up to so many receipts; `more` says whether there are further ones. */
const listed = async (access: Access, filters: Readonly<Record<string, string>>, most: number): Promise<JsonObject> => {
  const items: JsonObject[] = [];
  let cursor: string | undefined;
  do {
    const limit = String(Math.min(most - items.length, 1000));
    const words = { ...filters, limit, ...(cursor !== undefined && { cursor }) };
    const page = properties(await answerOf(access, 'receipts', words), 'the answer');
    items.push(...page.objects('items').map((item) => Object.fromEntries(item.entries())));
    cursor = page.has('cursor') ? page.text('cursor') : undefined;
  } while (cursor !== undefined && items.length < most);
  return { items, more: cursor !== undefined };
};

/** What the API says, as JSON. */
export const receiptsAnswer = async (access: Access, asked: ReceiptsAsked): Promise<JsonObject> => {
  if ('one' in asked) return await answerOf(access, `receipts/${encodeURIComponent(asked.one)}`, {});
  if ('summary' in asked) return await answerOf(access, 'receipts/summary', {});
  return await listed(access, asked.filters, asked.most);
};

const cell = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** Lines with columns of equal width. The last column is as wide as it is. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

const listText = (answer: JsonObject, where: string): readonly string[] => {
  const read = properties(answer, 'the answer');
  const items = read.objects('items').map((item) => Object.fromEntries(item.entries()));
  if (items.length === 0) return ['There is no such receipt.'];
  const rows = items.map((item) => [
    cell(item.receivedAt),
    cell(item.status),
    `${cell(item.source)} ${cell(item.connection)}`,
    cell(item.receipt),
    cell(item.reason),
  ]);
  return [
    ...table(['received', 'status', 'from', 'receipt', 'reason'], rows),
    '',
    ...(read.flag('more') ? ['There are more: name a status, a connection or a time, or a larger --limit.'] : []),
    `One of them in full: npm run receipts -- RECEIPT ${where}`,
  ];
};

const oneText = (answer: JsonObject): readonly string[] => {
  const read = properties(answer, 'the answer');
  const line = (name: string, value: unknown): readonly string[] =>
    value === null || value === undefined ? [] : [`${name.padEnd(12)}${String(value)}`];
  const issuesOf = (of: typeof read): readonly string[] =>
    of.objects('issues').map((issue) => `  at ${issue.text('path')}: ${issue.text('message')}`);
  const reasonIn = (of: typeof read): string => (of.has('reason') ? cell(of.raw('reason')) : '');
  const standsText = (fact: typeof read): string => {
    if (fact.raw('recorded') === null) return 'its stream can’t be read';
    if (!fact.flag('recorded')) return 'not recorded';
    return fact.flag('stands') ? 'stands' : `recorded; ${cell(fact.raw('standing')) || 'nothing'} stands`;
  };
  return [
    ...line('receipt', read.text('receipt')),
    ...line('status', read.text('status')),
    ...line('reason', read.raw('reason')),
    ...line('to mend', read.raw('mend')),
    ...line('from', `${read.text('source')} ${read.text('connection')}`),
    ...line('received', read.text('receivedAt')),
    ...line('waits until', read.raw('waitsUntil')),
    ...line('deleted at', read.raw('expiresAt')),
    ...issuesOf(read),
    ...line('unknown', read.texts('unknownKeys').join(', ') || undefined),
    ...line('left out', read.texts('freeTexts').join(', ') || undefined),
    ...read
      .objects('waitsUnder')
      .map(
        (id) =>
          `waits for   ${id.text('system')}/${id.text('kind')}/${id.text('id')}${id.flag('linked') ? ' (linked)' : ''}`,
      ),
    ...read
      .objects('parts')
      .flatMap((part) => [
        `part        ${part.text('path')}: ${part.text('status')} ${reasonIn(part)}`.trimEnd(),
        ...issuesOf(part),
      ]),
    ...read
      .objects('facts')
      .map((fact) => `fact        ${fact.text('type')} on ${fact.text('stream')}: ${standsText(fact)}`),
  ];
};

const summaryText = (answer: JsonObject): readonly string[] => {
  const rows = properties(answer, 'the answer')
    .objects('connections')
    .map((of) => {
      const reasons = (name: string): string =>
        of
          .object(name)
          .entries()
          .map(([reason, count]) => `${reason} ${cell(count)}`)
          .join(', ') || 'none';
      const from = `${cell(of.raw('source'))} ${of.text('connection')}`;
      return [
        from,
        cell(of.raw('received')),
        cell(of.raw('translated')),
        reasons('ignored'),
        reasons('refused'),
        reasons('expired'),
      ];
    });
  if (rows.length === 0) return ['No message has come yet.'];
  return [
    ...table(['from', 'received', 'translated', 'ignored', 'refused', 'expired'], rows),
    '',
    'The last messages of a burst are counted as received with the next message.',
  ];
};

/** The answer as lines for people; `where` are the flags that name the same place again. */
export const receiptsText = (asked: ReceiptsAsked, answer: JsonObject, where: string): readonly string[] => {
  const lines = 'one' in asked ? oneText(answer) : 'summary' in asked ? summaryText(answer) : listText(answer, where);
  return lines.map(printable);
};
