// Which lists may be asked for, by which filters? Engagements, flags, and every table as it is.
import { ruleOf, rules } from '../../domain/patterns/catalog.ts';
import { patternNames } from '../../domain/patterns/pattern.ts';
import { tableNames } from '../../domain/rows/row.ts';
import { stages } from '../../events/stage.ts';
import { list } from './lists.ts';
import { type Answered, notFound, type Question, unknownParameter, unknownWord } from './question.ts';
import { type ReadRow, type RowReader, tableNamed } from './rowReader.ts';

const paging = ['cursor', 'limit'] as const;
const ruleIds = rules.map(({ id }) => id);

const hasOpenFlag = (row: ReadRow, flag: string): boolean =>
  Array.isArray(row.openRules) &&
  row.openRules.some((rule) => rule === flag || (typeof rule === 'string' && ruleOf(rule)?.pattern === flag));

/** The lists over a reader of rows. */
export const createListQueries = (rows: RowReader) => ({
  /** `flag` is a rule or a pattern of which a flag is open. */
  engagements: async (question: Question): Promise<Answered> => {
    const { asked } = question;
    const { stage, flag } = asked;
    return (
      unknownParameter(asked, ['partner', 'stage', 'flag', ...paging]) ??
      unknownWord(asked, 'stage', stages) ??
      unknownWord(asked, 'flag', [...ruleIds, ...patternNames]) ??
      (await list(rows, {
        table: 'engagements',
        question,
        equals: { stage },
        keep: flag === undefined ? undefined : (row) => hasOpenFlag(row, flag),
      }))
    );
  },

  flags: async (question: Question): Promise<Answered> => {
    const { asked } = question;
    const { pattern, rule, status } = asked;
    return (
      unknownParameter(asked, ['partner', 'pattern', 'rule', 'status', ...paging]) ??
      unknownWord(asked, 'pattern', patternNames) ??
      unknownWord(asked, 'rule', ruleIds) ??
      unknownWord(asked, 'status', ['open', 'cleared']) ??
      (await list(rows, {
        table: 'flags',
        question,
        equals: { pattern, rule, status, openPattern: status === 'open' ? pattern : undefined },
      }))
    );
  },

  table: async (question: Question, name: string): Promise<Answered> => {
    const table = tableNamed(name);
    if (table === undefined) return notFound(`no table ${name}; there are ${tableNames.join(', ')}`);
    return (
      unknownParameter(question.asked, ['partner', 'format', ...paging]) ??
      unknownWord(question.asked, 'format', ['json']) ??
      (await list(rows, { table, question }))
    );
  },
});
