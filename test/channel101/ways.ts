// What does the first lesson state of good practice, the seven stages and its closing words, and where is each seen?
import { column, command, fact, path, rule, type Statement } from './statement.ts';

/** A104 to A109: practices. */
const practices: readonly Statement[] = [
  {
    id: 'A104',
    states: 'Speak of outcomes.',
    shownBy: [
      column('outcomes', 'agreedAt'),
      column('conformance', 'state', { constraint: 'precedence(OutcomeAgreed, SolutionProposed)' }),
    ],
  },
  {
    id: 'A105',
    states: 'Agree on the route first.',
    shownBy: [rule('P5.1'), column('conformance', 'state', { constraint: 'precedence(RouteAgreed, DealClosed won)' })],
  },
  { id: 'A106', states: 'Offer what is packed already.', shownBy: [column('offer_uses', 'published'), rule('P2.6')] },
  { id: 'A107', states: 'Report.', shownBy: [column('report_cadence', 'onTime'), rule('P4.1')] },
  {
    id: 'A108',
    states: 'Customise little.',
    shownBy: [fact('DeviationRecorded', ({ data }) => data.minutes !== undefined), rule('P2.2')],
  },
  {
    id: 'A109',
    states: 'Hand over well.',
    shownBy: [column('handoffs', 'completeness'), column('handoffs', 'answeredAt')],
  },
];

/** A110 to A131: the seven stages. */
const stages: readonly Statement[] = [
  { id: 'A110', states: 'Create: a partner plans an offer that repeats.', shownBy: [column('offers', 'templateRef')] },
  { id: 'A111', states: 'It joins product, knowledge and services.', shownBy: [column('offers', 'components')] },
  {
    id: 'A112',
    states: 'Mobilize: market together.',
    shownBy: [column('campaigns', 'partnerIds', { kind: 'joint_marketing' })],
  },
  {
    id: 'A113',
    states: 'Mobilize: teach.',
    shownBy: [column('campaigns', 'partnerIds', { kind: 'enablement' }), fact('EnablementCompleted')],
  },
  { id: 'A114', states: 'Mobilize: give plays.', shownBy: [column('campaigns', 'partnerIds', { kind: 'sales_play' })] },
  {
    id: 'A115',
    states: 'It wakes teams, and fills the pipeline.',
    shownBy: [column('engagements', 'openedAt'), column('engagements', 'campaignId')],
  },
  { id: 'A116', states: 'Sell: the partner meets the customer.', shownBy: [column('engagements', 'openedAt')] },
  {
    id: 'A117',
    states: 'It learns what the business needs.',
    shownBy: [column('outcomes', 'baseline'), column('outcomes', 'target')],
  },
  {
    id: 'A118',
    states: 'It proposes a solution for that.',
    shownBy: [fact('SolutionProposed'), column('healthy_scores', 'h2')],
  },
  {
    id: 'A119',
    states: 'Procure: by a distributor, a marketplace or directly.',
    shownBy: [
      column('engagements', 'fulfilledAt', { route: 'two_tier' }),
      column('engagements', 'fulfilledAt', { route: 'marketplace' }),
      column('engagements', 'fulfilledAt', { route: 'direct' }),
    ],
  },
  {
    id: 'A120',
    states: 'It is the way that the customer prefers.',
    shownBy: [fact('RouteAgreed', ({ data }) => data.buyerPreference !== undefined), rule('P5.2')],
  },
  {
    id: 'A121',
    states: 'Deliver: install.',
    shownBy: [column('work', 'minutes'), column('engagements', 'deliveryStartedAt')],
  },
  {
    id: 'A122',
    states: 'Deliver: automate.',
    shownBy: [fact('MilestoneReached', ({ data }) => data.milestone === 'automation_configured')],
  },
  {
    id: 'A123',
    states: 'Deliver: set up governance.',
    shownBy: [fact('MilestoneReached', ({ data }) => data.milestone === 'governance_established')],
  },
  {
    id: 'A124',
    states: 'Deliver: bring users in.',
    shownBy: [fact('MilestoneReached', ({ data }) => data.milestone === 'users_onboarded')],
  },
  { id: 'A125', states: 'Report: adoption.', shownBy: [column('reports', 'reportId', { sections: 'adoption' })] },
  { id: 'A126', states: 'Report: compliance.', shownBy: [column('reports', 'reportId', { sections: 'compliance' })] },
  { id: 'A127', states: 'Report: security.', shownBy: [column('reports', 'reportId', { sections: 'security' })] },
  { id: 'A128', states: 'Report: impact.', shownBy: [column('reports', 'reportId', { sections: 'business_impact' })] },
  {
    id: 'A129',
    states: 'Renew: who has evidence renews without a fight.',
    shownBy: [
      column('evidence_packs', 'lastImpactAt', { decision: 'renewed' }),
      column('conformance', 'state', { constraint: 'precedence(ValueReported, RenewalProposed)' }),
    ],
  },
  {
    id: 'A130',
    states: 'Renew: and buys more.',
    shownBy: [column('arr_steps', 'toMinor', { kind: 'change' }), fact('SubscriptionChanged')],
  },
  {
    id: 'A131',
    states: 'All of it is one journey.',
    shownBy: [column('stage_history', 'dwellMinutes', { stage: 'renew' }), path('/v1/engagements/{engagement}/events')],
  },
];

/** A132 to A140: what remains. */
const closing: readonly Statement[] = [
  {
    id: 'A132',
    states: 'Partners reach further than the vendor’s own sales.',
    shownBy: [column('partner_months', 'logosEnd'), column('tenant_months', 'logosEnd')],
  },
  {
    id: 'A133',
    states: 'Partners know a trade, a country, a use.',
    shownBy: [column('engagements', 'segment'), column('engagements', 'country'), column('engagements', 'offerId')],
  },
  { id: 'A134', states: 'Platform, licences and programmes make partners earn.', shownBy: 'economics' },
  { id: 'A135', states: 'All three win.', shownBy: 'dashboard' },
  { id: 'A136', states: 'A channel is specialists, recurring revenue and lasting ties.', shownBy: 'dashboard' },
  {
    id: 'A137',
    states: 'Take one partner, and look again.',
    shownBy: [command('what-if'), path('/v1/what-if'), path('/v1/changes')],
  },
  { id: 'A138', states: 'Know how partners earn.', shownBy: 'economics' },
  { id: 'A139', states: 'Treat different partners differently.', shownBy: 'economics' },
  { id: 'A140', states: 'Outcomes before features.', shownBy: [column('healthy_scores', 'h2'), rule('P1.1')] },
];

export const ways: readonly Statement[] = [...practices, ...stages, ...closing];
