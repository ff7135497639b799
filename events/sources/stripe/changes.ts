// Which facts lie between two states of a subscription?
import type { SourceFact } from '../source.ts';
import { defined } from '../sourceJson.ts';
import type { Plan } from './plan.ts';
import { digestOf, type State } from './state.ts';

export type Said = Pick<SourceFact, 'type'> & { readonly data: Readonly<Record<string, unknown>> };
export type Live = Extract<State, { readonly is: 'live' }>;

/** Quantity, price and period belong together: a price without its quantity says nothing. */
export const priceTerms = ({ quantity, price, priceReason, billingPeriod }: Plan) => ({
  quantity,
  price,
  priceReason,
  billingPeriod,
});

/** The terms after a change or a renewal: a quantity that is not known takes the place of the one before. */
const newTerms = (plan: Plan) => ({ ...priceTerms(plan), quantity: plan.quantity ?? null });

const differ = (one: unknown, other: unknown): boolean => digestOf({ of: one }) !== digestOf({ of: other });

/**
 * Whether the term moved forward: the new term begins when the previous one ended, or later. A term that only becomes
 * shorter or longer, as by a change of interval or anchor, is no renewal; nor is the first paid term after a trial.
 */
const isRenewal = (was: Live, is: Live): boolean => {
  const { termStart: start } = is.plan;
  const { termStart: startBefore, termEnd: endBefore } = was.plan;
  const trial = was.trialing || (was.trialEnd !== undefined && endBefore !== undefined && endBefore <= was.trialEnd);
  if (trial || start === undefined || start === startBefore) return false;
  return endBefore !== undefined && start >= endBefore;
};

/** The reason of a cancellation, in the words of SubscriptionEnded. */
export type EndReason = string | undefined;

interface Between {
  readonly subscriptionId: string;
  readonly was: Live;
  readonly is: Live;
  readonly at: string;
  readonly reason: EndReason;
}

/** What changed inside the term, each group of fields as a whole. */
const changedFields = ({ was, is, at }: Between, renewed: boolean) => ({
  ...(!renewed && differ(priceTerms(was.plan), priceTerms(is.plan)) && newTerms(is.plan)),
  ...(!renewed &&
    differ([was.plan.termStart, was.plan.termEnd], [is.plan.termStart, is.plan.termEnd]) && {
      termStart: is.plan.termStart,
      termEnd: is.plan.termEnd,
    }),
  ...(was.plan.product !== is.plan.product && { sku: is.plan.product }),
  // A trial that is taken away ends now.
  ...(was.trialEnd !== is.trialEnd && { trialEnd: is.trialEnd ?? at }),
  ...(was.autoRenew !== is.autoRenew && { autoRenew: is.autoRenew }),
});

/** Announces the end of a subscription. */
export const announced = (subscriptionId: string, is: Live, reason: EndReason): readonly Said[] =>
  is.cancelling === undefined
    ? []
    : [{ type: 'CancellationAnnounced', data: { subscriptionId, effectiveAt: is.cancelling.at, reason } }];

export const suspended = (subscriptionId: string, is: Live): readonly Said[] =>
  is.suspended === undefined ? [] : [{ type: 'SubscriptionSuspended', data: { subscriptionId, reason: is.suspended } }];

/** The facts between two states of a running subscription, in their order. */
export const changesBetween = (between: Between): readonly Said[] => {
  const { subscriptionId, was, is, at, reason } = between;
  const renewed = isRenewal(was, is);
  const { termStart, termEnd } = is.plan;
  const changed = defined(changedFields(between, renewed));
  return [
    ...(renewed
      ? [
          {
            type: 'SubscriptionRenewed' as const,
            data: { subscriptionId, ...newTerms(is.plan), termStart, termEnd, auto: true },
          },
        ]
      : []),
    ...(Object.keys(changed).length > 0
      ? [{ type: 'SubscriptionChanged' as const, data: { subscriptionId, ...changed, effectiveAt: at } }]
      : []),
    ...(differ(was.suspended, is.suspended)
      ? is.suspended === undefined
        ? [{ type: 'SubscriptionReinstated' as const, data: { subscriptionId } }]
        : suspended(subscriptionId, is)
      : []),
    // A renewal makes an announced end look withdrawn, so one that stands is announced again.
    ...(renewed || differ(was.cancelling, is.cancelling) ? announced(subscriptionId, is, reason) : []),
  ];
};
