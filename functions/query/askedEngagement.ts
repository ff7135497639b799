// Which engagement does a request ask about, and may its caller see it?
// The engagement and flag queries call it; it reads the head row, and for a date the engagement's streams.
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Caller } from '../http/caller.ts';
import { intoOf } from '../store/wholeEngagement.ts';
import type { AsOf, EngagementAsked, EngagementAt } from './engagementAt.ts';
import type { EngagementReader } from './engagementReader.ts';
import { askedDate, notFound, type QueryRequest, type Refused } from './queryRequest.ts';
import type { ReadRow } from './rowReader.ts';
import { callerThen, type Grants, grantsNow, isAllItsOwn } from './visibility/grantsNow.ts';
import { eventsFor, type ShownEvent } from './visibility/shownEvents.ts';

export interface AskedEngagement {
  /** Its id, also where the request named it by a reference. */
  readonly engagementId: string;
  /** Its current head row. */
  readonly head: ReadRow;
  readonly at: EngagementAt;
  /** The caller, as it may read the rows of that date. */
  readonly reader: Caller;
  /** Shows these events as the caller may see them, by what stands now. */
  readonly showing: (events: readonly RecordedEvent[]) => Promise<(event: RecordedEvent) => ShownEvent>;
}

/**
 * A partner sees only the engagements that it leads now. The row may be behind its stream, so both must say so; without the
 * row's word nothing is read.
 */
const mayRead = ({ role, partnerId }: Caller, head: ReadRow): boolean =>
  role === 'vendor' || (partnerId !== undefined && head.leadPartnerId === partnerId);

const happened: Readonly<Record<AsOf['clock'], string>> = {
  occurred: 'occurred',
  recorded: 'occurred and been recorded',
};

interface HeadFound {
  readonly engagementId: string;
  readonly head: ReadRow;
}

/** The head row of an engagement that the request names by its id, a reference or an external id. */
const headOf = async (
  engagements: EngagementReader,
  tenantId: string,
  named: string,
): Promise<HeadFound | undefined> => {
  const own = await engagements.head(tenantId, named);
  if (own !== undefined) return { engagementId: named, head: own };
  const engagementId = await engagements.known.engagement(tenantId, named);
  const head = engagementId === undefined ? undefined : await engagements.head(tenantId, engagementId);
  return engagementId === undefined || head === undefined ? undefined : { engagementId, head };
};

/** The engagement itself; where it is merged into another one at the date, that one. */
const survivorAt = async (
  engagements: EngagementReader,
  found: HeadFound,
  asked: Pick<EngagementAsked, 'tenantId' | 'now' | 'asOf'>,
): Promise<HeadFound & { readonly at: EngagementAt }> => {
  const at = engagements.at({ ...asked, engagementId: found.engagementId });
  // The row is behind the stream at times, and then leads on at the next look.
  const isMerged = typeof found.head.mergedInto === 'string';
  const into = !isMerged ? undefined : asked.asOf === undefined ? found.head.mergedInto : intoOf(await at.whole());
  const head = typeof into === 'string' ? await engagements.head(asked.tenantId, into) : undefined;
  if (typeof into !== 'string' || head === undefined) return { ...found, at };
  return { engagementId: into, head, at: engagements.at({ ...asked, engagementId: into }) };
};

type Granted = Pick<AskedEngagement, 'reader' | 'showing'>;

const showingTo =
  (caller: Caller, at: EngagementAt, { ledBy }: Grants): AskedEngagement['showing'] =>
  async (events) =>
    eventsFor(caller, { links: await at.linksNow(events), ledBy, engagement: at.stream });

/**
 * What the caller may see of the engagement; undefined if it may not see it, because another partner leads it by now, or because it held
 * then what is another engagement's.
 */
export const grantedTo = async (caller: Caller, at: EngagementAt, now: Instant): Promise<Granted | undefined> => {
  if (caller.role === 'vendor') return { reader: caller, showing: async () => (event) => event };
  const grants = await grantsNow(at, caller.tenantId);
  if (grants.leads(now) !== caller.partnerId || !(await isAllItsOwn(at))) return undefined;
  return { reader: await callerThen(caller, at, grants), showing: showingTo(caller, at, grants) };
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
  if (found === undefined) return notFound(`no engagement ${named}`);
  const asOf = asked.date;
  const { engagementId, head, at } = await survivorAt(engagements, found, { tenantId, now, asOf });
  if (!mayRead(caller, head)) return notFound(`no engagement ${named}`);
  const isThere = asOf === undefined || (await at.events()).length > 0;
  // For a date the context is needed anyway, and its read finds the links of the parties too.
  if (asOf !== undefined && isThere) await at.context();
  const granted = await grantedTo(caller, at, now);
  if (granted === undefined) return notFound(`no engagement ${named}`);
  if (isThere) return { engagementId, head, at, ...granted };
  return notFound(`nothing of engagement ${named} had ${happened[asOf.clock]} by ${asOf.at} (clock=${asOf.clock})`);
};

/** With what every answer of a date is computed. */
export const computedWith = "today's code, on the events and context up to asOf";

/** The fields of an answer that describe its date. */
export const datedBy = ({ asOf }: Pick<EngagementAt, 'asOf'>) =>
  asOf === undefined ? {} : { clock: asOf.clock, computedWith };
