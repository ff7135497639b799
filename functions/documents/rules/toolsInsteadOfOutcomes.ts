// What does a person read about the rules of selling tools instead of outcomes?
import type { RuleTexts } from './ruleText.ts';

const rampOrSeason = [
  'A roll-out in steps: the ramp that a handoff declares says how much is to be used by when.',
  'A seasonal business: the quiet months of its segment, from the policy, don’t count.',
];

export const toolsInsteadOfOutcomes: RuleTexts = {
  'P1.1': {
    asks: 'Was anything sold but a product?',
    raised: 'A deal was won, and no outcome had been agreed with the customer by then.',
    because: 'Goals come before the product, so there is nothing to set.',
    severity: 'medium',
    evidence: 'The win, and the silence before it.',
    clears: 'An outcome is agreed, even after the sale.',
    knows: [
      'An outcome that an earlier cycle agreed counts for a renewal.',
      'Times within five minutes are one moment.',
    ],
  },
  'P1.2': {
    asks: 'Does the customer use what it bought?',
    raised: 'In two full months in a row less was used than the share, from some time after go-live on.',
    because:
      'A quarter to 40 % of seats are idle on average, so 0.8 is strict, and 0.5 is clearly bad. 60 days are for the roll-out.',
    severity: 'medium; high below the lower share',
    evidence: 'The start, the go-live if one is known, and by month what was used, of how much, beside the share.',
    clears: 'Two months in a row are above the stricter share at which it clears.',
    knows: [
      ...rampOrSeason,
      'A product without users: its unit is what it protects or holds.',
      'A licence pool: an add-on that is measured with its base is judged there.',
      'A month without a measurement: it says nothing about use.',
    ],
  },
  'P1.3': {
    asks: 'Was it never used at all?',
    raised: 'A subscription had no use within the days after its start, though its use was measured.',
    because: 'Half of the 90 days that many audits look at.',
    severity: 'high',
    evidence: 'The start, the first measurement of nothing, and the silence.',
    clears: 'Use is measured for the first time.',
    knows: [...rampOrSeason, 'No measurement came: nothing is known of its use, so nothing is said.'],
  },
  'P1.4': {
    asks: 'Did the customer get a licence and nothing else?',
    raised:
      'The days after the first win passed, and there is a base licence, but no add-on, no service and no outcome.',
    because: 'On the first step of the ladder the value is uncertain. 90 days leave time for the next step.',
    severity: 'low',
    evidence: 'The win, the licence, and the silence.',
    clears: 'An add-on or a service starts, or an outcome is agreed.',
    knows: [
      'A licence that starts after the win: its days count from its start.',
      'A service that was ordered, worked on or paid, but has no subscription.',
    ],
  },
  'P1.5': {
    asks: 'Was what was agreed reached?',
    raised: 'An agreed outcome is due, and it was measured below its target.',
    because: 'The parties set the day.',
    severity: 'medium',
    evidence: 'The agreement with its target and day, and the measurement.',
    clears: 'It is measured at its target, or is agreed anew.',
    knows: ['An outcome without a day or a measurement: P4.3 asks for the measurement.'],
  },
  'P1.6': {
    asks: 'Did low use cost the renewal?',
    raised:
      'A subscription was renewed with much less, or ended as unused or without value, and P1.2 or P1.3 stood in the days before.',
    because: 'A fifth is more than a correction of seats. Half a year holds the months in which a customer decides.',
    severity: 'high',
    evidence: 'The renewal or the end, and the flag that stood before it.',
    clears: 'Never: it is a fact of history, and shows how well P1.2 warns.',
    knows: ['An ending for another reason, such as a closed business.'],
  },
};
