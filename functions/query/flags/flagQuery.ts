// How is a question about one flag answered?
// The routes call it; it reads the projection tables, and the streams that hold the cited events.
import type { RecordedEvent } from '../../../events/catalog.ts';
import type { Caller } from '../../http/caller.ts';
import { askedEngagement, datedBy } from '../askedEngagement.ts';
import type { EngagementAt } from '../engagementAt.ts';
import { type EngagementReader, flagsAt } from '../engagementReader.ts';
import { type Answered, notFound, type QueryRequest, type Refused, unknownParameter } from '../queryRequest.ts';
import type { ReadRow, RowReader } from '../rowReader.ts';
import { shownRows } from '../shownRows.ts';
import { createThresholds } from '../visibility/quartiles.ts';
import { citedIn, explainFlag } from './flagExplanation.ts';
import { partnerFlagAnswer } from './partnerFlagQuery.ts';

export interface FlagQuerySettings {
  readonly rows: RowReader;
  readonly engagements: EngagementReader;
}

/** The engagement of a flag in the table; undefined where the table has no such flag. */
const engagementOf = async (rows: RowReader, { tenantId }: Caller, flagId: string): Promise<string | undefined> => {
  const within = { index: 'byFlag', values: [flagId] };
  const page = await rows.page({ table: 'flags', tenantId, within, limit: 1 });
  const id = page.rows[0]?.engagementId;
  return typeof id === 'string' ? id : undefined;
};

/** The cited events: from the engagement's stream and, where it lacks some, from the streams of its context. */
const citedEvents = async (flag: ReadRow, at: EngagementAt): Promise<readonly RecordedEvent[]> => {
  const ids = citedIn(flag);
  const isCited = ({ eventId }: RecordedEvent): boolean => ids.has(eventId);
  const own = (await at.events()).filter(isCited);
  return own.length < ids.size ? [...own, ...(await at.around()).filter(isCited)] : own;
};

const missing = (flagId: string): Refused =>
  notFound(`no flag ${flagId}; to find a flag of an earlier date, give both asOf and engagement`);

/** Answers `GET /v1/flags/{id}`. */
export const createFlagQuery =
  ({ rows, engagements }: FlagQuerySettings) =>
  async (question: QueryRequest, flagId: string): Promise<Answered> => {
    const { asked, caller, now } = question;
    const unknown = unknownParameter(asked, ['engagement', 'asOf', 'clock']);
    if (unknown !== undefined) return unknown;
    const named = asked.engagement ?? (await engagementOf(rows, caller, flagId));
    if (named === undefined) {
      // Flags of partners are known as they are now.
      const ofPartner =
        asked.asOf === undefined ? await partnerFlagAnswer({ rows, engagements }, question, flagId) : undefined;
      return ofPartner ?? missing(flagId);
    }
    const found = await askedEngagement(engagements, question, named);
    if ('problem' in found) {
      return asked.engagement === undefined && found.problem.status === 404 ? missing(flagId) : found;
    }
    const { at, engagementId, reader } = found;
    const { flags = [] } =
      at.asOf === undefined
        ? await engagements.current(caller.tenantId, engagementId, ['flags'])
        : { flags: await flagsAt(at) };
    const row = flags.find((each) => each.flagId === flagId);
    if (row === undefined) return missing(flagId);
    const readAt = at.asOf?.at ?? now;
    const events = await citedEvents(row, at);
    const show = await found.showing(events);
    const thresholds = createThresholds(rows, caller.tenantId);
    const [flag] = await shownRows(thresholds, reader, { table: 'flags', rows: [row], at: readAt });
    const cited = new Map(events.map((event) => [event.eventId, show(event)]));
    return { body: { flag, ...explainFlag(row, cited), ...datedBy(at) }, asOf: readAt };
  };
