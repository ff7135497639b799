// How are the questions about one engagement answered: its rows, and its timeline?
// The routes call it; it reads the projection tables, and for a date and the timeline the streams.
import { askedEngagement, datedBy } from './askedEngagement.ts';
import { engagementPage } from './engagementPage.ts';
import { type EngagementReader, rowsAt, tablesOfEngagement } from './engagementReader.ts';
import { fitting, limitOf, placeOf } from './pageSize.ts';
import { type Answered, badRequest, type QueryRequest, unknownParameter } from './queryRequest.ts';
import { shownRows } from './shownRows.ts';
import { placeOfEvent, timelineAfter, timelineOf } from './timeline.ts';
import { createThresholds, type QuartileRows } from './visibility/quartiles.ts';

const beside = tablesOfEngagement.filter((table) => table !== 'engagements');

/** Answers `GET /v1/engagements/{id}`. */
export const createEngagementQuery =
  (engagements: EngagementReader, quartiles: QuartileRows) =>
  async (question: QueryRequest, named: string): Promise<Answered> => {
    const { asked, path, caller, now } = question;
    const unknown = unknownParameter(asked, ['asOf', 'clock', 'cursor']);
    if (unknown !== undefined) return unknown;
    const place = placeOf(question, path);
    if ('problem' in place) return place;
    const found = await askedEngagement(engagements, question, named);
    if ('problem' in found) return found;
    const { engagementId: id, at } = found;
    const { asOf } = at;
    const rows =
      asOf === undefined
        ? { ...(await engagements.current(caller.tenantId, id, beside)), engagements: [found.head] }
        : await rowsAt(found.at);
    const readAt = asOf?.at ?? now;
    const thresholds = createThresholds(quartiles, caller.tenantId);
    const shown = await Promise.all(
      tablesOfEngagement.map(async (table) => {
        const read = { table, rows: rows[table] ?? [], at: readAt };
        return [table, await shownRows(thresholds, found.reader, read)] as const;
      }),
    );
    const { head, tables, cursor } = engagementPage(id, Object.fromEntries(shown), place);
    return {
      body: { engagement: head, ...tables, ...(cursor !== undefined && { cursor }), ...datedBy(found.at) },
      asOf: readAt,
    };
  };

/** Answers `GET /v1/engagements/{id}/events`. */
export const createTimelineQuery =
  (engagements: EngagementReader) =>
  async (question: QueryRequest, id: string): Promise<Answered> => {
    const { asked, path, now } = question;
    const unknown = unknownParameter(asked, ['cursor', 'limit']);
    if (unknown !== undefined) return unknown;
    const size = limitOf(asked);
    if ('problem' in size) return size;
    const place = placeOf(question, path);
    if ('problem' in place) return place;
    const found = await askedEngagement(engagements, question, id);
    if ('problem' in found) return found;
    const following = timelineAfter(timelineOf(await found.at.events()), place.after);
    if (following === undefined) {
      const detail = 'the event at which the last page ended is not of this engagement any more; leave the cursor out';
      return badRequest('cursorOutOfDate', detail);
    }
    const first = following.slice(0, size.limit);
    const show = await found.showing(first.map(({ event }) => event));
    const items = first.map(({ event, ...about }) => ({ ...show(event), ...about }));
    const page = items.slice(0, fitting(items.map((item) => JSON.stringify(item))));
    const end = page.length < following.length ? first[page.length - 1] : undefined;
    const cursor = end === undefined ? undefined : place.cursorAt(placeOfEvent(end.event));
    return { body: { items: page, ...(cursor !== undefined && { cursor }) }, asOf: now };
  };
