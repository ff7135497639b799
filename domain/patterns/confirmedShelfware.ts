// Did a customer give back what it had bought and hardly used?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addDays, type Instant } from '../../events/instant.ts';
import { factsBySubscription, inEffectBefore, type SubscriptionEvent } from '../engagement/inEffect.ts';
import { isAskedFor } from './askedFor.ts';
import { cites, measured } from './awaited.ts';
import { lowAdoption } from './lowAdoption.ts';
import { neverUsed } from './neverUsed.ts';
import { bind, type Evidence, type Rule, type Verdict, type View } from './pattern.ts';
import { shownVerdicts } from './underPolicies.ts';

const shelfwareThresholds = z.object({
  /** The share of the quantity that a renewal gives up at least. */
  share: z.number().positive().max(1).default(0.2),
  /** The days after a flag of low or no use within which the loss confirms it. */
  days: z.number().positive().max(3650).default(180),
});

type Raised = Extract<Verdict, { readonly state: 'raised' }>;
type Loss = RecordedOf<'SubscriptionRenewed' | 'SubscriptionEnded'>;

const signs = [bind(lowAdoption), bind(neverUsed)];

const unusedReasons: ReadonlySet<string | undefined> = new Set(['unused', 'no_value']);

const decides = (event: SubscriptionEvent): event is Loss =>
  event.type === 'SubscriptionRenewed' || event.type === 'SubscriptionEnded';

/** What shows that a subscription was given up, whole or in part; undefined if it was not. */
const lossShownBy = (event: Loss, before: number | undefined, share: number): readonly Evidence[] | undefined => {
  if (event.type === 'SubscriptionEnded') {
    const { reason } = event.data;
    return unusedReasons.has(reason) ? [cites(event, `the subscription ended, because: ${reason}`)] : undefined;
  }
  const { quantity } = event.data;
  if (typeof quantity !== 'number' || before === undefined || before <= 0) return undefined;
  // Compared as a whole, so that exactly the share counts in spite of rounding.
  if (quantity > before * (1 - share) + 1e-9) return undefined;
  const says = `the subscription was renewed with ${quantity} of ${before} units`;
  return [cites(event, says), measured('share given up', Math.round((1 - quantity / before) * 1000) / 1000, share)];
};

/** The last flag that was open at some time in the days before a loss; undefined if there is none. */
const signBefore = (flags: readonly Raised[], at: Instant, days: number): Raised | undefined => {
  const since = addDays(at, -days);
  return flags.findLast(({ raisedAt, cleared }) => raisedAt <= at && (cleared === undefined || cleared.at >= since));
};

const raisedFor = (verdicts: readonly Verdict[]): ReadonlyMap<string, readonly Raised[]> =>
  Map.groupBy(
    verdicts.filter((verdict) => verdict.state === 'raised'),
    ({ subject }) => subject,
  );

/** What subscriptions gave up, whole or in part, with what shows it. */
const lossesOf = (
  view: View,
  share: number,
): readonly { readonly subject: string; readonly loss: Loss; readonly shown: readonly Evidence[] }[] =>
  [...factsBySubscription(view.engagement)].flatMap(([subscriptionId, own]) => {
    const losses = own.filter(decides);
    const asked = losses.filter((loss) => isAskedFor(view, loss));
    if (asked.length === 0) return [];
    const before: ReadonlyMap<RecordedEvent, { readonly quantity: number | undefined }> = inEffectBefore(own, losses);
    return asked.flatMap((loss) => {
      const shown = lossShownBy(loss, before.get(loss)?.quantity, share);
      return shown === undefined ? [] : [{ subject: `subscription:${subscriptionId}`, loss, shown }];
    });
  });

/**
 * P1.6: a subscription is renewed with at least `share` less, or ends as unused or without value, and P1.2 or P1.3 was open on it in
 * the `days` days before, as it was shown under the policy of its day. That is a fact of history: nothing clears it.
 */
export const confirmedShelfware: Rule<typeof shelfwareThresholds> = {
  id: 'P1.6',
  title: 'Confirmed shelfware',
  thresholds: shelfwareThresholds,
  verdicts: (view, { share, days }) => {
    const given = lossesOf(view, share);
    if (given.length === 0) return [];
    const flags = raisedFor(signs.flatMap((rule) => shownVerdicts(rule, view)));
    return given.flatMap(({ subject, loss, shown }): readonly Verdict[] => {
      const sign = signBefore(flags.get(subject) ?? [], loss.occurredAt, days);
      if (sign === undefined) return [];
      return [
        {
          ...{ state: 'raised', subject, openedBy: loss, raisedAt: loss.occurredAt, severity: 'high' },
          isHistoric: true,
          evidence: [...sign.evidence, ...shown],
          clearsWhen: 'Nothing clears it: it is a fact of history.',
          nextStep:
            'Look with the partner at what the first signs were, and act earlier at customers that show them now.',
          cleared: undefined,
          changesAt: undefined,
        },
      ];
    });
  },
};
