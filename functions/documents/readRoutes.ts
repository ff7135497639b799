// Which questions does the read API take? Each route with its parameters, its answer, and what may stand against it.
import { patternNames, rules } from '../../domain/patterns/catalog.ts';
import { type TableName, tableNames } from '../../domain/rows/catalog.ts';
import { stages } from '../../events/stage.ts';
import { maxLimit, usualLimit } from '../query/pageSize.ts';
import { formats } from '../query/tableFormat.ts';
import type { JsonObject } from './jsonSchema.ts';

/** A parameter of the path or the query. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonObject;
}

export interface ReadRoute {
  /** As the API takes it, with `{…}` for what varies. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Parameters of the query; those of the path stand in it. */
  readonly asked: readonly Parameter[];
  /** The name of the answer's component. */
  readonly answer: string;
  /** The answer in other formats, by content type. */
  readonly files?: JsonObject;
  /** Whether it can answer that there is no such thing. */
  readonly absent?: true;
  /** Whether only the tenant's own people may ask. */
  readonly vendorsOnly?: true;
}

const text = { type: 'string' };
const oneOf = (words: readonly string[]): JsonObject => ({ type: 'string', enum: [...words] });
const parameter = (name: string, description: string, schema: JsonObject = text): Parameter => ({
  name,
  description,
  schema,
});

const ruleIds = rules.map(({ id }) => id);

const cursor = parameter('cursor', 'The cursor of the page before; it holds only for the query that made it.');
const paging = [
  cursor,
  parameter('limit', 'How many items a page holds at the most.', {
    type: 'integer',
    minimum: 1,
    maximum: maxLimit,
    default: usualLimit,
  }),
];
const partner = parameter('partner', 'Only what this partner leads now, by its party id.');
const dated = [
  parameter('asOf', "Computes the answer again by today's code for an earlier instant, RFC 3339."),
  parameter('clock', 'The clock on which `asOf` counts.', oneOf(['occurred', 'recorded'])),
];

/** What a parameter of a path is. */
export const pathParameters: Readonly<Record<string, Parameter>> = {
  engagement: parameter('engagement', "The engagement's id."),
  flag: parameter('flag', "The flag's id."),
  table: parameter('table', "The table's name.", oneOf(tableNames)),
};

/** The name of the component that is a page of a table. */
export const pageName = (table: TableName): string =>
  `PageOf_${table}`.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A table in other formats: the next page stands in the headers `link` and `x-next-cursor`, its date in `x-as-of`. */
const files: JsonObject = {
  'text/csv': {
    schema: {
      type: 'string',
      description:
        'RFC 4180; only the first page has a header line. Texts that a spreadsheet would take for a formula begin with an apostrophe.',
    },
  },
  'application/x-ndjson': { schema: { type: 'string', description: 'A row a line, as JSON.' } },
};

/** Every question that may be asked. */
export const readRoutes: readonly ReadRoute[] = [
  {
    path: '/v1/engagements',
    operationId: 'listEngagements',
    summary: 'Where every engagement stands',
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
      'Where its rows are too large for one answer, `cursor` leads to those that follow; the head is in each.',
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
      parameter('status', 'Only flags that stand so.', oneOf(['open', 'cleared'])),
      ...paging,
    ],
    answer: pageName('flags'),
  },
  {
    path: '/v1/flags/{flag}',
    operationId: 'readFlag',
    summary: 'One flag, its evidence resolved to events',
    asked: [
      parameter('engagement', 'Its engagement; needed for a flag that stood only as of an earlier date.'),
      ...dated,
    ],
    answer: 'FlagAnswer',
    absent: true,
  },
  ...tableNames.map(
    (table): ReadRoute => ({
      path: `/v1/tables/${table}`,
      operationId: `readTable_${table}`.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      summary: `The table ${table}, whole`,
      asked: [
        partner,
        parameter(
          'format',
          'How the rows are written. The pages of a csv or ndjson, one after another, are one file.',
          oneOf(formats),
        ),
        ...paging,
      ],
      answer: pageName(table),
      files,
    }),
  ),
  {
    path: '/v1/unmatched',
    operationId: 'listUnmatched',
    summary: 'What was received and still waits, and for what',
    asked: [],
    answer: 'UnmatchedAnswer',
    vendorsOnly: true,
  },
  {
    path: '/v1/health',
    operationId: 'readHealth',
    summary: 'Whether rows are behind their streams',
    asked: [cursor],
    answer: 'HealthAnswer',
    vendorsOnly: true,
  },
];
