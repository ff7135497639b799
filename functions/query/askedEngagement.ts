// Which engagement does a request ask about, and may its caller see it?
// The engagement and flag queries call it; it reads the head row, and for a date the engagement's streams.
import type { Context } from '../../domain/context/context.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Caller } from '../http/caller.ts';
import type { AsOf, EngagementAt } from './engagementAt.ts';
import type { EngagementReader } from './engagementReader.ts';
import { eventsFor, type ShownEvent } from './partnerView.ts';
import { askedDate, notFound, type QueryRequest, type Refused } from './queryRequest.ts';
import type { ReadRow } from './rowReader.ts';

export interface AskedEngagement {
  /** Its current head row. */
  readonly head: ReadRow;
  readonly at: EngagementAt;
}

/** A partner sees only the engagements that it leads now. */
const mayRead = ({ role, partnerId }: Caller, head: ReadRow): boolean =>
  role === 'vendor' || head.leadPartnerId === partnerId;

const happened: Readonly<Record<AsOf['clock'], string>> = {
  occurred: 'occurred',
  recorded: 'occurred and been recorded',
};

/** Finds the engagement at the date of the request; 404 where the caller may not see it, or where it has no event by that date. */
export const askedEngagement = async (
  engagements: EngagementReader,
  question: QueryRequest,
  engagementId: string,
): Promise<AskedEngagement | Refused> => {
  const { caller, now } = question;
  const asked = askedDate(question);
  if (!('date' in asked)) return asked;
  const { tenantId } = caller;
  const head = await engagements.head(tenantId, engagementId);
  if (head === undefined || !mayRead(caller, head)) return notFound(`no engagement ${engagementId}`);
  const asOf = asked.date;
  const at = engagements.at({ tenantId, engagementId, now, asOf });
  if (asOf === undefined || (await at.events()).length > 0) return { head, at };
  return notFound(
    `nothing of engagement ${engagementId} had ${happened[asOf.clock]} by ${asOf.at} (clock=${asOf.clock})`,
  );
};

/** The fields of an answer that describe its date. */
export const datedBy = ({ asOf }: EngagementAt) =>
  asOf === undefined ? {} : { clock: asOf.clock, computedWith: "today's code, on the events and context up to asOf" };

const noLinks: Context['links'] = new Map();

/** Shows these events as the caller may see them. The current links say which parties are the partner's. */
export const showing = async (
  caller: Caller,
  at: EngagementAt,
  events: readonly RecordedEvent[],
): Promise<(event: RecordedEvent) => ShownEvent> =>
  eventsFor(caller, caller.role === 'vendor' ? noLinks : await at.linksNow(events));
