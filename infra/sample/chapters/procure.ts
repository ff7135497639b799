// How is a deal of the sample bought? The route decides who claims the order, who fulfils it, and which subscription starts.

import { businessDaysAfter, type Day, daysAfter, yearAfter } from '../calendar.ts';
import { cloudEvent } from '../cloudEvents.ts';
import type { Deal } from '../deal.ts';
import { channelParty, distributor, vendor } from '../participants.ts';
import { accountOf, changeEvent } from '../salesforceRecords.ts';
import type { Story } from '../story.ts';
import { invoice, type Plan, subscriptionCreated, subscriptionIdOf } from '../stripeEvents.ts';
import { agreeRoute } from './sell.ts';

/** The first term, which begins with the fulfilment. */
export interface Term {
  readonly subscriptionId: string;
  readonly start: string;
  readonly end: string;
}

/** Days from the win to the fulfilment: as usual, and when it is late. */
const paces = {
  direct: { usual: [8, 15], limit: 30 },
  marketplace: { usual: [8, 15], limit: 30 },
  two_tier: { usual: [12, 24], limit: 45 },
  co_sell: { usual: [17, 28], limit: 60 },
} as const;

export const planOf = ({ reference, partner, offer, quantity }: Deal, term: Pick<Term, 'start' | 'end'>): Plan => ({
  reference,
  partner: partner.id,
  product: offer.id,
  quantity,
  unitAmount: offer.unitPriceMinor,
  currency: partner.currency,
  termStart: term.start,
  termEnd: term.end,
});

/** A share of the deal's amount in whole minor units. */
const share = (deal: Deal, percent: number): { readonly amountMinor: number; readonly currency: string } => ({
  amountMinor: Math.round((deal.amountMinor * percent) / 100),
  currency: deal.partner.currency,
});

const decimal = (minor: number): string => (minor / 100).toFixed(2);

const placeAtDistributor = (story: Story, day: Day): void => {
  const { deal, calendar } = story;
  const data = {
    purchaseOrder: deal.orderId,
    reseller: deal.partner.id,
    endCustomer: deal.accountId,
    lines: [{ sku: deal.offer.id, quantity: deal.quantity, unitPrice: decimal(deal.offer.unitPriceMinor) }],
    vendorPrice: decimal(share(deal, 76).amountMinor),
    resellerPrice: decimal(share(deal, 80).amountMinor),
    total: decimal(deal.amountMinor),
    currency: deal.partner.currency,
    engagementId: deal.reference,
  };
  const at = calendar.work(day);
  story.tell(cloudEvent({ system: 'distributor', at, type: 'com.arrowline.order.booked.v1', data }));
};

const placeAtMarketplace = (story: Story, day: Day): void => {
  const { deal, calendar } = story;
  const marketplace = deal.way.marketplace ?? 'aws';
  const payee = channelParty(`${marketplace}-marketplace`);
  const data = {
    claimedBy: 'marketplace',
    orderId: deal.orderId,
    agreementId: `agmt-${deal.orderId.toLowerCase()}`,
    customer: accountOf(deal.accountId),
    legs: [
      {
        seq: 1,
        component: `${deal.offer.id}-licence`,
        seller: channelParty(vendor),
        buyer: accountOf(deal.accountId),
        amount: share(deal, 100),
      },
    ],
    fees: [{ payee, payer: channelParty(vendor), kind: 'listing', amount: share(deal, 3) }],
    total: { amount: decimal(deal.amountMinor), currency: deal.partner.currency },
    route: 'marketplace',
    marketplace,
    drawsDownCommitment: deal.quantity % 2 === 0,
  };
  story.say('marketplaces', 'OrderPlaced', { at: calendar.work(day), data });
};

const placeInCrm = (story: Story, day: Day): void => {
  const { deal, calendar } = story;
  const at = calendar.work(day);
  const fields = {
    AccountId: deal.accountId,
    OpportunityId: deal.opportunityId,
    EffectiveDate: at.slice(0, 10),
    Status: 'Draft',
    Type: deal.way.route === 'co_sell' || story.plot.order === 'unlikeAgreement' ? 'Co-Sell' : 'Direct',
    TotalAmount: deal.amountMinor / 100,
    CurrencyIsoCode: deal.partner.currency,
  };
  story.tell(changeEvent({ entity: 'Order', change: 'CREATE', records: [deal.orderId], at, fields }));
};

const place = (story: Story, day: Day): void => {
  switch (story.deal.way.route) {
    case 'two_tier':
      placeAtDistributor(story, day);
      break;
    case 'marketplace':
      placeAtMarketplace(story, day);
      break;
    case 'direct':
    case 'co_sell':
      placeInCrm(story, day);
      break;
    default:
      story.deal.way.route satisfies never;
  }
};

const startByDistributor = (story: Story, { start, end, subscriptionId }: Term): void => {
  const { deal } = story;
  const purchase = { purchaseOrder: deal.orderId, distributor };
  const price = { total: decimal(deal.amountMinor), currency: deal.partner.currency, quantity: deal.quantity };
  const began = { subscription: subscriptionId, sku: deal.offer.id, termStart: start, termEnd: end };
  const say = (type: string, data: object): void =>
    story.tell(cloudEvent({ system: 'distributor', at: start, type, data: { ...purchase, ...data } }));
  say('com.arrowline.order.fulfilled.v1', { subscriptions: [subscriptionId] });
  say('com.arrowline.subscription.started.v1', { ...began, ...price });
};

const start = (story: Story, term: Term): void => {
  const { deal, random, calendar } = story;
  const { start: at, end, subscriptionId } = term;
  const { route } = deal.way;
  if (route === 'two_tier') {
    startByDistributor(story, term);
    return;
  }
  const system = route === 'marketplace' ? 'marketplaces' : 'hub';
  story.say(system, 'OrderFulfilled', { at, data: { orderId: deal.orderId, subscriptionIds: [subscriptionId] } });
  if (route === 'direct') {
    const plan = planOf(deal, term);
    const due = calendar.dayOf(at) + 14;
    story.tell(subscriptionCreated(plan));
    const named = random.chance(0.6);
    if (random.chance(0.25)) story.tell(invoice({ plan, at: calendar.at(due), outcome: 'payment_failed', named }));
    story.tell(invoice({ plan, at: calendar.at(due + random.between(1, 12)), outcome: 'paid', named }));
    return;
  }
  const data = {
    subscriptionId,
    orderId: deal.orderId,
    customer: accountOf(deal.accountId),
    partner: channelParty(deal.partner.id),
    kind: 'base_licence',
    sku: deal.offer.id,
    quantity: deal.quantity,
    price: share(deal, 100),
    billingPeriod: 'P1Y',
    termStart: at,
    termEnd: end,
    autoRenew: false,
    route,
  };
  story.say(system, 'SubscriptionStarted', { at, data });
};

/** What stops the order soon after it was placed, and what keeps it from being late before the deal was to close. */
const block = (
  { deal, say, plant, calendar }: Story,
  day: Day,
  on: { readonly closes: string; readonly mended?: string },
) => {
  const at = calendar.work(day);
  say('hub', 'OrderBlocked', { at, data: { orderId: deal.orderId, reason: 'legal' } });
  const [, due = at] = [businessDaysAfter(at, 5), on.closes].sort();
  plant('P5.6', { at: due, mended: on.mended });
};

/** A quote that expires before anything is ordered. */
const quote = ({ deal, say, plant, calendar }: Story, closes: string): void => {
  const expiresAt = calendar.at(6).slice(0, 10);
  const data = { offerId: deal.offer.id, proposalRef: `hub:${deal.reference}/quote`, expiresAt };
  say('hub', 'SolutionProposed', { at: calendar.work(0.2), data });
  const [, due = closes] = [daysAfter(`${expiresAt}T00:00:00.000Z`, 1), closes].sort();
  plant('P5.9', { at: due });
};

/** Tells the purchase; answers the term that began with the fulfilment; undefined where the order was not fulfilled. */
export const procure = (story: Story, closes: string): Term | undefined => {
  const { plot, deal, calendar, random } = story;
  const { usual, limit } = paces[deal.way.route];
  const placed = random.between(1.5, 5);
  if (plot.order === 'notByExpiry') quote(story, closes);
  else place(story, placed);
  if (plot.order === 'unlikeAgreement') story.plant('P5.7', { at: calendar.work(placed) });
  if (plot.routeLate) agreeRoute(story, deal.way, 1.2);
  const isLate = plot.routeLate ? { at: calendar.work(1.2) } : undefined;
  const late = { at: daysAfter(calendar.work(0.5), limit) };
  if (plot.fulfilment === 'never') {
    story.plant('P5.5', late);
    if (isLate !== undefined) story.plant('P5.4', isLate);
    if (plot.blocked) block(story, placed + 0.4, { closes });
    return undefined;
  }
  const isSlow = plot.fulfilment === 'late' || plot.innocent === 'fiscalYear';
  const fulfilled = isSlow ? limit + random.between(9, 16) : random.between(usual[0], usual[1]);
  const startsAt = calendar.work(fulfilled);
  if (plot.fulfilment === 'late') story.plant('P5.5', { ...late, mended: startsAt });
  if (isLate !== undefined) story.plant('P5.4', { ...isLate, mended: startsAt });
  if (plot.blocked) block(story, placed + 0.4, { closes, mended: startsAt });
  const subscriptionId =
    deal.way.route === 'direct' ? subscriptionIdOf(deal.reference) : `${deal.offer.id}/${deal.reference}`;
  const term = { subscriptionId, start: startsAt, end: yearAfter(startsAt) };
  start(story, term);
  return term;
};
