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
    knows: ['A further delivery of the engagement is judged by itself.'],
  },
  'P2.2': {
    asks: 'How much of the effort is custom?',
    raised:
      'The minutes of customisation are more than the share of those that implementation logged, once enough is logged.',
    because:
      'No public standard is known. A fifth hurts the margin, a third ends it. Eight hours make the share mean something.',
    severity: 'medium; high above the higher share',
    evidence: 'Each customisation with its minutes, and the share beside its threshold.',
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
};
