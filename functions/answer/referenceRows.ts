// Which rows did a table have of one offer, party or campaign as of a date?
// The answers call it; it reads streams through what it is given.
import { standingOffer } from '../../domain/context/offer.ts';
import { standing } from '../../domain/history.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { ReferenceTable } from '../../domain/rows/table.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import { cutsOf } from '../query/engagementAt.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { linksAt } from './linksAt.ts';
import type { RowsQuestion } from './question.ts';

export interface ReferenceAsked {
  readonly question: RowsQuestion;
  readonly tenantId: string;
  readonly id: string;
}

/** Throws `BrokenStream` where its stream can't be read. */
export const referenceRows = async (
  look: StreamReads,
  { grain, rows }: ReferenceTable,
  { question, tenantId, id }: ReferenceAsked,
): Promise<readonly Row[]> => {
  const stream = streamIdOf(tenantId, grain, id);
  const cuts = cutsOf(question);
  const read = (await look.read([stream])).get(stream);
  if (read?.broken !== undefined) throw read.broken;
  const all = read?.history.events ?? [];
  const events = grain === 'offer' ? standingOffer(all, cuts) : standing({ events: all }, cuts);
  return events.length === 0 ? [] : rows({ events, links: await linksAt(look, tenantId, { events, cuts }) });
};
