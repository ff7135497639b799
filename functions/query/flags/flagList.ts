// Which flags are on one page: first those of engagements, then those of partners?
// The list queries call it; it reads the tables `flags` and `partner_flags` through the row reader.
import { rulesOnPartners } from '../../../domain/patterns/catalog.ts';
import { answerOf, type ListPage, type ListRequest, pageOf } from '../listPages.ts';
import { fitting, limitOf, type PagePlace, placeOf } from '../pageSize.ts';
import type { Answered, Refused } from '../queryRequest.ts';
import type { ReadRow, RowReader } from '../rowReader.ts';

type Asked = Pick<ListRequest, 'question' | 'part'> & { readonly equals: NonNullable<ListRequest['equals']> };

/** What a place among the flags of partners begins with; no flag of an engagement has such a key. */
const amongPartners = '~';

const isOnPartners = (rule: string): boolean => rulesOnPartners.some(({ id }) => id === rule);

/** Whether a table can hold flags that match: no claim is made against a flag of a partner. */
const mayHold = (table: 'flags' | 'partner_flags', { rule, claim }: Asked['equals']): boolean => {
  if (rule !== undefined) return isOnPartners(rule) === (table === 'partner_flags');
  return table === 'flags' || claim === undefined;
};

/** The place of a flag among those of both tables. */
export const placeOfFlag = ({ rowKey, partnerId }: ReadRow): string =>
  `${partnerId === undefined ? '' : amongPartners}${rowKey}`;

const none: ListPage = { rows: [], texts: [], cursor: undefined };

/** A page of both tables. */
export const flagPage = async (reader: RowReader, asked: Asked): Promise<ListPage | Refused> => {
  const { question, equals, part } = asked;
  const size = part ?? limitOf(question.asked);
  if ('problem' in size) return size;
  const place = part?.place ?? placeOf(question, ['flags']);
  if ('problem' in place) return place;
  const { after, cursorAt } = place;
  const ofEngagements = async (): Promise<ListPage | Refused> =>
    mayHold('flags', equals)
      ? await pageOf(reader, { table: 'flags', ...asked, part: { place, limit: size.limit } })
      : none;
  const ofPartners = async (from: string | undefined, limit: number): Promise<ListPage | Refused> => {
    const at: PagePlace = { after: from, cursorAt: (end) => cursorAt(`${amongPartners}${end}`) };
    return mayHold('partner_flags', equals)
      ? await pageOf(reader, { table: 'partner_flags', ...asked, part: { place: at, limit } })
      : none;
  };
  if (after?.startsWith(amongPartners))
    return await ofPartners(after.slice(amongPartners.length) || undefined, size.limit);
  const first = await ofEngagements();
  if ('problem' in first || first.cursor !== undefined) return first;
  const left = size.limit - first.rows.length;
  // Where the page is full, it is only asked whether more follow.
  const next = await ofPartners(undefined, Math.max(left, 1));
  if ('problem' in next) return next;
  const texts = [...first.texts, ...next.texts];
  if (left > 0 && fitting(texts) === texts.length)
    return { rows: [...first.rows, ...next.rows], texts, cursor: next.cursor };
  return next.rows.length === 0 && next.cursor === undefined ? first : { ...first, cursor: cursorAt(amongPartners) };
};

/** A page of flags as a JSON answer. */
export const flagList = async (reader: RowReader, asked: Asked): Promise<Answered> => {
  const page = await flagPage(reader, asked);
  return 'problem' in page ? page : answerOf(page, asked.question.now);
};
