// What does the first lesson state of the players, their roles and the routes to market, and where is each seen?
import { column, fact, field, rule, type Statement } from './statement.ts';

/** A001 to A010: the flow, and why there is a channel. */
const flow: readonly Statement[] = [
  {
    id: 'A001',
    states: 'Technology comes from vendors.',
    shownBy: [column('parties', 'roles', { roles: 'vendor' }), column('order_legs', 'retainedBySellerMinor')],
  },
  {
    id: 'A002',
    states: 'Distributors let many buy in one way.',
    shownBy: [
      column('parties', 'roles', { roles: 'distributor' }),
      column('order_legs', 'orderId', { route: 'two_tier' }),
    ],
  },
  {
    id: 'A003',
    states: 'Partners put solutions in place and run them.',
    shownBy: [column('work', 'minutes', { category: 'implementation' }), column('offer_uses', 'startedAt')],
  },
  {
    id: 'A004',
    states: 'What customers pay for is a result.',
    shownBy: [column('outcomes', 'target'), column('outcomes', 'value')],
  },
  {
    id: 'A005',
    states: 'Value passes from one party to the next, up to the customer.',
    shownBy: [column('order_legs', 'buyer', { seq: 2 }), column('stage_history', 'stage')],
  },
  {
    id: 'A006',
    states: 'Every party adds something of its own.',
    shownBy: [column('order_legs', 'component'), column('order_legs', 'retainedBySellerMinor', { seq: 2 })],
  },
  {
    id: 'A007',
    states: 'No vendor reaches each customer, country and use alone.',
    shownBy: [column('engagements', 'country'), column('engagements', 'segment'), column('partner_months', 'logosEnd')],
  },
  {
    id: 'A008',
    states: 'Customers trust those who advise, install and support.',
    shownBy: [column('work', 'category'), column('tickets', 'minutes'), column('reports', 'sections')],
  },
  {
    id: 'A009',
    states: 'What is complex needs people who know its delivery and operation.',
    shownBy: [fact('DeviationRecorded'), column('offer_uses', 'customisations')],
  },
  { id: 'A010', states: 'A channel grows by specialists and recurring revenue.', shownBy: 'economics' },
];

/** A011 to A026: who takes part. */
const roles: readonly Statement[] = [
  { id: 'A011', states: 'Vendors own what they make.', shownBy: [column('parties', 'party', { roles: 'vendor' })] },
  {
    id: 'A012',
    states: 'Distributors gather licences and logistics.',
    shownBy: [
      column('parties', 'party', { roles: 'distributor' }),
      column('order_legs', 'orderId', { claimedBy: 'distributor' }),
    ],
  },
  {
    id: 'A013',
    states: 'Marketplaces sell in the cloud.',
    shownBy: [column('parties', 'party', { roles: 'marketplace' }), column('order_legs', 'marketplace')],
  },
  { id: 'A014', states: 'ISVs make software of their own.', shownBy: [column('parties', 'party', { roles: 'isv' })] },
  {
    id: 'A015',
    states: 'VARs and MSPs add services.',
    shownBy: [column('parties', 'party', { roles: 'var' }), column('parties', 'party', { roles: 'msp' })],
  },
  { id: 'A016', states: 'Integrators install at large firms.', shownBy: [column('parties', 'party', { roles: 'si' })] },
  {
    id: 'A017',
    states: 'Roles differ, and one organisation may have several.',
    shownBy: [
      fact('PartyRegistered', ({ data }) => data.roles.length > 1),
      field('PartyRolesChanged', 'effectiveFrom'),
    ],
  },
  { id: 'A018', states: 'Programmes are planned by role.', shownBy: 'economics' },
  {
    id: 'A019',
    states: 'Where it is clear who does what, nothing is left out.',
    shownBy: [fact('ParticipantJoined', ({ data }) => data.responsibilities.includes('bill')), rule('P3.7')],
  },
  {
    id: 'A020',
    states: 'Known duties make good handoffs and content customers.',
    shownBy: [column('handoffs', 'completeness'), column('healthy_scores', 'h1'), column('healthy_scores', 'h2')],
  },
  { id: 'A021', states: 'A VAR resells, configures and trains.', shownBy: 'economics' },
  { id: 'A022', states: 'An MSP watches, manages and improves for its customers.', shownBy: 'economics' },
  { id: 'A023', states: 'An SI plans and builds with products of many vendors.', shownBy: 'economics' },
  { id: 'A024', states: 'Most partners do some of each.', shownBy: 'economics' },
  { id: 'A025', states: 'The mix follows the customer, the size and the difficulty.', shownBy: 'economics' },
  { id: 'A026', states: 'Who speaks to partners speaks to their mix.', shownBy: 'dashboard' },
];

/** A027 to A038: how customers buy. */
const routes: readonly Statement[] = [
  {
    id: 'A027',
    states: 'Two tiers: the vendor, a distributor, a partner, the customer.',
    shownBy: [column('order_legs', 'amountMinor', { route: 'two_tier', seq: 3 })],
  },
  {
    id: 'A028',
    states: 'Two tiers bring breadth, order in licences, credit and training.',
    shownBy: [
      column('engagements', 'country', { route: 'two_tier' }),
      fact('OrderPlaced', ({ data }) => data.poNumber !== undefined),
    ],
  },
  {
    id: 'A029',
    states: 'Direct: the vendor sells to the customer.',
    shownBy: [column('engagements', 'wonAt', { route: 'direct' })],
  },
  {
    id: 'A030',
    states: 'Direct is for simple, large or self-chosen purchases.',
    shownBy: [fact('RouteAgreed', ({ data }) => data.reason !== undefined)],
  },
  {
    id: 'A031',
    states: 'A marketplace stands between the vendor and the customer.',
    shownBy: [
      column('order_legs', 'feeKind', { route: 'marketplace' }),
      column('order_legs', 'buyer', { route: 'marketplace', seq: 1 }),
    ],
  },
  {
    id: 'A032',
    states: 'Three clouds have one.',
    shownBy: [
      column('order_legs', 'marketplace', { marketplace: 'aws' }),
      column('order_legs', 'marketplace', { marketplace: 'azure' }),
    ],
  },
  { id: 'A033', states: 'There, what is used is billed.', shownBy: 'sources' },
  {
    id: 'A034',
    states: 'There, a purchase may count towards what was committed to the cloud.',
    shownBy: [fact('OrderPlaced', ({ data }) => data.drawsDownCommitment === true)],
  },
  {
    id: 'A035',
    states: 'There, buying takes less time.',
    shownBy: [
      column('stage_history', 'dwellMinutes', { stage: 'procure' }),
      column('engagements', 'fulfilledAt', { route: 'marketplace' }),
    ],
  },
  {
    id: 'A036',
    states: 'Co-sell: several sellers, one customer.',
    shownBy: [column('engagements', 'fulfilledAt', { route: 'co_sell' }), field('ParticipantJoined', 'role')],
  },
  {
    id: 'A037',
    states: 'Co-sell joins the work of many providers.',
    shownBy: [column('handoffs', 'fromOwner'), field('ParticipantJoined', 'from')],
  },
  {
    id: 'A038',
    states: 'Each way of buying suits some customers.',
    shownBy: [column('engagements', 'segment', { route: 'marketplace' }), rule('P5.2')],
  },
];

export const players: readonly Statement[] = [...flow, ...roles, ...routes];
