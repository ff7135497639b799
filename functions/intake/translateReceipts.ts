// By which steps do the receipts of a batch become facts on the bus?
// The translate handler and `wakeReceipts.ts` call it; it reads connections and identities, puts facts on the bus, and ends receipts.
import { canonicalJson, type ExternalId } from '../../events/identifiers.ts';
import type { Connection } from '../../events/sources/source.ts';
import { inParallel } from '../aws/parallel.ts';
import type { Receipt } from '../receipts/receipt.ts';
import type { IdentityResolver, Look } from './identityResolver.ts';
import { openingReference } from './openedByReference.ts';
import { checkSent, type PutFacts } from './putFacts.ts';
import { type Read, readReceipt, type Understood } from './readReceipt.ts';
import { type Claimed, claim, place } from './resolveStreams.ts';
import type { SettleReceipt } from './settleReceipt.ts';

export interface TranslateReceiptsSettings {
  readonly connectionOf: (connectionId: string) => Promise<Connection | undefined>;
  readonly identities: IdentityResolver;
  readonly putFacts: PutFacts;
  readonly settle: SettleReceipt;
}

export interface TranslationFailure {
  readonly receipt: Receipt;
  readonly error: unknown;
}

/**
 * Translates receipts; returns those that failed and must be retried. A receipt may be translated any number of times, because
 * its facts have the same ids each time.
 */
export type TranslateReceipts = (receipts: readonly Receipt[]) => Promise<readonly TranslationFailure[]>;

const atOnce = 16;
const tenantsAtOnce = 16;
/** What a tenant has at once, of however many. */
const leastAtOnce = 2;

/** The references about which a receipt decides. */
const referencesOf = ({ claims, drafts }: Understood): readonly ExternalId[] => [
  ...claims.map(({ reference }) => reference),
  ...drafts.flatMap(({ fact, subject }) => openingReference(fact, subject) ?? []),
];

/** The ids by which the streams of a receipt's facts are found, as far as its drafts tell. */
const idsOf = (understood: Understood): readonly ExternalId[] => [
  ...referencesOf(understood),
  ...understood.claims.map(({ primary }) => primary),
  ...understood.drafts.flatMap(({ subject }) => {
    if ('stream' in subject) return [];
    if ('party' in subject) return [subject.party];
    return ['primary' in subject ? subject.primary : subject.secondary];
  }),
];

/** Receipts that decide about one reference are a group: they decide one after another, in the order of the batch. */
const groupsOf = (batch: readonly Understood[]): readonly (readonly Understood[])[] => {
  let groups: readonly { readonly keys: ReadonlySet<string>; readonly members: readonly Understood[] }[] = [];
  for (const each of batch) {
    const own = new Set(referencesOf(each).map((reference) => canonicalJson([each.receipt.tenantId, reference])));
    const met = groups.filter(({ keys }) => !keys.isDisjointFrom(own));
    const keys = new Set([...met.flatMap((group) => [...group.keys]), ...own]);
    const members = [...met.flatMap((group) => group.members), each];
    groups = [...groups.filter((group) => !met.includes(group)), { keys, members }];
  }
  return groups.map(({ members }) => members.toSorted((a, b) => batch.indexOf(a) - batch.indexOf(b)));
};

/** Does the steps of receipts. A receipt that fails at a step takes no further step, and the others go on. */
const createSteps = () => {
  const failures: TranslationFailure[] = [];
  const step = async <T>(receipt: Receipt, work: () => Promise<T>): Promise<readonly T[]> => {
    try {
      return [await work()];
    } catch (error) {
      failures.push({ receipt, error });
      return [];
    }
  };
  return { failures, step };
};

/**
 * - read: the source of its connection has read the receipt: drafts of facts, an ending, or a reason to wait;
 * - claimed: its claim that a reference and a primary id belong together is decided, and the links that follow join its drafts;
 * - placed: each draft has its stream, or its part of the receipt waits for ids that are not linked;
 * - put: the facts of placed parts are on the bus, and the links of waiting parts, because others may wait for them. They are
 *   put each time: the stored reason does not tell whether they were put before, and a repetition adds no event;
 * - settled: the receipt has ended, or it waits under pointers, where the missing links will find it.
 */
export const createTranslateReceipts = (settings: TranslateReceiptsSettings): TranslateReceipts => {
  const { connectionOf, identities, putFacts, settle } = settings;

  const lookAhead: IdentityResolver['lookAhead'] = async (...asked) => {
    try {
      await identities.lookAhead(...asked);
    } catch {
      // One id may be the cause. Each receipt looks by itself then, and fails alone.
    }
  };

  const settleUnsaid = (read: Exclude<Read, Understood>): Promise<void> =>
    read.outcome === 'ends' ? settle.end(read.receipt, read.ending) : settle.wait(read.receipt, read.reason);

  const translateOf = async (batch: readonly Receipt[], atOnce: number): Promise<readonly TranslationFailure[]> => {
    const { failures, step } = createSteps();
    // The look begins after the message that woke this batch, so that it sees the link of that message.
    const look: Look = new Map();

    const read = await inParallel(batch, atOnce, (receipt) =>
      step(receipt, async () => readReceipt(receipt, await connectionOf(receipt.connectionId))),
    );
    const understood = read.flat().filter((each) => each.outcome === 'facts');
    const unsaid = read.flat().filter((each) => each.outcome !== 'facts');

    const [first] = understood;
    if (first !== undefined) {
      await lookAhead(first.receipt.tenantId, understood.flatMap(idsOf), look);
    }

    const claimed = await inParallel(groupsOf(understood), atOnce, async (group) => {
      const decided: Claimed[] = [];
      for (const each of group) decided.push(...(await step(each.receipt, () => claim(each, identities, look))));
      return decided;
    });

    const placed = await inParallel(claimed.flat(), atOnce, (each) =>
      step(each.receipt, async () => ({ of: each, at: await place(each, identities, look) })),
    );

    const unsent = await putFacts(placed.flat().flatMap(({ at }) => at.facts));

    await Promise.all([
      inParallel(unsaid, atOnce, (each) => step(each.receipt, () => settleUnsaid(each))),
      inParallel(placed.flat(), atOnce, ({ of, at }) =>
        step(of.receipt, async () => {
          checkSent(at.facts, unsent);
          await settle.settle(of, at);
        }),
      ),
    ]);
    return failures;
  };

  // Each tenant takes the steps by itself, so that the slow receipts of one hold up no other's.
  return async (batch) => {
    const tenants = [...Map.groupBy(batch, ({ tenantId }) => tenantId).values()];
    const width = Math.max(leastAtOnce, Math.ceil(atOnce / Math.max(1, tenants.length)));
    const failures = await inParallel(tenants, tenantsAtOnce, async (own) => {
      try {
        return await translateOf(own, width);
      } catch (error) {
        return own.map((receipt) => ({ receipt, error }));
      }
    });
    return failures.flat();
  };
};
