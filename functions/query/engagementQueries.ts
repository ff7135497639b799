// What may be asked of one engagement? Its rows now or as of a date, its timeline, and one of its flags explained.
import type { TableName } from '../../domain/rows/catalog.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Caller } from '../http/caller.ts';
import { engagementPage } from './engagementPage.ts';
import { type AsOf, type EngagementReader, type EngagementRows, tablesOfEngagement } from './engagementReader.ts';
import { citedIn, explainFlag } from './flagExplanation.ts';
import { fitting, limitOf, placeOf } from './pageSize.ts';
import { eventsFor, rowFor } from './partnerView.ts';
import { type Answered, askedDate, notFound, type QueryRequest, unknownParameter } from './queryRequest.ts';
import type { ReadRow, RowReader } from './rowReader.ts';
import { timelineAfter, timelineOf } from './timeline.ts';

export interface EngagementQuerySettings {
  readonly rows: RowReader;
  readonly engagements: EngagementReader;
}

interface Found {
  readonly rows: EngagementRows;
  readonly asOf: AsOf | undefined;
}

const mayRead = ({ role, partnerId }: Caller, head: ReadRow): boolean =>
  role === 'vendor' || head.leadPartnerId === partnerId;

const happened: Readonly<Record<AsOf['clock'], string>> = {
  occurred: 'occurred',
  recorded: 'occurred and been recorded',
};

/** What an answer as of a date says of itself. */
const datedBy = (asOf: AsOf | undefined) =>
  asOf === undefined ? {} : { clock: asOf.clock, computedWith: "today's code, on the events and context up to asOf" };

/** The questions about one engagement; a partner may ask of those that it leads now, and finds no others. */
export const createEngagementQueries = ({ rows, engagements }: EngagementQuerySettings) => {
  const isReadable = async (caller: Caller, id: string): Promise<boolean> => {
    const head = await engagements.head(caller.tenantId, id);
    return head !== undefined && mayRead(caller, head);
  };

  const found = async (question: QueryRequest, id: string, of: readonly TableName[]): Promise<Found | Answered> => {
    const { caller } = question;
    const asked = askedDate(question);
    if (!('date' in asked)) return asked;
    const head = await engagements.head(caller.tenantId, id);
    if (head === undefined || !mayRead(caller, head)) return notFound(`no engagement ${id}`);
    const asOf = asked.date;
    if (asOf === undefined) {
      const others = await engagements.current(
        caller.tenantId,
        id,
        of.filter((table) => table !== 'engagements'),
      );
      return { rows: { ...others, engagements: [head] }, asOf };
    }
    const past = await engagements.asOf(caller.tenantId, id, asOf);
    return past === undefined
      ? notFound(`nothing of engagement ${id} had ${happened[asOf.clock]} by ${asOf.at} (clock=${asOf.clock})`)
      : { rows: past, asOf };
  };

  /** How the caller may see events: partners' parties need the links that stand now. */
  const shown = async ({ caller, now }: QueryRequest, events: readonly RecordedEvent[]) => {
    if (caller.role === 'vendor') return eventsFor(caller, new Map());
    const { context } = await engagements.context(caller.tenantId, events, now);
    return eventsFor(caller, context.links);
  };

  const engagementOfFlag = async ({ tenantId }: Caller, flagId: string): Promise<string | undefined> => {
    const within = { index: 'byFlag', values: [flagId] };
    const page = await rows.page({ table: 'flags', tenantId, within, limit: 1 });
    const id = page.rows[0]?.engagementId;
    return typeof id === 'string' ? id : undefined;
  };

  /** The cited events: of the engagement's stream, and of the streams around it where they stand there. */
  const citedEvents = async (question: QueryRequest, engagementId: string, flag: ReadRow) => {
    const { caller, now } = question;
    const ids = citedIn(flag);
    const own = await engagements.events(caller.tenantId, engagementId);
    const cited = own.filter(({ eventId }) => ids.has(eventId));
    if (new Set(cited.map(({ eventId }) => eventId)).size < ids.size) {
      const { basis } = await engagements.context(caller.tenantId, own, now);
      cited.push(...(await engagements.around(basis)).filter(({ eventId }) => ids.has(eventId)));
    }
    const show = await shown(question, cited);
    return new Map(cited.map((event) => [event.eventId, show(event)]));
  };

  return {
    one: async (question: QueryRequest, id: string): Promise<Answered> => {
      const unknown = unknownParameter(question.asked, ['asOf', 'clock', 'cursor']);
      if (unknown !== undefined) return unknown;
      const place = placeOf(question, question.path);
      if ('problem' in place) return place;
      const answer = await found(question, id, tablesOfEngagement);
      if (!('rows' in answer)) return answer;
      const shownRows = tablesOfEngagement.map(
        (table) => [table, (answer.rows[table] ?? []).map((row) => rowFor(question.caller, table, row))] as const,
      );
      const { head, tables, cursor } = engagementPage(id, Object.fromEntries(shownRows), place);
      return {
        body: { engagement: head, ...tables, ...(cursor !== undefined && { cursor }), ...datedBy(answer.asOf) },
        asOf: answer.asOf?.at ?? question.now,
      };
    },

    timeline: async (question: QueryRequest, id: string): Promise<Answered> => {
      const unknown = unknownParameter(question.asked, ['cursor', 'limit']);
      if (unknown !== undefined) return unknown;
      const { caller, asked, now, path } = question;
      const size = limitOf(asked);
      if ('problem' in size) return size;
      const place = placeOf(question, path);
      if ('problem' in place) return place;
      if (!(await isReadable(caller, id))) return notFound(`no engagement ${id}`);
      const events = await engagements.events(caller.tenantId, id);
      const show = await shown(question, events);
      const following = timelineAfter(timelineOf(events), place.after);
      const items = following.slice(0, size.limit).map(({ event, ...about }) => ({ ...show(event), ...about }));
      const page = items.slice(0, fitting(items.map((item) => JSON.stringify(item))));
      const end = page.length < following.length ? page.at(-1)?.version : undefined;
      const cursor = end === undefined ? undefined : place.cursorAt(String(end));
      return { body: { items: page, ...(cursor !== undefined && { cursor }) }, asOf: now };
    },

    flag: async (question: QueryRequest, flagId: string): Promise<Answered> => {
      const unknown = unknownParameter(question.asked, ['engagement', 'asOf', 'clock']);
      if (unknown !== undefined) return unknown;
      const { caller, asked } = question;
      const engagementId = asked.engagement ?? (await engagementOfFlag(caller, flagId));
      const missing = notFound(
        `no flag ${flagId}; one that stood at an earlier date is found by asOf and engagement together`,
      );
      if (engagementId === undefined) return missing;
      const answer = await found(question, engagementId, ['flags']);
      if (!('rows' in answer))
        return asked.engagement === undefined && 'problem' in answer && answer.problem.status === 404
          ? missing
          : answer;
      const flag = answer.rows.flags?.find((row) => row.flagId === flagId);
      if (flag === undefined) return missing;
      const cited = await citedEvents(question, engagementId, flag);
      return {
        body: { flag, ...explainFlag(flag, cited), ...datedBy(answer.asOf) },
        asOf: answer.asOf?.at ?? question.now,
      };
    },
  };
};
