// What does a person read about the rules of ignored procurement routes?
import type { RuleTexts } from './ruleText.ts';

const nextYear = 'A customer’s fiscal year: a deal that is declared to close later is due by then.';

export const ignoredRoutes: RuleTexts = {
  'P5.1': {
    asks: 'Was it clear early how the customer buys?',
    raised: 'A proposal was made before any route to market was agreed.',
    because: 'A route is agreed early, or it delays the order. There is nothing to set.',
    severity: 'low; medium once the deal is won without a route',
    evidence: 'The proposal, the win, and the silence before them.',
    clears: 'A route is agreed.',
    knows: ['A route and a proposal of one moment: within five minutes.'],
  },
  'P5.2': {
    asks: 'Does the customer buy the way it wants?',
    raised: 'The agreed route is not the one that the buyer prefers, and nobody gives a reason.',
    because: 'Commitments and private offers often decide a route; a reason is then at hand.',
    severity: 'medium',
    evidence: 'The agreement, with both routes.',
    clears: 'The preferred route is agreed, or a reason is given.',
    knows: ['An agreement that names its reason.', 'A buyer without a preference.'],
  },
  'P5.3': {
    asks: 'Can the offer be bought by the agreed route?',
    raised: 'The offer as sold isn’t sold by the agreed route, or not in the agreed marketplace.',
    because: 'Such a deal stalls. There is nothing to set.',
    severity: 'high',
    evidence: 'The agreement, and the version of the offer.',
    clears: 'Another route is agreed, or a new version of the offer is sold by this one.',
    knows: ['An offer that says nothing about its routes.'],
  },
  'P5.4': {
    asks: 'Did the route change when it was too late?',
    raised:
      'Another route, marketplace or distributor was agreed after the win or the order, and before the fulfilment.',
    because: 'It is work and paper done twice. There is nothing to set.',
    severity: 'medium',
    evidence: 'The win or order, and both agreements.',
    clears: 'The order is fulfilled.',
    knows: ['A purchase in two steps: what is agreed after the fulfilment is for the next one.'],
  },
  'P5.5': {
    asks: 'Where is the order?',
    raised: 'The days of the agreed route passed after the win, and no order was fulfilled.',
    because:
      'Direct orders and marketplaces need the least steps, two tiers more, co-selling most. A policy sets what is usual here.',
    severity: 'medium; high after twice the days',
    evidence: 'The win, the route with its days, and the silence.',
    clears: 'The order is fulfilled.',
    knows: [
      nextYear,
      'An invoice that comes after the entitlement: the fulfilment counts.',
      'Without a route the rule is quiet.',
      'A purchase in several steps on purpose: its days count from the first order, which has half a year.',
    ],
  },
  'P5.6': {
    asks: 'Does the route hold the order up?',
    raised: 'An order has been blocked by its route for the business days.',
    because: 'One working week.',
    severity: 'high',
    evidence: 'What blocked the order, and the silence since.',
    clears: 'The order goes on, is fulfilled or cancelled.',
    knows: ['The holidays of the partner that leads.', nextYear],
  },
  'P5.7': {
    asks: 'Was it ordered as agreed?',
    raised: 'The legs of an order don’t have the shape of the agreed route, or the order names another route.',
    because: 'Who is paid and who delivers follows from the route. There is nothing to set.',
    severity: 'medium',
    evidence: 'The order’s claims, and the agreement of their time.',
    clears: 'A reason is given, or the route that the order took is agreed.',
    knows: [
      'A purchase in steps, which the agreement declares: its orders may go by other routes.',
      'An order is held against the agreement of its own time.',
      'Orders whose legs don’t tell.',
    ],
  },
  'P5.8': {
    asks: 'Did the contract lose the deal?',
    raised: 'A deal was lost for procurement, or after its last quote had expired.',
    because: 'Over half of cloud suppliers said that deals failed there.',
    severity: 'info',
    evidence: 'The loss with its reason, and the quote.',
    clears: 'It is a fact of history: the flag is raised and cleared at once.',
    knows: ['A deal that was lost while a quote held.'],
  },
  'P5.9': {
    asks: 'Did an offer run out?',
    raised: 'A quote or private offer passed its last day, and nothing was ordered.',
    because: 'The offer names its day.',
    severity: 'medium',
    evidence: 'The quote with its day, and the silence.',
    clears: 'A new quote is made, or the order comes after all.',
    knows: [
      nextYear,
      'A purchase in several steps: the first order is enough.',
      'A new quote that replaces it in time.',
    ],
  },
};
