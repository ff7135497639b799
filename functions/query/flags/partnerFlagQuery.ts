// How is a question about one flag of a partner answered?
// The flag query calls it; it reads the table `partner_flags`, and the streams of the engagements that hold the cited events.
import type { Cell } from '../../../domain/rows/row.ts';
import { askedEngagement } from '../askedEngagement.ts';
import type { EngagementReader } from '../engagementReader.ts';
import type { Answered, QueryRequest } from '../queryRequest.ts';
import type { ReadRow, RowReader } from '../rowReader.ts';
import { shownRows } from '../shownRows.ts';
import { createThresholds } from '../visibility/quartiles.ts';
import type { ShownEvent } from '../visibility/shownEvents.ts';
import { citedIn, explainFlag } from './flagExplanation.ts';

const table = 'partner_flags';

interface PartnerFlagSettings {
  readonly rows: RowReader;
  readonly engagements: EngagementReader;
}

const engagementIn = (piece: Cell): readonly string[] =>
  typeof piece === 'object' && piece !== null && 'engagementId' in piece && typeof piece.engagementId === 'string'
    ? [piece.engagementId]
    : [];

/** The engagements whose events the flag cites. */
const engagementsOf = ({ evidence, clearedByEngagement }: ReadRow): readonly string[] => [
  ...new Set([
    ...(Array.isArray(evidence) ? evidence.flatMap(engagementIn) : []),
    ...(typeof clearedByEngagement === 'string' ? [clearedByEngagement] : []),
  ]),
];

/** The cited events, each as the caller may see it; those of engagements that it may not see are left out. */
const citedEvents = async (
  { engagements }: PartnerFlagSettings,
  question: QueryRequest,
  flag: ReadRow,
): Promise<ReadonlyMap<string, ShownEvent>> => {
  const ids = citedIn(flag);
  const cited = new Map<string, ShownEvent>();
  for (const id of engagementsOf(flag)) {
    const found = await askedEngagement(engagements, { ...question, asked: {} }, id);
    if ('problem' in found) continue;
    const events = (await found.at.events()).filter(({ eventId }) => ids.has(eventId));
    const show = await found.showing(events);
    for (const event of events) cited.set(event.eventId, show(event));
  }
  return cited;
};

/** Answers `GET /v1/flags/{id}` for a flag of a partner; undefined where the caller sees no such flag. */
export const partnerFlagAnswer = async (
  settings: PartnerFlagSettings,
  question: QueryRequest,
  flagId: string,
): Promise<Answered | undefined> => {
  const { caller, now } = question;
  const { tenantId } = caller;
  const within = { index: 'byFlag', values: [flagId] };
  const [row] = (await settings.rows.page({ table, tenantId, within, limit: 1 })).rows;
  if (row === undefined || (caller.role !== 'vendor' && row.leadPartnerId !== caller.partnerId)) return undefined;
  const thresholds = createThresholds(settings.rows, tenantId);
  const [flag] = await shownRows(thresholds, caller, { table, rows: [row], at: now });
  const cited = await citedEvents(settings, question, row);
  return { body: { flag, ...explainFlag(row, cited) }, asOf: now };
};
