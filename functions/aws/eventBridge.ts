// Which entries of a list reached the bus, and why did the others not?
// Translate and relay call it; it puts events on the bus.
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { backOff } from './backOff.ts';
import { inParallel } from './parallel.ts';

/** The bus sources of the pipeline itself: facts on their way to a stage, and recorded events. */
export const intakeSource = 'throughline.intake';
export const recordedSource = 'throughline';

/** The detail-type of a pack: facts of one tenant, on their way to the one that owns them. Its detail is `{ owner, facts }`. */
export const packType = 'Facts';

export interface BusEntry {
  readonly source: string;
  /** The event's type. */
  readonly detailType: string;
  /** JSON text. */
  readonly detail: string;
}

export interface Unsent {
  /** The entry's index in the list that was put. */
  readonly index: number;
  readonly reason: string;
}

export interface Bus {
  /**
   * Puts the entries, each at least once, in no fixed order. Returns the entries that failed, in the list's order. After a call
   * whose entries all failed, no further call begins: the remaining entries fail as `notTried`.
   */
  put(entries: readonly BusEntry[]): Promise<readonly Unsent[]>;
}

export interface BusSettings {
  readonly client: EventBridgeClient;
  readonly busName: string;
  readonly random: () => number;
}

const tries = 4;
const callEntries = 10;
const callBytes = 1_000_000;
const batchesAtOnce = 4;

interface Placed {
  readonly index: number;
  readonly entry: BusEntry;
}

const bytesOf = ({ source, detailType, detail }: BusEntry): number =>
  Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);

/** Splits entries, in order, into calls of at most 10 entries and 1 MB. */
const intoCalls = (entries: readonly BusEntry[]): readonly (readonly Placed[])[] => {
  const calls: Placed[][] = [];
  let bytes = 0;
  for (const [index, entry] of entries.entries()) {
    const size = bytesOf(entry);
    const last = calls.at(-1);
    if (last === undefined || last.length === callEntries || bytes + size > callBytes) {
      calls.push([{ index, entry }]);
      bytes = size;
    } else {
      last.push({ index, entry });
      bytes += size;
    }
  }
  return calls;
};

/** Creates the bus of that name. */
export const createBus = ({ client, busName, random }: BusSettings): Bus => {
  const attempt = async (call: readonly Placed[]): Promise<readonly Unsent[]> => {
    try {
      const answer = await client.send(
        new PutEventsCommand({
          Entries: call.map(({ entry }) => ({
            EventBusName: busName,
            Source: entry.source,
            DetailType: entry.detailType,
            Detail: entry.detail,
          })),
        }),
      );
      // An entry without an id failed, whatever FailedEntryCount says.
      return call.flatMap(({ index }, place) => {
        const result = answer.Entries?.[place];
        if (result?.EventId !== undefined) return [];
        return [
          { index, reason: `${result?.ErrorCode ?? 'noResult'}: ${result?.ErrorMessage ?? 'the bus gave no message'}` },
        ];
      });
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return call.map(({ index }) => ({ index, reason }));
    }
  };

  const send = async (call: readonly Placed[]): Promise<readonly Unsent[]> => {
    let unsent = await attempt(call);
    for (let again = 1; again < tries && unsent.length > 0; again += 1) {
      await backOff(again, random);
      const failed = new Set(unsent.map(({ index }) => index));
      unsent = await attempt(call.filter(({ index }) => failed.has(index)));
    }
    return unsent;
  };

  return {
    put: async (entries) => {
      let stopped = false;
      const unsent = await inParallel(intoCalls(entries), batchesAtOnce, async (call) => {
        if (stopped) return call.map(({ index }) => ({ index, reason: 'notTried' }));
        const failed = await send(call);
        // Where the bus rejects only some entries, it still works, and other calls go on.
        if (failed.length === call.length) stopped = true;
        return failed;
      });
      return unsent.flat();
    },
  };
};
