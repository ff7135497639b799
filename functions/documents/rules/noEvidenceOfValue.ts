// What does a person read about the rules of missing evidence of value?
import type { RuleTexts } from './ruleText.ts';

const monthly = 'A term under 90 days: it renews month by month.';
const notJudged = [monthly, 'A term that is decided before its day.'];
const dashboard = 'A live dashboard that the customer has looked at is no report of impact: it is weaker evidence.';

export const noEvidenceOfValue: RuleTexts = {
  'P4.1': {
    asks: 'Does the customer hear what it gets?',
    raised: 'The days since go-live, or since the last report, passed without a report.',
    because: 'A quarter has 92 days, and some slack.',
    severity: 'medium',
    evidence: 'The last report or the go-live, and the silence.',
    clears: 'Value is reported to the customer.',
    knows: [
      'Customers who are reported to each month or each year: a policy gives tiers their own days.',
      'A live dashboard that the customer looks at.',
    ],
  },
  'P4.2': {
    asks: 'Do reports say anything about the business?',
    raised:
      'So many reports in a row lack business impact, or cover too few of adoption, compliance, security and impact.',
    because: 'One thin report happens. Two are a habit. Two topics of four are the least that shows value.',
    severity: 'medium',
    evidence: 'The reports, with what each covers.',
    clears: 'A report covers business impact and enough topics.',
    knows: ['One thin report between good ones.'],
  },
  'P4.3': {
    asks: 'Was an agreed outcome measured?',
    raised: 'The day of an agreed outcome passed, and nobody measured it.',
    because: 'The parties set the day.',
    severity: 'medium',
    evidence: 'The agreement, and the silence.',
    clears: 'It is measured, or agreed anew.',
    knows: ['An outcome without a day.', 'A measurement of which the system said late: its own day counts.'],
  },
  'P4.4': {
    asks: 'Was a renewal asked for with nothing in hand?',
    raised: `A renewal was proposed, and no report of business impact came in the days before. ${dashboard}`,
    because: 'A case for a renewal is built in the last four months.',
    severity: 'high',
    evidence: 'The proposal, and the silence before it.',
    clears: 'The customer gets a report of business impact. It closes once the renewal is decided.',
    knows: ['A second proposal of the same renewal opens no second flag.'],
  },
  'P4.5': {
    asks: 'Is there a case for the renewal while it can still be changed?',
    raised: `The renewal of a term is near, and no report of business impact came in the term. ${dashboard}`,
    because: '90 days are the least that still change the result; of shorter terms a quarter.',
    severity: 'high',
    evidence: 'The term, and the silence.',
    clears: 'A report of business impact comes. It closes once the term is decided.',
    knows: notJudged,
  },
  'P4.6': {
    asks: 'Does anybody read the reports?',
    raised: 'Two reports in a row were not acknowledged in their days.',
    because: 'Three weeks are longer than a holiday.',
    severity: 'low',
    evidence: 'The reports, and the silence after each.',
    clears: 'The customer acknowledges a report; it has then seen the earlier ones.',
    knows: ['One report that nobody acknowledged.'],
  },
  'P4.7': {
    asks: 'Is the money at risk now?',
    raised: 'A term ended, and nobody said what follows.',
    because: 'From its end on nothing is agreed. A term that renews by itself has three days for its system to say so.',
    severity: 'high',
    evidence: 'The term, and the silence since its end.',
    clears: 'It is renewed, or ends.',
    knows: notJudged,
  },
};
