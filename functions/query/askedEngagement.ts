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
  /** Its id, also where the request named it by a reference. */
  readonly engagementId: string;
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

/** The head row of an engagement that the request names by its id, a reference or an external id. */
const headOf = async (
  engagements: EngagementReader,
  tenantId: string,
  named: string,
): Promise<{ readonly engagementId: string; readonly head: ReadRow } | undefined> => {
  const own = await engagements.head(tenantId, named);
  if (own !== undefined) return { engagementId: named, head: own };
  const engagementId = await engagements.known.engagement(tenantId, named);
  const head = engagementId === undefined ? undefined : await engagements.head(tenantId, engagementId);
  return engagementId === undefined || head === undefined ? undefined : { engagementId, head };
};

/** Finds the engagement at the date of the request; 404 where the caller may not see it, or where it has no event by that date. */
export const askedEngagement = async (
  engagements: EngagementReader,
  question: QueryRequest,
  named: string,
): Promise<AskedEngagement | Refused> => {
  const { caller, now } = question;
  const asked = askedDate(question);
  if (!('date' in asked)) return asked;
  const { tenantId } = caller;
  const found = await headOf(engagements, tenantId, named);
  if (found === undefined || !mayRead(caller, found.head)) return notFound(`no engagement ${named}`);
  const { engagementId } = found;
  const asOf = asked.date;
  const at = engagements.at({ tenantId, engagementId, now, asOf });
  if (asOf === undefined || (await at.events()).length > 0) return { ...found, at };
  return notFound(`nothing of engagement ${named} had ${happened[asOf.clock]} by ${asOf.at} (clock=${asOf.clock})`);
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
