// Which engagement is asked about, and may its caller see it? One that its caller leads now, as it is or as it was on a date.
import type { Context } from '../../domain/context/context.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Caller } from '../http/caller.ts';
import type { AsOf, EngagementAt } from './engagementAt.ts';
import type { EngagementReader } from './engagementReader.ts';
import { eventsFor, type ShownEvent } from './partnerView.ts';
import { askedDate, notFound, type QueryRequest, type Refused } from './queryRequest.ts';
import type { ReadRow } from './rowReader.ts';

export interface AskedEngagement {
  /** Its head row as it stands now. */
  readonly head: ReadRow;
  readonly at: EngagementAt;
}

/** A partner may ask of the engagements that it leads now, and finds no others. */
const mayRead = ({ role, partnerId }: Caller, head: ReadRow): boolean =>
  role === 'vendor' || head.leadPartnerId === partnerId;

const happened: Readonly<Record<AsOf['clock'], string>> = {
  occurred: 'occurred',
  recorded: 'occurred and been recorded',
};

/** Finds the engagement, at the date that the question names; refuses one that is not the caller's, or not known by then. */
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

/** What an answer says of its date. */
export const datedBy = ({ asOf }: EngagementAt) =>
  asOf === undefined ? {} : { clock: asOf.clock, computedWith: "today's code, on the events and context up to asOf" };

const noLinks: Context['links'] = new Map();

/** Shows these events as the caller may see them: which parties are a partner's follows from the links that stand now. */
export const showing = async (
  caller: Caller,
  at: EngagementAt,
  events: readonly RecordedEvent[],
): Promise<(event: RecordedEvent) => ShownEvent> =>
  eventsFor(caller, caller.role === 'vendor' ? noLinks : await at.linksNow(events));
