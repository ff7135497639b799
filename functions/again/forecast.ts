// What would a receipt say by today's code and mapping, and what does it no longer say?
// The `read` step calls it; it reads identities and streams, and changes nothing.
import { standing } from '../../domain/history.ts';
import type { Issue } from '../../events/catalog.ts';
import type { Connection } from '../../events/sources/source.ts';
import type { IdentityResolver } from '../intake/identityResolver.ts';
import { endOf } from '../intake/partEndings.ts';
import { type Read, readReceipt } from '../intake/readReceipt.ts';
import { claim, type Placed, place } from '../intake/resolveStreams.ts';
import { hasEnded, type Receipt } from '../receipts/receipt.ts';
import { placeOf, type ReceiptFact, receiptFactsOf } from '../receipts/receiptFacts.ts';
import { receiptIdOf } from '../receipts/receiptId.ts';
import type { Finding, Gone } from './runItems.ts';
import type { Streams } from './streamsOf.ts';

export interface Forecast {
  readonly finding: Omit<Finding, 'notCovered'>;
  readonly gone: readonly Gone[];
  /** Whether translating it again would change the receipt, or add facts. */
  readonly changes: boolean;
}

export interface ForecastSettings {
  /** Not those of translate: what a dry run announces to it must not count elsewhere. */
  readonly identities: IdentityResolver;
  readonly streams: Streams;
}

/** Reads a receipt, and finds the streams of its facts. */
export const readAndPlaced = async (
  receipt: Receipt,
  connection: Connection,
  identities: IdentityResolver,
): Promise<{ readonly read: Read; readonly placed?: Placed }> => {
  const read = readReceipt(receipt, connection);
  if (read.outcome !== 'facts') return { read };
  const look = new Map();
  return { read, placed: await place(await claim(read, identities, look), identities, look) };
};

const mostAdds = 200;

type Ended = { readonly status: string; readonly reason?: string; readonly issues?: readonly Issue[] };

const endingOf = (read: Read, placed: Placed | undefined): Ended => {
  if (read.outcome === 'ends') return read.ending;
  if (read.outcome === 'waits') return { status: 'waiting', reason: read.reason };
  if (placed?.waits !== undefined) return { status: 'waiting', reason: placed.waits.reason };
  return endOf(placed?.parts ?? []);
};

/** A receipt keeps so much of its reason. */
const cut = (reason: string | undefined): string | undefined => reason?.slice(0, 1000);

/** Why a fact is left as it is although its receipt no longer says it; undefined where it may be taken back. */
const keptWhy = ({ type }: ReceiptFact): string | undefined => {
  if (type === 'IdentityLinked') return 'a link is not taken back, because other facts may have come by it';
  return type === 'FactRetracted' ? 'a retraction is not taken back' : undefined;
};

export const createForecast =
  ({ identities, streams }: ForecastSettings) =>
  async (receipt: Receipt, connection: Connection): Promise<Forecast> => {
    const { said = [] } = receipt;
    const { read, placed } = await readAndPlaced(receipt, connection, identities);
    const { status, reason, issues } = endingOf(read, placed);

    const adds: Finding['adds'][number][] = [];
    for (const fact of placed?.facts ?? []) {
      const added = await streams.add(fact);
      if (added !== undefined)
        adds.push({ type: fact.type, stream: fact.streamId, eventId: fact.eventId, restates: added.restates });
    }

    const saysNow = new Set(receiptFactsOf(placed?.facts ?? []).map(placeOf));
    const saidBefore = new Set(said.map(placeOf));
    const stays: Finding['stays'][number][] = [];
    const gone: Gone[] = [];
    for (const fact of said.filter((each) => !saysNow.has(placeOf(each)))) {
      const { type, factId, eventId, stream } = fact;
      const stay = (why: string) => void stays.push({ type, stream, eventId, why });
      const why = status === 'waiting' ? 'the receipt waits now; it may say it when the wait is over' : keptWhy(fact);
      if (why !== undefined) {
        stay(why);
        continue;
      }
      const current = standing(await streams.of(stream)).find((event) => event.factId === factId);
      const isOwn = current !== undefined && (current.eventId === eventId || current.causationId === receipt.id);
      if (current === undefined) stay('it does not stand any more');
      else if (!isOwn) stay('an event that did not come of this receipt stands in its place');
      gone.push({
        ...{ partition: receipt.partition, id: receipt.id, receipt: receiptIdOf(receipt), type, factId, stream },
        said: eventId,
        translation: connection.mapping.version,
        ...(current !== undefined &&
          isOwn && {
            stands: {
              eventId: current.eventId,
              ...(current.sourceSeq !== undefined && { sourceSeq: current.sourceSeq }),
            },
          }),
      });
    }

    const isOther = status !== receipt.status || cut(reason) !== receipt.reason;
    const saysMore = [...saysNow].some((each) => !saidBefore.has(each));
    // What can't be read at all is left as it is: to make it wait would not mend it.
    const isUnread = read.outcome === 'waits' && hasEnded(receipt);
    return {
      finding: {
        receipt: receiptIdOf(receipt),
        receivedAt: receipt.message.receivedAt,
        was: { status: receipt.status, ...(receipt.reason !== undefined && { reason: receipt.reason }) },
        now: {
          status,
          ...(reason !== undefined && { reason: cut(reason) }),
          ...(issues !== undefined &&
            issues.length > 0 && { issues: issues.slice(0, 5).map((issue) => ({ ...issue })) }),
        },
        isLeft: isUnread,
        adds: adds.slice(0, mostAdds),
        moreAdds: Math.max(0, adds.length - mostAdds),
        stays,
      },
      gone,
      changes: !isUnread && (adds.length > 0 || isOther || saysMore),
    };
  };
