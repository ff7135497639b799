// In which state is a subscription, as far as we follow it?
import { hash } from 'node:crypto';
import { canonicalJson } from '../../identifiers.ts';
import { at, flagAt, isObject, type Json, listAt, secondsAt, textAt } from '../sourceJson.ts';
import { itemsOf, mayMixIntervals } from './items.ts';
import { type Plan, planOf } from './plan.ts';

/** An announced end; `at` is absent if the message does not say when it comes. */
export interface Cancelling {
  readonly at?: string | undefined;
}

/** All that facts tell of a subscription. Two objects in equal states give no fact between them. */
export type State =
  /** Its first payment has not come, or never came: it has not started. */
  | { readonly is: 'notStarted' }
  | { readonly is: 'ended' }
  | {
      readonly is: 'live';
      readonly plan: Plan;
      readonly trialing: boolean;
      readonly trialEnd?: string | undefined;
      /** Why it brings no money; absent while it runs. */
      readonly suspended?: string | undefined;
      readonly cancelling?: Cancelling | undefined;
      /** Absent if the message says nothing about it. */
      readonly autoRenew?: boolean | undefined;
    };

/**
 * Why a subscription is suspended. A `past_due` one is not: Stripe still tries to collect. An `unpaid` one is: Stripe
 * has given up, and its invoices stay drafts. A paused collection (`pause_collection`, whatever its behavior) brings no
 * money; when `resumes_at` comes, Stripe sends an update.
 */
const suspensionOf = (subscription: Json): string | undefined => {
  const status = textAt(subscription, 'status');
  if (status === 'paused' || status === 'unpaid') return status;
  return isObject(at(subscription, 'pause_collection')) ? 'collectionPaused' : undefined;
};

const followed = new Set(['active', 'trialing', 'past_due', 'unpaid', 'paused']);

/** Why the status leaves no price: a word that nobody knows yet may mean that nothing is paid, as a trial does. */
const unpricedBy = (subscription: Json): string | undefined => {
  const status = textAt(subscription, 'status');
  if (status === undefined) return undefined;
  if (!followed.has(status)) return 'statusUnknown';
  // The end of a trial says from when the price counts. If it can't be read, the price would count at once.
  const endless = at(subscription, 'trial_end') !== undefined && secondsAt(subscription, 'trial_end') === undefined;
  return status === 'trialing' && endless ? 'trial' : undefined;
};

const withoutPrice = ({ price: _, ...plan }: Plan, priceReason: string): Plan => ({ ...plan, priceReason });

/** Items that are cut off may end earlier or later than those that are shown: then no end is known. */
const periodEnds = (subscription: Json): readonly string[] => {
  const { cutOff } = itemsOf(subscription);
  if (cutOff && mayMixIntervals(subscription)) return [];
  return [...listAt(subscription, 'items.data'), subscription]
    .map((holder) => secondsAt(holder, 'current_period_end'))
    .filter((end) => end !== undefined)
    .sort();
};

/** When it is to end. `cancel_at_period_end` means the earliest end of its items' periods (docs: mixed intervals). */
const cancellingOf = (subscription: Json): Cancelling | undefined => {
  const time = secondsAt(subscription, 'cancel_at');
  if (time !== undefined) return { at: time };
  const word = textAt(subscription, 'cancel_at');
  if (word === 'max_period_end') return { at: periodEnds(subscription).at(-1) };
  const said = at(subscription, 'cancel_at') ?? undefined;
  return word === 'min_period_end' || flagAt(subscription, 'cancel_at_period_end') === true
    ? { at: periodEnds(subscription)[0] }
    : said === undefined
      ? undefined
      : {};
};

/** The state of a subscription object; `now` is the second of the event. */
export const stateOf = (subscription: Json, now: number): State => {
  const status = textAt(subscription, 'status');
  if (status === 'incomplete' || status === 'incomplete_expired') return { is: 'notStarted' };
  if (status === 'canceled') return { is: 'ended' };
  const cancelling = cancellingOf(subscription);
  const said =
    flagAt(subscription, 'cancel_at_period_end') !== undefined || at(subscription, 'cancel_at') !== undefined;
  const plan = planOf(subscription, now);
  const unpriced = unpricedBy(subscription);
  return {
    is: 'live',
    plan: unpriced === undefined ? plan : withoutPrice(plan, unpriced),
    trialing: status === 'trialing',
    trialEnd: secondsAt(subscription, 'trial_end'),
    suspended: suspensionOf(subscription),
    cancelling,
    autoRenew: said ? cancelling === undefined : undefined,
  };
};

/** A short digest of anything: equal values have equal digests. */
export const digestOf = (value: unknown): string => hash('sha256', canonicalJson(value)).slice(0, 16);

/** The digest of a state. Whether it is trialing gives no fact, so it does not count. */
export const digestOfState = (state: State): string => digestOf({ ...state, trialing: undefined });
