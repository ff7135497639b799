// What does a person read about the rules of custom work every time?
import type { RuleTexts } from './ruleText.ts';

const learned = [
  'Custom work that a later version of the offer lists: it counts no more from then on.',
  'The first deliveries of a new offer: a policy may set days in which it is still learnt.',
];

export const customEveryTime: RuleTexts = {
  'P2.1': {
    asks: 'Does delivery start from a template?',
    raised: 'Delivery started, and named no template.',
    because: 'A bundle is delivered alike each time, so one delivery without a template is one too many.',
    severity: 'low',
    evidence: 'The start of the delivery.',
    clears: 'Delivery starts again on a template.',
    knows: ['Delivery starts again on a template: the engagement has one from then on.'],
  },
  'P2.2': {
    asks: 'How much of the effort is custom?',
    raised:
      'The minutes of customisation are more than the share of those that implementation logged, once enough is logged.',
    because:
      'No public standard is known. A fifth hurts the margin, a third ends it. Eight hours make the share mean something.',
    severity: 'medium; high above the higher share',
    evidence:
      'The work or customisation with which the share was passed, the share then and the highest beside their thresholds, and the minutes logged.',
    clears: 'At or after go-live the share is below the stricter one.',
    knows: learned,
  },
  'P2.3': {
    asks: 'Does delivery take longer than planned?',
    raised: 'The minutes of implementation are more than so many times those that were planned.',
    because: 'No public standard is known. Effort is what a margin is made of; a quarter more takes most of one.',
    severity: 'medium; high above the higher ratio',
    evidence: 'The plan, and the minutes beside it.',
    clears: 'At go-live, with the final value.',
    knows: ['Without a plan there is nothing to compare.', ...learned],
  },
  'P2.4': {
    asks: 'Is every delivery of an offer different?',
    raised:
      'Of a partner’s last deliveries of one offer, too many have a configuration of their own, or their minutes vary too much.',
    because: 'Fewer than five deliveries say nothing. Learning ends with the second.',
    severity: 'high',
    evidence: 'The deliveries with their minutes, and both measures beside their thresholds.',
    clears: 'Both measures of the last deliveries are below their stricter lines.',
    knows: [
      'The first deliveries of an offer, in which a partner learns it.',
      'A partner whose business is custom: one that is registered as neither var nor msp.',
      'Custom work that a later version of the offer lists: it is the offer’s own from then on.',
    ],
  },
  'P2.5': {
    asks: 'Do deliveries earn what they were planned to?',
    raised: 'The realised margin of a live delivery is many points below the planned one.',
    because:
      'Planned and realised margin are compared by the cost of an hour that the policy names. An imputed margin would hide overruns.',
    severity: 'high',
    evidence: 'The delivery with its minutes, planned and logged, and the points.',
    clears: 'Enough deliveries in a row are close to their plan.',
    knows: [
      'A delivery without a plan or without revenue.',
      'A policy without the cost of an hour: nothing is compared.',
    ],
  },
  'P2.6': {
    asks: 'Does a partner sell past the catalogue?',
    raised: 'Of a partner’s last wins, more than the share name no published offer.',
    because: 'A bundle is sold again and again. Half of six wins without one is no accident.',
    severity: 'medium',
    evidence: 'The wins, each with or without an offer, and the share.',
    clears: 'The share falls to the stricter line.',
    knows: ['A partner whose business is custom: one that is registered as neither var nor msp.'],
  },
};
