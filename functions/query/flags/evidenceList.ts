// Which pieces of evidence are on one page: those of the flags of engagements, then those of the flags of partners?
// The list queries call it; it reads the tables `flags` and `partner_flags` through the row reader.
import * as z from 'zod';
import { flagEvidence } from '../../../domain/rows/flagEvidence.ts';
import type { ListPage, ListRequest } from '../listPages.ts';
import { fitting, limitOf, placeOf } from '../pageSize.ts';
import type { Refused } from '../queryRequest.ts';
import type { RowReader } from '../rowReader.ts';
import { flagPage, placeOfFlag } from './flagList.ts';

/** After which flag the page begins, and which of the next flag's pieces were on the page before; absent: none. */
const Begins = z.strictObject({ after: z.string().optional(), done: z.string().optional() });
type Begins = z.infer<typeof Begins>;

/** A flag has some pieces, so this many flags fill a page. Where they don't, the page is shorter, and the cursor leads on. */
const flagsFor = (pieces: number): number => Math.ceil(pieces / 2);

const isDone = (rowKey: string, done: string | undefined): boolean =>
  done !== undefined && rowKey.startsWith(done.slice(0, done.lastIndexOf('#') + 1)) && rowKey <= done;

/** A page of the table `flag_evidence`: the evidence that stands in the flags as the caller sees them. */
export const evidencePage = async (
  reader: RowReader,
  { question, usual, write = JSON.stringify }: Pick<ListRequest, 'question' | 'usual' | 'write'>,
): Promise<ListPage | Refused> => {
  const size = limitOf(question.asked, usual);
  if ('problem' in size) return size;
  const place = placeOf(question, [flagEvidence.name]);
  if ('problem' in place) return place;
  const begins: Begins = place.after === undefined ? {} : Begins.parse(JSON.parse(place.after));
  const cursorAt = (next: Begins): string => place.cursorAt(JSON.stringify(next));
  const flags = await flagPage(reader, {
    ...{ question, equals: {} },
    part: { place: { after: begins.after, cursorAt: (end) => end }, limit: flagsFor(size.limit) },
  });
  if ('problem' in flags) return flags;
  const pieces = flags.rows.flatMap((flag, index) => {
    const before = flags.rows[index - 1];
    const after = before === undefined ? begins.after : placeOfFlag(before);
    return flagEvidence.rowsIn(flag).flatMap((row) => {
      const done = String(row.rowKey);
      return isDone(done, begins.done) ? [] : [{ row, next: { ...(after !== undefined && { after }), done } }];
    });
  });
  const page = pieces.slice(0, size.limit);
  const texts = page.map(({ row }) => write(row));
  const count = fitting(texts);
  const last = count < pieces.length ? page[count - 1]?.next : undefined;
  const next = last ?? (flags.cursor === undefined ? undefined : { after: flags.cursor });
  return {
    rows: page.slice(0, count).map(({ row }) => row),
    texts: texts.slice(0, count),
    cursor: next === undefined ? undefined : cursorAt(next),
  };
};
