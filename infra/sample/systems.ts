// Which outside systems does the sample connect, and which mappings do they need?
import { type ConnectionRequest, partnerSourceOf } from '../../functions/intake/connect.ts';
import { connectionRequest } from '../local/connectionRequest.ts';
import { addPartnerSource } from '../local/core/dataDirectory.ts';
import { properties } from '../local/core/json.ts';
import { distributor, tenantId, vendor } from './participants.ts';
import { org } from './salesforceRecords.ts';
import type { SystemName } from './sampleMessage.ts';

const party = (id: object | string, kind = 'partner') => ({
  object: { system: { constant: 'reference' }, kind: { constant: kind }, id },
});

const amount = (path: string) => ({ money: { amount: path, currency: 'data.currency' } });
const instant = (path: string) => ({ path, as: 'instant' });
const anOrder = { external: { kind: 'order', id: 'data.purchaseOrder' } };
const aSubscription = { external: { kind: 'subscription', id: 'data.subscription' } };

/** One leg of an order in two tiers: the customer's last. */
const leg = (seq: number, seller: object, buyer: object, price: string) => ({
  object: {
    seq: { constant: seq },
    component: { template: '{data.lines.0.sku}-licence' },
    seller,
    buyer,
    amount: amount(price),
  },
});

const [fromVendor, fromDistributor, reseller] = [
  party({ constant: vendor }),
  party({ constant: distributor }),
  party('data.reseller'),
];
const customer = {
  object: {
    system: { constant: `salesforce:${org}` },
    kind: { constant: 'Account' },
    id: 'data.endCustomer',
  },
};

/** The mapping of the distributor's own event types. */
const distributorRules = [
  {
    type: 'com.arrowline.order.booked.v1',
    as: 'OrderPlaced',
    subject: { reference: 'data.engagementId' },
    fields: {
      claimedBy: { constant: 'distributor' },
      orderId: 'data.purchaseOrder',
      poNumber: 'data.purchaseOrder',
      customer,
      legs: {
        list: [
          leg(1, fromVendor, fromDistributor, 'data.vendorPrice'),
          leg(2, fromDistributor, reseller, 'data.resellerPrice'),
          leg(3, reseller, customer, 'data.total'),
        ],
      },
      total: { object: { amount: { path: 'data.total', as: 'decimal' }, currency: 'data.currency' } },
      route: { constant: 'two_tier' },
    },
    links: [{ kind: 'order', id: 'data.purchaseOrder' }],
  },
  {
    type: 'com.arrowline.order.fulfilled.v1',
    as: 'OrderFulfilled',
    subject: anOrder,
    fields: { orderId: 'data.purchaseOrder', subscriptionIds: 'data.subscriptions' },
  },
  {
    type: 'com.arrowline.subscription.started.v1',
    as: 'SubscriptionStarted',
    subject: anOrder,
    fields: {
      subscriptionId: 'data.subscription',
      orderId: 'data.purchaseOrder',
      kind: { constant: 'base_licence' },
      sku: 'data.sku',
      quantity: { path: 'data.quantity', as: 'number' },
      price: amount('data.total'),
      billingPeriod: { constant: 'P1Y' },
      termStart: instant('data.termStart'),
      termEnd: instant('data.termEnd'),
      route: { constant: 'two_tier' },
    },
    links: [{ kind: 'subscription', id: 'data.subscription' }],
  },
  {
    type: 'com.arrowline.subscription.renewed.v1',
    as: 'SubscriptionRenewed',
    subject: aSubscription,
    fields: {
      subscriptionId: 'data.subscription',
      termStart: instant('data.termStart'),
      termEnd: instant('data.termEnd'),
      quantity: { path: 'data.quantity', as: 'number' },
      price: amount('data.total'),
      billingPeriod: { constant: 'P1Y' },
    },
  },
  {
    type: 'com.arrowline.subscription.ended.v1',
    as: 'SubscriptionEnded',
    subject: aSubscription,
    fields: {
      subscriptionId: 'data.subscription',
      reason: { path: 'data.because', lookup: { NOT_USED: 'unused', TOO_EXPENSIVE: 'price' } },
    },
  },
];

/** The options of a system's connection, as in `npm run connect`. */
interface GivenSystem {
  readonly source: string;
  readonly tenant: string;
  readonly account: string;
  readonly currency?: string;
  readonly mapping: Readonly<Record<string, unknown>>;
}

const cloudEvents = (account: string, mapping: GivenSystem['mapping'] = {}): GivenSystem => ({
  source: 'cloudevents',
  tenant: tenantId,
  account,
  currency: 'EUR',
  mapping,
});

/** The options of each system's connection. */
export const systems: Readonly<Record<SystemName, GivenSystem>> = {
  crm: {
    source: 'salesforce',
    tenant: tenantId,
    account: org,
    currency: 'EUR',
    mapping: {
      version: 1,
      stages: { 'Proposal/Price Quote': 'proposed' },
      opportunity: { closeReason: 'Loss_Reason__c' },
    },
  },
  billing: {
    source: 'stripe',
    tenant: tenantId,
    account: 'acct_1NorthwindEU',
    mapping: { version: 1 },
  },
  distributor: cloudEvents('arrowline', { version: 1, rules: distributorRules }),
  marketplaces: cloudEvents('marketplaces'),
  hub: cloudEvents('partner-hub'),
  delivery: cloudEvents('delivery-desk'),
  telemetry: cloudEvents('telemetry'),
};

/** The request that connects a system, read as `npm run connect` reads it. */
export const requestOf = (name: SystemName): ConnectionRequest => connectionRequest(properties(systems[name], name));

/** Adds the CRM's partner bus to a data directory early, so that the template isn't synthesized a second time for the CRM. */
export const notePartnerBus = (dataDir: string): void => {
  const partnerSource = partnerSourceOf(requestOf('crm'));
  if (partnerSource !== undefined) addPartnerSource(dataDir, partnerSource);
};
