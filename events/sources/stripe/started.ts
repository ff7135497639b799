// Which facts does a Stripe subscription mean that starts?
import { ComponentKind } from '../../fields.ts';
import { partnerReference } from '../externalIds.ts';
import { routeOf } from '../routeWords.ts';
import { at, secondsAt, textAt } from '../sourceJson.ts';
import { announced, type EndReason, type Live, priceTerms, type Said, suspended } from './changes.ts';
import { idAt, type StripeEvent, stripeId } from './event.ts';

interface Starting {
  readonly event: StripeEvent;
  readonly subscriptionId: string;
  readonly is: Live;
  readonly reason: EndReason;
}

/** The start, and with it what holds from the start: a suspension, an announced end. */
export const started = ({ event, subscriptionId, is, reason }: Starting): readonly Said[] => {
  const { object, mapping } = event;
  const { plan } = is;
  const metadata = at(object, 'metadata');
  const { metadata: keys, kinds } = mapping;
  const customer = idAt(object, 'customer');
  const partner = textAt(metadata, keys.partner);
  const said = ComponentKind.safeParse(textAt(metadata, keys.kind));
  const known = plan.product !== undefined && Object.hasOwn(kinds, plan.product) ? kinds[plan.product] : undefined;
  const data = {
    subscriptionId,
    orderId: textAt(metadata, keys.order),
    customer: customer === undefined ? undefined : stripeId('customer', customer),
    partner: partner === undefined ? undefined : partnerReference(partner),
    kind: said.success ? said.data : known,
    baseSubscriptionId: textAt(metadata, keys.base),
    sku: plan.product,
    ...priceTerms(plan),
    trialEnd: is.trialEnd,
    termStart: plan.termStart ?? secondsAt(object, 'start_date') ?? secondsAt(object, 'start') ?? event.createdAt,
    termEnd: plan.termEnd,
    autoRenew: is.autoRenew,
    route: routeOf(textAt(metadata, keys.route) ?? '', mapping.routes)?.route,
  };
  return [
    { type: 'SubscriptionStarted', data },
    ...suspended(subscriptionId, is),
    ...announced(subscriptionId, is, reason),
  ];
};
