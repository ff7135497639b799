// When does an engagement's recurring revenue change, or move to another partner?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { safeNumber } from '../quotient.ts';
import { type PriceSeers, type PriceTally, tallyOf } from './priceTally.ts';
import type { Brings, RevenueStep, unknownReasons } from './revenueSteps.ts';

/**
 * `change`: the revenue of one subscription changes, in one currency, from none or to none. `currencyOut`,
 * `currencyIn`: its currency changes. `transferOut`, `transferIn`: the lead partner changes, and with it the partner of
 * all subscriptions that name none.
 */
export const arrChangeKinds = ['currencyOut', 'transferOut', 'transferIn', 'currencyIn', 'change'] as const;

export interface ArrChange {
  readonly at: Instant;
  readonly kind: (typeof arrChangeKinds)[number];
  /** Null for a transfer. */
  readonly subscriptionId: string | null;
  /** How many subscriptions it covers. */
  readonly subscriptions: number;
  readonly customerId: string | null;
  readonly partnerId: string | null;
  /** Whether the subscription names the partner itself, or it is the lead partner. */
  readonly partnerBy: 'subscription' | 'lead';
  /** Null if no amount is known. */
  readonly currency: string | null;
  /** Minor units a year. Null if not known, and then `reason` says why. */
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: (typeof unknownReasons)[number] | null;
  readonly cause: RecordedEvent;
  /** Who may see the prices that `from` and `to` come from. */
  readonly prices: PricesSeen;
}

/** Who may see the prices of a change. */
interface PricesSeen {
  /** The parties that may see each of them. */
  readonly seenBy: readonly string[];
  /** How many of the prices before the change its partner may not see, and of those after it. */
  readonly closedBefore: number;
  readonly closedAfter: number;
}

/** What the changes of a subscription are made of. */
export interface Sold {
  readonly subscriptionId: string;
  readonly customerId: string | null;
  /** The partner that the subscription names itself. Undefined: it has the lead partner. */
  readonly ownPartnerId: string | undefined;
  readonly steps: readonly RevenueStep[];
}

/** The lead partner from an instant on; null if there is none. */
export interface Lead {
  readonly at: Instant;
  readonly partnerId: string | null;
  readonly cause: RecordedEvent;
}

interface Turn {
  readonly at: Instant;
  readonly from: Priced;
  readonly to: Priced;
  readonly cause: RecordedEvent;
}

/** What a subscription brings, and the event that named its price. */
interface Priced {
  readonly brings: Brings;
  readonly by: RecordedEvent | undefined;
}

const nothing: Priced = { brings: undefined, by: undefined };

const pricedIn = (step: RevenueStep): Priced =>
  step.brings === undefined ? nothing : { brings: step.brings, by: step.pricedBy };

const eventsOf = ({ by }: Priced): readonly RecordedEvent[] => (by === undefined ? [] : [by]);

const closedTo = (tally: PriceTally, partnerId: string | null): number =>
  partnerId === null ? 0 : tally.closedTo(partnerId);

const pricesSeen = (from: Priced, to: Priced, partnerId: string | null, seersOf: PriceSeers): PricesSeen => ({
  seenBy: tallyOf(seersOf, [...eventsOf(from), ...eventsOf(to)]).seenBy(),
  closedBefore: closedTo(tallyOf(seersOf, eventsOf(from)), partnerId),
  closedAfter: closedTo(tallyOf(seersOf, eventsOf(to)), partnerId),
});

const currencyOf = (brings: Brings) => (brings !== undefined && 'money' in brings ? brings.money.currency : undefined);
const reasonOf = (brings: Brings) => (brings !== undefined && 'reason' in brings ? brings.reason : undefined);
const minorOf = (brings: Brings): number | null =>
  brings === undefined ? 0 : 'money' in brings ? brings.money.amountMinor : null;

const isSame = (a: Brings, b: Brings): boolean =>
  minorOf(a) === minorOf(b) && currencyOf(a) === currencyOf(b) && reasonOf(a) === reasonOf(b);

/** The instants up to `until` at which the revenue changes, with the revenue before and after. */
const turnsOf = (steps: readonly RevenueStep[], until: Instant): readonly Turn[] => {
  const turns: Turn[] = [];
  let from = nothing;
  let to = nothing;
  let cause: RecordedEvent | undefined;
  for (const [index, step] of steps.entries()) {
    if (step.at > until) break;
    if (!isSame(to.brings, step.brings)) cause = step.cause;
    to = pricedIn(step);
    if (steps[index + 1]?.at === step.at) continue;
    // A price that is said again is no change: the amount still comes from the event that named it first.
    if (isSame(from.brings, to.brings)) to = from;
    else if (cause !== undefined) turns.push({ at: step.at, from, to, cause });
    from = to;
    cause = undefined;
  }
  return turns;
};

type Whose = Pick<ArrChange, 'subscriptionId' | 'customerId' | 'partnerId' | 'partnerBy'>;

const changesOf = ({ at, from, to, cause }: Turn, whose: Whose, seersOf: PriceSeers): readonly ArrChange[] => {
  const [left, entered] = [currencyOf(from.brings), currencyOf(to.brings)];
  const [before, after] = [minorOf(from.brings), minorOf(to.brings)];
  const change = { ...whose, at, cause, subscriptions: 1 };
  const seen = (before: Priced, after: Priced) => pricesSeen(before, after, whose.partnerId, seersOf);
  if (left !== undefined && entered !== undefined && left !== entered) {
    const [out, into] = [seen(from, nothing), seen(nothing, to)];
    return [
      { ...change, kind: 'currencyOut', currency: left, from: before, to: 0, reason: null, prices: out },
      { ...change, kind: 'currencyIn', currency: entered, from: 0, to: after, reason: null, prices: into },
    ];
  }
  const reason = reasonOf(to.brings) ?? reasonOf(from.brings) ?? null;
  const currency = entered ?? left ?? null;
  return [{ ...change, kind: 'change', currency, from: before, to: after, reason, prices: seen(from, to) }];
};

/**
 * The revenue that belongs to the lead partner, summed by customer, and by currency or by the reason why it is not
 * known.
 */
type Bundle = Map<
  string,
  Pick<ArrChange, 'customerId' | 'currency' | 'reason' | 'subscriptions'> & {
    readonly amount: bigint;
    readonly by: PriceTally;
  }
>;

const add = (
  bundle: Bundle,
  customerId: string | null,
  { brings, by, times, seersOf }: Priced & { readonly times: 1 | -1; readonly seersOf: PriceSeers },
): void => {
  if (brings === undefined) return;
  const [currency, reason] = [currencyOf(brings) ?? null, reasonOf(brings) ?? null];
  const key = `${currency ?? reason} ${customerId}`;
  const known = bundle.get(key) ?? { customerId, currency, reason, subscriptions: 0, amount: 0n, by: tallyOf(seersOf) };
  const subscriptions = known.subscriptions + times;
  if (by !== undefined && times === 1) known.by.add(by);
  if (by !== undefined && times === -1) known.by.remove(by);
  if (subscriptions === 0) bundle.delete(key);
  else bundle.set(key, { ...known, subscriptions, amount: known.amount + BigInt(times * (minorOf(brings) ?? 0)) });
};

const transfersOf = (bundle: Bundle, { at, cause, partnerId }: Lead, before: string | null): readonly ArrChange[] =>
  [...bundle.values()].flatMap(({ amount, by, ...held }): readonly ArrChange[] => {
    const carried = held.reason === null ? (safeNumber(amount) ?? null) : null;
    const reason = held.reason ?? (carried === null ? 'amountTooLarge' : null);
    const transfer = { ...held, reason, at, cause, subscriptionId: null, partnerBy: 'lead' } as const;
    const seenBy = by.seenBy();
    const out = { seenBy, closedBefore: closedTo(by, before), closedAfter: 0 };
    const into = { seenBy, closedBefore: 0, closedAfter: closedTo(by, partnerId) };
    return [
      { ...transfer, kind: 'transferOut', partnerId: before, from: carried, to: 0, prices: out },
      { ...transfer, kind: 'transferIn', partnerId, from: 0, to: carried, prices: into },
    ];
  });

interface Given {
  readonly leads: readonly Lead[];
  readonly until: Instant;
  readonly seersOf: PriceSeers;
}

/**
 * The changes of the subscriptions that have the lead partner. A subscription that ends at the instant of a transfer
 * never reaches the new partner.
 */
const ledChanges = (sold: readonly Sold[], { leads, until, seersOf }: Given): readonly ArrChange[] => {
  const turns = sold.flatMap(({ steps, ...each }) => turnsOf(steps, until).map((turn) => ({ ...each, turn })));
  const turnsAt = Map.groupBy(turns, ({ turn }) => turn.at);
  // Of several assignments at one instant the last one holds.
  const leadsAt = new Map(leads.filter(({ at }) => at <= until).map((lead) => [lead.at, lead]));
  const bundle: Bundle = new Map();
  let partnerId: string | null = null;
  const changed = ({ subscriptionId, customerId, turn }: (typeof turns)[number]): readonly ArrChange[] => {
    add(bundle, customerId, { ...turn.from, times: -1, seersOf });
    add(bundle, customerId, { ...turn.to, times: 1, seersOf });
    return changesOf(turn, { subscriptionId, customerId, partnerId, partnerBy: 'lead' }, seersOf);
  };
  return [...new Set([...turnsAt.keys(), ...leadsAt.keys()])].sort().flatMap((at) => {
    const here = turnsAt.get(at) ?? [];
    const ended = here.filter(({ turn }) => turn.to.brings === undefined).flatMap(changed);
    const lead = leadsAt.get(at);
    const transfers = lead === undefined || lead.partnerId === partnerId ? [] : transfersOf(bundle, lead, partnerId);
    if (lead !== undefined) partnerId = lead.partnerId;
    return [...ended, ...transfers, ...here.filter(({ turn }) => turn.to.brings !== undefined).flatMap(changed)];
  });
};

/**
 * Every change of recurring revenue up to an instant, in minor units a year (domain reference B0). A subscription has
 * at most one change of each kind at an instant. A transfer is one change for each customer and currency. At any
 * instant, the sum of `to` − `from` over the changes so far is the revenue.
 */
export const arrChangesOf = (sold: readonly Sold[], given: Given): readonly ArrChange[] => [
  ...sold.flatMap(({ ownPartnerId, steps, subscriptionId, customerId }) =>
    ownPartnerId === undefined
      ? []
      : turnsOf(steps, given.until).flatMap((turn) =>
          changesOf(
            turn,
            { subscriptionId, customerId, partnerId: ownPartnerId, partnerBy: 'subscription' },
            given.seersOf,
          ),
        ),
  ),
  ...ledChanges(
    sold.filter(({ ownPartnerId }) => ownPartnerId === undefined),
    given,
  ),
];
