// What does the first lesson state of a vendor's means, its teams and the figures that partners watch, and where is each seen?
import { column, command, fact, field, path, type Statement } from './statement.ts';

/** A070 to A080: what a vendor brings. */
const vendor: readonly Statement[] = [
  {
    id: 'A070',
    states: 'The vendor knows every model.',
    shownBy: [column('engagements', 'route', { route: 'co_sell' }), column('parties', 'roles', { roles: 'isv' })],
  },
  {
    id: 'A071',
    states: 'Its licences bend to partners and customers.',
    shownBy: [column('offers', 'components'), column('subscriptions', 'billingPeriod')],
  },
  {
    id: 'A072',
    states: 'Services on it can be repeated.',
    shownBy: [column('offers', 'templateRef', { repeatable: true }), column('offer_uses', 'published')],
  },
  {
    id: 'A073',
    states: 'It is sold in every way.',
    shownBy: [
      column('offers', 'routes', { routes: 'marketplace' }),
      column('offers', 'routes', { routes: 'two_tier' }),
    ],
  },
  {
    id: 'A074',
    states: 'A partner sees all its customers in one place.',
    shownBy: [column('engagements', 'leadPartner'), column('engagements', 'customer'), path('/v1/engagements')],
  },
  {
    id: 'A075',
    states: 'Policies govern by themselves.',
    shownBy: [fact('MilestoneReached', ({ data }) => data.milestone === 'governance_established')],
  },
  { id: 'A076', states: 'Backups run by schedule.', shownBy: [field('UsageMeasured', 'metric')] },
  {
    id: 'A077',
    states: 'Compliance is reported without work.',
    shownBy: [fact('ComplianceMeasured', ({ data }) => data.passed > 0)],
  },
  { id: 'A078', states: 'Security earns money as it is.', shownBy: 'economics' },
  {
    id: 'A079',
    states: 'Evidence helps to renew.',
    shownBy: [column('evidence_packs', 'reports'), column('evidence_packs', 'decision')],
  },
  { id: 'A080', states: 'Delivery costs less, and customers stay.', shownBy: 'economics' },
];

/** A081 to A091: what it means for the vendor's teams. */
const teams: readonly Statement[] = [
  { id: 'A081', states: 'Sales speak by type of partner.', shownBy: 'dashboard' },
  { id: 'A082', states: 'Sales know how partners earn.', shownBy: 'economics' },
  {
    id: 'A083',
    states: 'Support serves a partner’s many customers.',
    shownBy: [column('tickets', 'ticketId'), column('tickets', 'leadPartner')],
  },
  {
    id: 'A084',
    states: 'Partners have documents and a way to escalate.',
    shownBy: [column('handoffs', 'escalationPath', { toStage: 'report' })],
  },
  { id: 'A085', states: 'The product knows many tenants.', shownBy: [column('usage', 'activeUnits')] },
  {
    id: 'A086',
    states: 'The product automates.',
    shownBy: [fact('MilestoneReached', ({ data }) => data.milestone === 'automation_configured')],
  },
  {
    id: 'A087',
    states: 'Partners put their own name on it.',
    shownBy: [fact('ValueReported', ({ data }) => data.branding !== undefined)],
  },
  {
    id: 'A088',
    states: 'The product reports compliance.',
    shownBy: [column('reports', 'reportId', { sections: 'compliance' })],
  },
  {
    id: 'A089',
    states: 'Other systems are joined by an API.',
    shownBy: [command('export'), command('connect'), path('/v1/tables/engagements')],
  },
  {
    id: 'A090',
    states: 'Campaigns fit what partners and customers want.',
    shownBy: [column('campaigns', 'offerIds'), column('engagements', 'campaignId')],
  },
  {
    id: 'A091',
    states: 'Marketing gives plays and calculators.',
    shownBy: [column('campaigns', 'assets', { assets: 'price_calculator' }), command('what-if')],
  },
];

/** A092 to A103: the figures. */
const figures: readonly Statement[] = [
  {
    id: 'A092',
    states: 'How many customers stay.',
    shownBy: [column('tenant_months', 'logoRetention'), column('partner_months', 'grr')],
  },
  { id: 'A093', states: 'What a managed customer pays a month.', shownBy: 'economics' },
  { id: 'A094', states: 'What is left of managed services.', shownBy: 'economics' },
  { id: 'A095', states: 'How many services come with a licence.', shownBy: 'economics' },
  {
    id: 'A096',
    states: 'How soon a new customer has value.',
    shownBy: [column('engagements', 'liveAt'), column('engagements', 'firstValueAt')],
  },
  {
    id: 'A097',
    states: 'Who may leave, told early.',
    shownBy: [column('flags', 'arrAtRiskMinor', { status: 'open' }), column('engagements', 'worstSeverity')],
  },
  { id: 'A098', states: 'How well managed tenants comply.', shownBy: 'economics' },
  {
    id: 'A099',
    states: 'How much is used, by segment.',
    shownBy: [column('usage', 'adoption'), column('engagements', 'segment')],
  },
  { id: 'A100', states: 'What a customer costs, and brings.', shownBy: 'economics' },
  {
    id: 'A101',
    states: 'How many tickets, and how long each takes.',
    shownBy: [column('tickets', 'minutes', { status: 'resolved' }), column('tickets', 'openedAt')],
  },
  { id: 'A102', states: 'How busy the teams are.', shownBy: 'economics' },
  {
    id: 'A103',
    states: 'How revenue of known customers grows.',
    shownBy: [column('tenant_months', 'nrr'), column('partner_months', 'nrr')],
  },
];

export const means: readonly Statement[] = [...vendor, ...teams, ...figures];
