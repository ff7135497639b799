// Which routes does the read API have, each with its parameters and its answer?
import { patternNames, rules } from '../../domain/patterns/catalog.ts';
import { type TableName, tableNames } from '../../domain/rows/catalog.ts';
import { stages } from '../../events/stage.ts';
import { formats } from '../query/tableFormat.ts';
import { receiptStatuses } from '../receipts/receipt.ts';
import type { JsonObject } from './jsonSchema.ts';
import { cursor, dated, oneOf, type Parameter, paging, parameter, partner } from './readParameters.ts';

const ruleIds = rules.map(({ id }) => id);

export interface ReadRoute {
  /** The path, with `{…}` for the parts that vary. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** The query parameters; `path` names its own. */
  readonly asked: readonly Parameter[];
  /** The name of the answer's component. */
  readonly answer: string;
  /** The answer in other formats, by content type. */
  readonly files?: JsonObject;
  /** Whether it may answer 404. */
  readonly absent?: true;
  /** Whether only the tenant's own people may ask. */
  readonly vendorsOnly?: true;
}

/** The name of the component that is a page of a table. */
export const pageName = (table: TableName): string =>
  `PageOf_${table}`.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A table in other formats: the headers `link` and `x-next-cursor` lead to the next page, and `x-as-of` holds the date. */
const files: JsonObject = {
  'text/csv': {
    schema: {
      type: 'string',
      description:
        'RFC 4180; only the first page has a header line. A text that a spreadsheet would read as a formula begins with an apostrophe, also after a semicolon, a tab, a bar or a line break.',
    },
  },
  'application/x-ndjson': { schema: { type: 'string', description: 'One row per line, as JSON.' } },
};

/** Every route of the read API. */
export const readRoutes: readonly ReadRoute[] = [
  {
    path: '/v1/engagements',
    operationId: 'listEngagements',
    summary: 'The current state of every engagement',
    asked: [
      partner,
      parameter('stage', 'Only engagements in this stage.', oneOf(stages)),
      parameter(
        'flag',
        'Only engagements with an open flag of this rule or pattern.',
        oneOf([...ruleIds, ...patternNames]),
      ),
      ...paging,
    ],
    answer: pageName('engagements'),
  },
  {
    path: '/v1/engagements/{engagement}',
    operationId: 'readEngagement',
    summary: 'One engagement, with its rows of every table',
    description:
      'Where the rows are too large for one answer, `cursor` leads to the next ones; every page has the head.',
    asked: [...dated, cursor],
    answer: 'EngagementAnswer',
    absent: true,
  },
  {
    path: '/v1/engagements/{engagement}/events',
    operationId: 'readTimeline',
    summary: "An engagement's timeline",
    description: 'Its events in the order of occurrence, each with its lateness, its source and whether it stands.',
    asked: paging,
    answer: 'TimelineAnswer',
    absent: true,
  },
  {
    path: '/v1/flags',
    operationId: 'listFlags',
    summary: 'Failure patterns, open and cleared',
    asked: [
      partner,
      parameter('pattern', 'Only flags of this pattern.', oneOf(patternNames)),
      parameter('rule', 'Only flags of this rule.', oneOf(ruleIds)),
      parameter('status', 'Only flags with this status.', oneOf(['open', 'cleared'])),
      parameter(
        'claim',
        'Only flags that a late claim of a partner cleared, and that the vendor has not judged.',
        oneOf(['unconfirmed']),
      ),
      ...paging,
    ],
    answer: pageName('flags'),
  },
  {
    path: '/v1/flags/{flag}',
    operationId: 'readFlag',
    summary: 'One flag, its evidence resolved to events',
    asked: [
      parameter(
        'engagement',
        'The engagement of the flag, by its id, reference or external id; required for a flag that existed only as of an earlier date.',
      ),
      ...dated,
    ],
    answer: 'FlagAnswer',
    absent: true,
  },
  ...tableNames.map(
    (table): ReadRoute => ({
      path: `/v1/tables/${table}`,
      operationId: `readTable_${table}`.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      summary: `The whole table ${table}`,
      asked: [
        partner,
        parameter(
          'format',
          'The format of the rows. The pages of a csv or ndjson, joined, are one file.',
          oneOf(formats),
        ),
        parameter(
          'excel',
          'With `format=csv`: a file for Excel, with a byte order mark, each text as `="…"` so that `00123` and `1E10` stay texts.',
          oneOf(['true', 'false']),
        ),
        ...paging,
      ],
      answer: pageName(table),
      files,
    }),
  ),
  {
    path: '/v1/receipts',
    operationId: 'listReceipts',
    summary: 'What became of every message, the newest first',
    description:
      'Never the message itself. A page may hold fewer receipts than its limit, or none, although more follow: `cursor` leads on.',
    asked: [
      parameter('status', 'Only receipts with this status.', oneOf(receiptStatuses)),
      parameter('source', 'Only receipts of this source.'),
      parameter('connection', 'Only receipts of this connection.'),
      parameter(
        'from',
        'Only what was received at this instant (RFC 3339) or later. Of ignored and refused receipts, 90 days before `to` unless given.',
      ),
      parameter('to', 'Only what was received before this instant.'),
      ...paging,
    ],
    answer: 'ReceiptsAnswer',
    vendorsOnly: true,
  },
  {
    path: '/v1/receipts/summary',
    operationId: 'summariseReceipts',
    summary: 'How the messages of each connection have ended, by reason',
    asked: [],
    answer: 'ReceiptSummaryAnswer',
    vendorsOnly: true,
  },
  {
    path: '/v1/receipts/{receipt}',
    operationId: 'readReceipt',
    summary: 'What became of one message',
    description: 'Its status, why, how to mend it, and the facts that came of it, each held against its stream.',
    asked: [],
    answer: 'OneReceiptAnswer',
    absent: true,
    vendorsOnly: true,
  },
  {
    path: '/v1/unmatched',
    operationId: 'listUnmatched',
    summary: 'The receipts that are not translated yet, and the records that must be read again, each with its reason',
    asked: [cursor],
    answer: 'UnmatchedAnswer',
    vendorsOnly: true,
  },
  {
    path: '/v1/names',
    operationId: 'listNames',
    summary: 'The names of the persons to whom facts refer, by reference',
    asked: paging,
    answer: 'NamesAnswer',
    vendorsOnly: true,
  },
  {
    path: '/v1/health',
    operationId: 'readHealth',
    summary: 'Whether rows are behind their streams or absent, and what waits',
    asked: [
      parameter(
        'all',
        'Whether every head and every stream of the tenant is looked at, page by page: `cursor` leads on.',
        oneOf(['true', 'false']),
      ),
      cursor,
    ],
    answer: 'HealthAnswer',
    vendorsOnly: true,
  },
];
