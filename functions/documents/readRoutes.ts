// Which routes does the read API have, each with its parameters and its answer?
import { patternNames, ruleIds, rules } from '../../domain/patterns/catalog.ts';
import { datedRollup } from '../../domain/rollups/dated.ts';
import { type AskedName, askedNames, tableNamed } from '../../domain/rows/catalog.ts';
import { flagStatuses } from '../../domain/rows/raisedFlags.ts';
import { stages } from '../../events/stage.ts';
import { changedTables } from '../answer/changesAnswer.ts';
import { formats } from '../query/tableFormat.ts';
import type { JsonObject } from './jsonSchema.ts';
import { operatorRoutes } from './operatorRoutes.ts';
import { cursor, dated, datedList, oneOf, paging, parameter, partner } from './readParameters.ts';
import type { ReadRoute } from './readRoute.ts';

const engagementRules = rules.map(({ id }) => id);

/** The name of the component that is a page of a table. */
export const pageName = (table: AskedName): string =>
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

/** Most rows of groups say themselves which month they are about. */
const takesNoDate = (table: AskedName): boolean =>
  tableNamed(table)?.grain === 'group' && datedRollup(table) === undefined;

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
        oneOf([...engagementRules, ...patternNames]),
      ),
      ...datedList,
      ...paging,
    ],
    answer: pageName('engagements'),
    long: true,
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
    description:
      'First the flags of engagements, then those of partners (P2.4 to P2.6, the rows of `partner_flags`). As of a date there are those of engagements alone.',
    asked: [
      partner,
      parameter('pattern', 'Only flags of this pattern.', oneOf(patternNames)),
      parameter('rule', 'Only flags of this rule.', oneOf(ruleIds)),
      parameter(
        'status',
        'Only flags with this status; without it, all of them. What the vendor dismissed is dismissed, not open, as long as that holds.',
        oneOf(flagStatuses),
      ),
      parameter(
        'claim',
        'Only flags that a late claim of a partner cleared, and that the vendor has not judged.',
        oneOf(['unconfirmed']),
      ),
      ...datedList,
      ...paging,
    ],
    answer: 'FlagsAnswer',
    long: true,
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
  ...askedNames.map(
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
        ...(takesNoDate(table) ? [] : datedList),
        ...paging,
      ],
      answer: pageName(table),
      files,
      ...(takesNoDate(table) ? {} : { long: true as const }),
    }),
  ),
  {
    path: '/v1/changes',
    operationId: 'listChanges',
    summary: 'What differs between two dates, and which events did it',
    description:
      'Rows that were added, removed or changed, column by column, each with the events that began or ceased to stand between the dates.',
    asked: [
      parameter('from', 'The earlier instant (RFC 3339).'),
      parameter('to', 'The later instant; not in the future.'),
      parameter(
        'clock',
        'The clock of both dates: when facts occurred (by all that is known today), or when they were recorded.',
        oneOf(['occurred', 'recorded']),
      ),
      parameter(
        'table',
        'Only rows of this table. Without it, rows of all of them but `flag_evidence`, whose rows stand in those of `flags`.',
        oneOf(changedTables),
      ),
      parameter(
        'partner',
        'Only engagements that this partner led at one of the dates: its party id, its code, or an external id as `system/kind/id`.',
      ),
      ...paging,
    ],
    answer: 'ChangesAnswer',
    long: true,
  },
  {
    path: '/v1/runs/{run}',
    operationId: 'readRun',
    summary: 'How far a run is, and the pages of its result once it is done',
    description:
      'A run answers a question for which over 200 engagements must be folded, or fewer for which a request has no time. Only who asked sees it: the tenant’s own people, or the people of the same partner. It is kept for 7 days.',
    asked: [
      parameter('format', 'The format of a result of rows; 409 until the run is done.', oneOf(formats)),
      parameter('excel', 'With `format=csv`: a file for Excel.', oneOf(['true', 'false'])),
      ...paging,
    ],
    answer: 'RunAnswer',
    files,
    absent: true,
    conflicts: true,
  },
  ...operatorRoutes,
];
