// Which lists are there, and with which filters?
// The routes call it; it reads the projection tables through the row reader.
import { patternNames, ruleIds, ruleOf, rules } from '../../domain/patterns/catalog.ts';
import { datedRollup } from '../../domain/rollups/dated.ts';
import { askedNamed, askedNames } from '../../domain/rows/catalog.ts';
import { flagStatuses } from '../../domain/rows/raisedFlags.ts';
import { stages } from '../../events/stage.ts';
import type { DatedRows, DatedRowsAsked } from '../answer/datedRows.ts';
import { datedBy } from './askedEngagement.ts';
import { evidencePage } from './flags/evidenceList.ts';
import { flagList } from './flags/flagList.ts';
import { answerOf, type ListPage, type ListRequest, list, pageOf } from './listPages.ts';
import { maxLimit } from './pageSize.ts';
import {
  type Answered,
  askedDate,
  badRequest,
  notFound,
  type QueryRequest,
  type Refused,
  unknownParameter,
  unknownWord,
} from './queryRequest.ts';
import type { RowReader } from './rowReader.ts';
import type { RowOf } from './storedRow.ts';
import { formatOf, formats } from './tableFormat.ts';

const paging = ['cursor', 'limit'] as const;
const dates = ['asOf', 'clock'] as const;
const engagementRules = rules.map(({ id }) => id);

const recordedForVendors: Refused = {
  problem: {
    ...{ status: 403, reason: 'vendorsOnly' },
    detail: "only the tenant's own people may ask for this table on the recorded clock",
  },
};

const hasOpenFlag = ({ openRules }: RowOf<'engagements'>, flag: string): boolean =>
  openRules?.some((rule) => rule === flag || ruleOf(rule)?.pattern === flag) === true;

/** A list as of the date that the request asks for; undefined where it asks for now. */
const createDatedList =
  (dated: DatedRows) =>
  async (question: QueryRequest, of: Omit<DatedRowsAsked, 'asOf'>): Promise<Answered | undefined> => {
    const asked = askedDate(question);
    if (!('date' in asked)) return asked;
    if (asked.date === undefined) return undefined;
    const page = await dated(question, { ...of, asOf: asked.date });
    if (!('items' in page)) return page;
    const { items, texts, cursor, unreadable } = page;
    const body = { items, ...(cursor !== undefined && { cursor }), unreadable, ...datedBy({ asOf: asked.date }) };
    return { body, texts, asOf: asked.date.at };
  };

/** Creates the list queries over a row reader, and over what folds engagements as of a date. */
export const createListQueries = (rows: RowReader, dated: DatedRows) => {
  const datedList = createDatedList(dated);
  return {
    /** `flag` is a rule or a pattern: only engagements with an open flag of it. */
    engagements: async (question: QueryRequest): Promise<Answered> => {
      const { asked } = question;
      const { stage, flag } = asked;
      return (
        unknownParameter(asked, ['partner', 'stage', 'flag', ...dates, ...paging]) ??
        unknownWord(asked, 'stage', stages) ??
        unknownWord(asked, 'flag', [...engagementRules, ...patternNames]) ??
        (await datedList(question, { table: 'engagements', equals: { stage }, flag })) ??
        (await list(rows, {
          table: 'engagements',
          question,
          equals: { stage },
          keep: flag === undefined ? undefined : (row) => hasOpenFlag(row, flag),
        }))
      );
    },

    flags: async (question: QueryRequest): Promise<Answered> => {
      const { asked } = question;
      const { pattern, rule, status, claim } = asked;
      return (
        unknownParameter(asked, ['partner', 'pattern', 'rule', 'status', 'claim', ...dates, ...paging]) ??
        unknownWord(asked, 'pattern', patternNames) ??
        unknownWord(asked, 'rule', ruleIds) ??
        unknownWord(asked, 'status', flagStatuses) ??
        unknownWord(asked, 'claim', ['unconfirmed']) ??
        (await datedList(question, { table: 'flags', equals: { claim, pattern, rule, status } })) ??
        (await flagList(rows, {
          question,
          equals: { claim, pattern, rule, status, openPattern: status === 'open' ? pattern : undefined },
        }))
      );
    },

    /** A page of a table, as JSON or as part of a file. Only the first page of a file has a header line. */
    table: async (question: QueryRequest, name: string): Promise<Answered> => {
      const { asked, now, caller } = question;
      const asking = askedNamed(name);
      if (asking === undefined) return notFound(`no table ${name}; there are ${askedNames.join(', ')}`);
      const { name: table, grain } = asking;
      // Most rows of groups say themselves which month they are about.
      const takesNoDate = grain === 'group' && datedRollup(table) === undefined;
      const refused =
        unknownParameter(asked, ['partner', 'format', 'excel', ...(takesNoDate ? [] : dates), ...paging]) ??
        unknownWord(asked, 'format', formats) ??
        unknownWord(asked, 'excel', ['true', 'false']);
      if (refused !== undefined) return refused;
      // What was known of a partner's engagements then may be another's now. What happened, by all that is known now, is its own.
      if (grain === 'group' && caller.role !== 'vendor' && asked.clock === 'recorded') return recordedForVendors;
      const format = formats.find((each) => each === asked.format) ?? 'json';
      const forExcel = asked.excel === 'true';
      if (forExcel && format !== 'csv') return badRequest('excelWithoutCsv', 'excel=true goes with format=csv alone');
      const pageNow = (request: Omit<ListRequest, 'table'>): Promise<ListPage | Refused> =>
        table === 'flag_evidence' ? evidencePage(rows, request) : pageOf(rows, { table, ...request });
      if (format === 'json') {
        const then = await datedList(question, { table });
        if (then !== undefined) return then;
        const page = await pageNow({ question });
        return 'problem' in page ? page : answerOf(page, now);
      }
      const { contentType, head, write } = formatOf(format, table, forExcel ? 'excel' : 'everyone');
      const date = askedDate(question);
      if (!('date' in date)) return date;
      const page =
        date.date === undefined
          ? await pageNow({ question, usual: maxLimit, write })
          : await dated(question, { table, asOf: date.date, usual: maxLimit, write });
      if (!('texts' in page) || 'body' in page) return page;
      const first = asked.cursor === undefined;
      const text = [...(first ? [head] : []), ...page.texts].join('');
      return {
        file: {
          ...{ name: `${table}.${format}`, contentType: contentType(first), text, cursor: page.cursor },
          ...('unreadable' in page && { missing: page.unreadable }),
        },
        asOf: date.date?.at ?? now,
      };
    },
  };
};
