// How do receipts become facts on the bus? Read, placed, put; a receipt ends only when all that it says is there.
import type { Fact } from '../../events/catalog.ts';
import { canonicalJson, parseStreamId } from '../../events/identifiers.ts';
import type { Connection } from '../../events/sources/source.ts';
import { type Bus, intakeSource } from '../aws/eventBridge.ts';
import { inParallel } from '../aws/parallel.ts';
import type { IdentityResolver, Look } from './identityResolver.ts';
import { type Read, readReceipt, type Understood } from './readReceipt.ts';
import { hasEnded, type Receipt } from './receipt.ts';
import type { Ending, Receipts, Standing } from './receipts.ts';
import { type Claimed, claim, type Placed, place } from './resolveStreams.ts';
import { type Waiting, waitPartitionOf } from './waitingIndex.ts';

export interface TranslateReceiptsSettings {
  readonly connectionOf: (connectionId: string) => Promise<Connection | undefined>;
  readonly identities: IdentityResolver;
  readonly receipts: Receipts;
  readonly waiting: Waiting;
  readonly bus: Bus;
}

export interface TranslationFailure {
  readonly receipt: Receipt;
  readonly error: unknown;
}

/**
 * Translates receipts; answers those that failed and must come again. Any receipt may be translated any number of times: what
 * it says has the same ids each time.
 */
export type TranslateReceipts = (receipts: readonly Receipt[]) => Promise<readonly TranslationFailure[]>;

const atOnce = 16;
const mostRounds = 5;

type Unsaid = Exclude<Read, Understood>;
type Said = { readonly claimed: Claimed; readonly placed: Placed };

const detailOf = (fact: Fact) => ({ source: intakeSource, detailType: fact.type, detail: JSON.stringify(fact) });

/** Claims on one reference are decided one after another, in the order of their receipts. */
const groupOf = ({ receipt, claims }: Understood): string =>
  claims.length === 0
    ? `receipt ${receipt.partition} ${receipt.id}`
    : canonicalJson([receipt.tenantId, claims[0]?.reference]);

export const createTranslateReceipts = (settings: TranslateReceiptsSettings): TranslateReceipts => {
  const { connectionOf, identities, receipts, waiting, bus } = settings;

  const removeAll = async (receipt: Receipt, partitions: readonly string[]): Promise<void> => {
    await Promise.all(partitions.map((partition) => waiting.remove(partition, receipt)));
  };

  /** Its pointers go when it has ended: while it is open, they are what wakes it. Cut off between, it says which are to go. */
  const end = async (receipt: Receipt, ending: Ending, waitsUnder: readonly string[]): Promise<void> => {
    let recorded = waitsUnder;
    for (let round = 0; round < mostRounds; round += 1) {
      const stood = await receipts.end(receipt, ending, recorded);
      recorded = stood?.waitsUnder ?? recorded;
      if (stood === undefined || hasEnded(stood)) return await removeAll(receipt, recorded);
    }
    throw new Error(`receipt ${receipt.id} was let wait for other ids ${mostRounds} times while it ended`);
  };

  const putAll = async (facts: readonly Fact[]): Promise<ReadonlyMap<Fact, string>> => {
    for (const { streamId } of facts) if (parseStreamId(streamId).kind === 'engagement') identities.begin(streamId);
    const unsent = await bus.put(facts.map(detailOf));
    return new Map(unsent.flatMap(({ index, reason }) => (facts[index] === undefined ? [] : [[facts[index], reason]])));
  };

  const checkSent = (facts: readonly Fact[], unsent: ReadonlyMap<Fact, string>): void => {
    for (const fact of facts) {
      const reason = unsent.get(fact);
      if (reason !== undefined) throw new Error(`${fact.type} ${fact.eventId} could not be put on the bus: ${reason}`);
    }
  };

  /**
   * A receipt that waits records under which missing ids, then stands there, and only then the ids are read once more: no
   * link slips through between, and whoever ends it knows what pointers are to go. Those that it recorded before may not
   * stand, where somebody was cut off: they are set again.
   */
  const settle = async ({ claimed, placed: first }: Said): Promise<void> => {
    const { receipt } = claimed;
    let placed = first;
    let recorded: Standing & { readonly reason?: string } = receipt;
    const set = new Set<string>();
    for (let round = 0; round < mostRounds; round += 1) {
      if (placed.outcome === 'placed') {
        return await end(receipt, { status: 'translated', streams: placed.streams }, recorded.waitsUnder);
      }
      const { reason } = placed;
      const partitions = placed.missing.map((external) => waitPartitionOf(receipt.tenantId, external));
      const waitsUnder = [...new Set([...recorded.waitsUnder, ...partitions])];
      const isRecorded =
        recorded.status === 'waiting' && recorded.reason === reason && recorded.waitsUnder.length === waitsUnder.length;
      if (!isRecorded) {
        const stood = await receipts.wait(receipt, { reason, waitsUnder }, recorded.waitsUnder);
        if (stood !== undefined && hasEnded(stood)) return await removeAll(receipt, [...stood.waitsUnder, ...set]);
        recorded = stood ?? { status: 'waiting', reason, waitsUnder };
        if (stood !== undefined) continue;
      }
      const unset = partitions.filter((partition) => !set.has(partition));
      if (unset.length === 0) return;
      await Promise.all(unset.map((partition) => waiting.add(partition, receipt)));
      for (const partition of unset) set.add(partition);
      placed = await place(claimed, identities, new Map());
      if (placed.outcome === 'placed') checkSent(placed.facts, await putAll(placed.facts));
    }
    throw new Error(`receipt ${receipt.id} still waits for other ids after ${mostRounds} rounds`);
  };

  const settleUnsaid = async (read: Unsaid): Promise<void> => {
    const { receipt } = read;
    if (read.outcome === 'ends') return await end(receipt, read.ending, receipt.waitsUnder);
    if (receipt.status === 'waiting' && receipt.reason === read.reason) return;
    const { waitsUnder } = receipt;
    await receipts.wait(receipt, { reason: read.reason, waitsUnder }, waitsUnder);
  };

  return async (batch) => {
    const failures: TranslationFailure[] = [];
    // Begun after whatever woke this batch, so that it sees that.
    const look: Look = new Map();
    /** Does one step of a receipt's way; one that fails leaves the way, and the others go on. */
    const step = async <T>(receipt: Receipt, work: () => Promise<T>): Promise<readonly T[]> => {
      try {
        return [await work()];
      } catch (error) {
        failures.push({ receipt, error });
        return [];
      }
    };

    const reads = await inParallel(batch, atOnce, (receipt) =>
      step(receipt, async () => readReceipt(receipt, await connectionOf(receipt.connectionId))),
    );
    const understood = reads.flat().filter((read) => read.outcome === 'facts');
    const unsaid = reads.flat().filter((read) => read.outcome !== 'facts');

    const groups = [...Map.groupBy(understood, groupOf).values()];
    const claimed = await inParallel(groups, atOnce, async (group) => {
      const decided: Claimed[] = [];
      for (const each of group) decided.push(...(await step(each.receipt, () => claim(each, identities, look))));
      return decided;
    });
    const said = await inParallel(claimed.flat(), atOnce, (each) =>
      step(each.receipt, async () => ({ claimed: each, placed: await place(each, identities, look) })),
    );

    // A receipt that waits says its links each time: why it waited before does not tell whether it has said them, and said
    // again they add nothing.
    const unsent = await putAll(said.flat().flatMap(({ placed }) => placed.facts));

    await Promise.all([
      inParallel(unsaid, atOnce, (read) => step(read.receipt, () => settleUnsaid(read))),
      inParallel(said.flat(), atOnce, (each) =>
        step(each.claimed.receipt, async () => {
          checkSent(each.placed.facts, unsent);
          await settle(each);
        }),
      ),
    ]);
    return failures;
  };
};
