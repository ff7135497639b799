// Which stories does the pipeline live through while it is killed at each of its steps? Together they take every way through its functions.
import { derivedEngagementOf, parseStreamId } from '../../events/identifiers.ts';
import { ofEveryOwner } from '../support/journey/ofEveryOwner.ts';
import { question } from './question.ts';
import { about, day, deal, euros, observing, opened, opportunity, order, party, won } from './sayings.ts';
import type { Scenario } from './scenario.ts';
import { silence } from './silence.ts';

/** A deal goes its way from the door to the rows: streams begin cold and go on warm, and stages open one another. */
const sale: Scenario = {
  name: 'a deal is sold and delivered',
  play: async ({ send, settle, forget }) => {
    await send(opened(-40 * day));
    await settle();
    forget('Project');
    await send(about('SolutionProposed', -30 * day, {}), about('RouteAgreed', -29 * day, { route: 'direct' }));
    await settle();
    await send(won(-20 * day), about('DeliveryStarted', -10 * day, {}));
    await settle();
  },
};

/** What names an engagement that nobody knows yet waits, and the CRM's link wakes it. */
const link: Scenario = {
  name: 'a fact waits for its link',
  play: async (stage) => {
    const { send, settle } = stage;
    const data = { milestone: 'go_live' };
    await send({ type: 'MilestoneReached', at: -30, subject: 'engagement/ENG-1', data });
    await settle();
    stage.fromCrm('OpportunityChangeEvent', opportunity(stage, { StageName: 'Won', Engagement_Id__c: 'ENG-1' }));
    await settle();
  },
};

/** A person and a system write to one stream in turns: each finds that the other came first. */
const conflict: Scenario = {
  name: 'a person and a system write in turns',
  play: async ({ tenant, send, settle, record, at }) => {
    await send(opened(-40 * day));
    await settle();
    const external = { system: 'crm', kind: 'opportunity', id: 'deal-1' };
    const engagement = parseStreamId(derivedEngagementOf(tenant, external)).id;
    await record('p-1', { type: 'SolutionProposed', engagement, occurredAt: at(-30 * day), data: {} });
    await send(about('RouteAgreed', -29 * day, { route: 'direct' }));
    await settle();
    await record('p-2', { type: 'RouteAgreed', engagement, occurredAt: at(-28 * day), data: { route: 'two_tier' } });
    await settle();
  },
};

/** More rows than one transaction holds: written in chunks behind a mark, and taken away again. */
const manyRows: Scenario = {
  name: 'an order has more rows than a transaction',
  play: async ({ tenant, send, settle, record, at }) => {
    const external = { system: 'crm', kind: 'opportunity', id: 'deal-1' };
    const engagement = parseStreamId(derivedEngagementOf(tenant, external)).id;
    await send(opened(-40 * day));
    await settle();
    const placed = { type: 'OrderPlaced', engagement, occurredAt: at(-20 * day) };
    const [first] = await record('order-1', { ...placed, data: order(120) });
    await settle();
    await record('order-2', { ...placed, supersedes: first, data: order(3) });
    await settle();
  },
};

/** A handoff falls due, and nothing but time says so. */
const due: Scenario = {
  name: 'a handoff falls due',
  timed: true,
  play: async ({ send, settle, record, pass, at }) => {
    await record('policy-1', observing(at));
    await settle();
    await send(opened(-20 * day), won(-7 * day + 30));
    await pass(0);
    await pass(60);
  },
};

/** A policy changes what every engagement of the tenant concludes: now, and once more for what was under way. */
const policy: Scenario = {
  name: 'a policy is published',
  timed: true,
  play: async ({ send, settle, record, pass, at }) => {
    await send(opened(-60 * day), won(-20 * day));
    await settle();
    const data = { ...observing(at).data, effectiveFrom: at(-90 * day), thresholds: { 'P1.1': {} } };
    await record('policy-1', { type: 'PolicyPublished', occurredAt: at(-1), data });
    await settle();
    await pass(16);
  },
};

/** What is said of a customer concerns its engagements, and those alone. */
const customer: Scenario = {
  name: 'a customer is described',
  timed: true,
  play: async ({ send, settle, pass }) => {
    await send(opened(-60 * day, { customer: party('customer-1') }));
    await settle();
    const data = { customer: party('customer-1'), segment: 'bank', country: 'DE' };
    await send({ type: 'CustomerIdentified', at: -50 * day, data });
    await settle();
    await pass(16);
  },
};

/** What a connection may not say waits until it may, and the clock offers it again; people begin an engagement themselves. */
const allowance: Scenario = {
  name: 'a connection is allowed more',
  timed: true,
  play: async ({ send, settle, pass, record, allow, at }) => {
    await record('open-1', { type: 'EngagementOpened', occurredAt: at(-30 * day), data: { segment: 'bank' } });
    await send({ type: 'StageEntered', at: -20 * day, subject: deal, data: { stage: 'sell', openedBy: 'x' } });
    const external = { system: 'crm', kind: 'seat', id: 's-1' };
    const data = { external, to: { external: { system: 'crm', kind: 'opportunity', id: 'deal-1' } }, reason: 'seat' };
    await send({ type: 'IdentityLinked', at: -10 * day, data }, opened(-30 * day));
    await settle();
    await allow('IdentityLinked');
    await pass(6);
  },
};

/** Organisations, an offer and a campaign, and a subscription that is used and renewed: each stage has its turn. */
const lives: Scenario = {
  name: 'a channel is set up and a subscription renews',
  play: async ({ send, settle, sweep, at }) => {
    const components = [{ componentId: 'base', kind: 'base_licence' }];
    await send(
      { type: 'PartyRegistered', at: -90 * day, data: { party: party('partner-1'), roles: ['msp'] } },
      {
        ...{ type: 'OfferPublished', at: -80 * day },
        data: { offerId: 'o-1', version: 1, ownerPartner: party('partner-1'), components },
      },
      {
        ...{ type: 'CampaignLaunched', at: -70 * day },
        data: { campaignId: 'k-1', kind: 'sales_play', partners: [party('partner-1')] },
      },
      opened(-60 * day, { offerId: 'o-1', leadPartner: party('partner-1') }),
      about('SubscriptionStarted', -50 * day, { subscriptionId: 'sub-1', termStart: at(-400 * day) }),
      about('DeliveryStarted', -40 * day, {}),
      about('OutcomeMeasured', -30 * day, { outcomeId: 'out-1', value: 3 }),
      about('SubscriptionChanged', -20 * day, { subscriptionId: 'sub-1', quantity: 5 }),
    );
    await settle();
    sweep({ sweep: 'pager' });
    await settle();
  },
};

/** A customer's months are more rows than one transaction holds; most are removed again, and a rebuild wakes the groups. */
const months: Scenario = {
  name: 'a partner’s months are rolled up',
  only: /Contributions|Rollup|Months/,
  play: async ({ tenant, send, settle, record, sweep, at }) => {
    const external = { system: 'crm', kind: 'opportunity', id: 'deal-1' };
    const engagement = parseStreamId(derivedEngagementOf(tenant, external)).id;
    await send(opened(-3_000 * day, { leadPartner: party('partner-1'), customer: party('customer-1') }));
    await settle();
    const began = (days: number) => ({
      ...{ type: 'SubscriptionStarted', engagement, occurredAt: at(days * day) },
      data: { subscriptionId: 's-1', price: euros(100), billingPeriod: 'P1M', termStart: at(days * day) },
    });
    const [first] = await record('subscription-1', began(-1_640));
    await settle();
    await record('subscription-2', { ...began(-40), supersedes: first });
    await settle();
    sweep({ sweep: 'pager', all: true });
    await settle();
  },
};

/** One message speaks of two engagements to each stage, and to control of two ids: what they write to is read together. */
const pairs: Scenario = {
  name: 'a message speaks of two engagements to every stage',
  only: /BatchGetItem .*Events/,
  play: async ({ send, sendTogether, settle, allow }) => {
    await allow('IdentityLinked');
    const deals = ['deal-1', 'deal-2'];
    await send(...deals.map((id) => ({ ...opened(-40 * day), subject: `crm/opportunity/${id}` })));
    await settle();
    await sendTogether(...ofEveryOwner(deals, ['s-1', 's-2']).map((said) => ({ ...said, at: -30 * day })));
    await settle();
  },
};

/** A person gets a name, and it is taken back. */
const naming: Scenario = {
  name: 'a person is named',
  play: async ({ name, settle }) => {
    await name({ 'crm:user/1': 'Anna Schmidt', 'crm:user/2': 'Jonas Berg' });
    await name({ 'crm:user/1': null });
    await settle();
  },
};

/** Each function meets a refusal at its first write: why is kept, and the work comes again, of a stream by the function's queue. */
const trouble: Scenario = {
  name: 'every function is refused once',
  only: /Failures|SendMessage|PutEvents .*PutEvents|^aws:sqs > GetItem/,
  play: async (stage) => {
    const { settle, send, refuse } = stage;
    for (const name of ['Create', 'Mobilize', 'Sell', 'Procure', 'Deliver', 'Report', 'Renew', 'Control']) {
      refuse({ function: name, operation: 'PutItem', on: 'Events' });
    }
    refuse({ function: 'Receive', operation: 'PutItem', on: 'Receipts' });
    refuse({ function: 'Translate', operation: 'UpdateItem', on: 'Receipts' });
    refuse({ function: 'Project', operation: 'PutItem', on: 'Engagements' });
    refuse({ function: 'Sweep', operation: 'PutItem', on: 'Runs' });
    refuse({ function: 'Project', operation: 'TransactWriteItems', on: 'Engagements' });
    // What groups share fails, and then what each writes alone.
    for (let tries = 0; tries < 2; tries += 1)
      refuse({ function: 'Rollup', operation: 'TransactWriteItems', on: 'RollupHeads' });
    // The bus is tried four times before relay sets the commit aside.
    for (let tries = 0; tries < 4; tries += 1) refuse({ function: 'Relay', operation: 'PutEvents', on: 'event-bus' });
    stage.fromCrm('OpportunityChangeEvent', opportunity(stage, { StageName: 'Open', Engagement_Id__c: 'ENG-3' }));
    await settle();
    await lives.play(stage);
    await send(about('OrderPlaced', -15 * day, order(1)));
    await settle();
  },
};

export const scenarios: readonly Scenario[] = [
  ...[
    sale,
    link,
    conflict,
    manyRows,
    due,
    policy,
    customer,
    allowance,
    lives,
    months,
    pairs,
    question,
    naming,
    silence,
    trouble,
  ],
];
