// How does a run of translate-again go from page to page?
// The translate handler calls it with messages of its queue; it reads connections and receipts, works a page off, and sends the next page to the queue.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { addDays } from '../../events/instant.ts';
import type { Connection } from '../../events/sources/source.ts';
import type { IdentityResolver } from '../intake/identityResolver.ts';
import type { PutFacts } from '../intake/putFacts.ts';
import type { TranslateReceipts } from '../intake/translateReceipts.ts';
import { createReceiptsOf } from '../receipts/receiptsOf.ts';
import type { EventStore } from '../store/eventStore.ts';
import { AgainMessage, type AgainPage, type StepGoesOn } from './againPage.ts';
import { createForecast } from './forecast.ts';
import { createOthersStep, retractable } from './othersStep.ts';
import { createReadStep } from './readStep.ts';
import { createReceiptChanges } from './receiptChanges.ts';
import { createRetractStep } from './retractStep.ts';
import { createRunItems, type PageDone, type StoredGone } from './runItems.ts';
import { createStreams } from './streamsOf.ts';

type ConnectionOf = (connectionId: string) => Promise<Connection | undefined>;

export interface TranslateAgainSettings {
  readonly client: DynamoDBClient;
  /** The receipts table. */
  readonly table: string;
  readonly store: Pick<EventStore, 'load'>;
  /** Connections without what an earlier page has cached: the mapping may just have changed. */
  readonly freshConnections: () => ConnectionOf;
  readonly newIdentities: () => IdentityResolver;
  readonly translateBy: (connectionOf: ConnectionOf) => TranslateReceipts;
  readonly putFacts: PutFacts;
  /** Sends a message to translate's own queue; throws where it can't. */
  readonly send: (message: object, tenantId: string) => Promise<void>;
  readonly now: () => string;
  /** The most receipts of a page; absent: 100, whose bodies are 100 MB at the most. */
  readonly pageSize?: number;
}

/** The work that a message asks for; undefined where it is no page of a run. */
export type TranslateAgain = (message: unknown) => (() => Promise<void>) | undefined;

/**
 * Senders repeat a message for three days. A receipt that was received earlier than that says nothing that this one says, but an
 * earlier state of its object.
 */
const repeatedForDays = 4;

interface Worked extends PageDone {
  /** The rest of this step; undefined: the next step begins. */
  readonly next: StepGoesOn;
}

const nothing: Worked = { seen: 0, statuses: {}, next: undefined };

export const createTranslateAgain = (settings: TranslateAgainSettings): TranslateAgain => {
  const { client, table, store, freshConnections, newIdentities, translateBy, putFacts, send, now } = settings;
  const { pageSize = 100 } = settings;
  const itemsOf = createRunItems({ client, table, now });
  const changes = createReceiptChanges({ client, table });
  const receiptsOf = createReceiptsOf({ client, table });
  /** What a dry run of links would announce, until another run begins. */
  let dry: { readonly run: string; readonly identities: IdentityResolver } | undefined;

  const identitiesOf = ({ run }: AgainPage): IdentityResolver => {
    if (dry?.run !== run) dry = { run, identities: newIdentities() };
    return dry.identities;
  };

  /** The next receipts of a connection, and after which key the page after them begins. */
  const receiptsAfter = async (
    of: { readonly tenantId: string; readonly connection: string },
    from: string | undefined,
    after: string | undefined,
  ) => {
    // No receipt's key begins with another's.
    const begin = after === undefined ? from : `${after}~`;
    const pages = receiptsOf({ ...of, limit: pageSize, ...(begin !== undefined && { from: begin }) });
    const { value } = await pages.next();
    const { receipts, isLast } = value ?? { receipts: [], isLast: true };
    const last = receipts.at(-1)?.receipt.id;
    return { receipts, next: isLast || last === undefined ? undefined : { after: last } };
  };

  const read = async (page: AgainPage, connection: Connection, connectionOf: ConnectionOf): Promise<Worked> => {
    const { tenantId, connectionId, from, to, after } = page;
    const { receipts, next } = await receiptsAfter({ tenantId, connection: connectionId }, from, after);
    const step = createReadStep({
      forecast: createForecast({ identities: identitiesOf(page), streams: createStreams(store, now()) }),
      translate: translateBy(connectionOf),
      changes,
      items: itemsOf(page),
    });
    const done = await step(page, connection, receipts);
    const isPast = to !== undefined && next !== undefined && next.after >= to;
    return { ...done, next: isPast ? undefined : next };
  };

  const others = async (page: AgainPage, connectionOf: ConnectionOf): Promise<Worked> => {
    const { tenantId, account, place, after } = page;
    const gone = await itemsOf(page).gone();
    const [earliest] = retractable(gone)
      .map(({ id }) => id.slice(0, id.indexOf('#')))
      .sort();
    const id = account[place];
    if (earliest === undefined || id === undefined) return nothing;
    const other = await connectionOf(id);
    if (other === undefined) return { ...nothing, next: { place: place + 1 } };
    const from = addDays(earliest, -repeatedForDays);
    const { receipts, next } = await receiptsAfter({ tenantId, connection: id }, from, after);
    await createOthersStep({ identities: identitiesOf(page), items: itemsOf(page) })(other, receipts, gone);
    return { ...nothing, next: next === undefined ? { place: place + 1 } : { place, ...next } };
  };

  const retract = async (page: AgainPage): Promise<Worked> => {
    const { after = '' } = page;
    const left = (await itemsOf(page).gone()).filter(({ key }) => key > after);
    const now: readonly StoredGone[] = left.slice(0, pageSize);
    const step = createRetractStep({ streams: createStreams(store, settings.now()), putFacts, changes });
    await step(page, now);
    const last = now.at(-1)?.key;
    return { ...nothing, next: left.length <= pageSize || last === undefined ? undefined : { after: last } };
  };

  const work = (page: AgainPage, connection: Connection, connectionOf: ConnectionOf): Promise<Worked> => {
    switch (page.step) {
      case 'read':
        return read(page, connection, connectionOf);
      case 'others':
        return others(page, connectionOf);
      case 'retract':
        return retract(page);
      default:
        return page.step satisfies never;
    }
  };

  /** The page after this one; undefined where the run is over. A dry run retracts nothing. */
  const nextOf = (page: AgainPage, next: StepGoesOn): AgainPage | undefined => {
    const { after: _after, place: _place, step, ...run } = page;
    const number = page.page + 1;
    if (next !== undefined) return { ...run, step, page: number, place: 0, ...next };
    if (step === 'read') return { ...run, step: 'others', page: number, place: 0 };
    return step === 'others' && page.apply ? { ...run, step: 'retract', page: number, place: 0 } : undefined;
  };

  const take = async (page: AgainPage): Promise<void> => {
    const items = itemsOf(page);
    // A repeated message: the next page is on its way already.
    if (await items.hasPage(page.page)) return;
    const connectionOf = freshConnections();
    const connection = await connectionOf(page.connectionId);
    if (connection === undefined || connection.tenantId !== page.tenantId) {
      return await items.putDone(`there is no connection ${page.connectionId} of ${page.tenantId}`);
    }
    const { next, ...done } = await work(page, connection, connectionOf);
    const following = nextOf(page, next);
    if (following === undefined) await items.putDone();
    else await send({ again: following }, page.tenantId);
    await items.putPage(page.page, done);
  };

  return (message) => {
    const asked = AgainMessage.safeParse(message);
    return asked.success ? () => take(asked.data.again) : undefined;
  };
};
