// What does the first lesson state of money, failures and healthy engagements, and where is each seen?
import { column, fact, rule, type Statement } from './statement.ts';

/** A039 to A056: how partners earn. */
const economics: readonly Statement[] = [
  { id: 'A039', states: 'Reselling licences earns a part of their price.', shownBy: 'economics' },
  {
    id: 'A040',
    states: 'Managed services earn each month.',
    shownBy: [column('subscriptions', 'arrMinor', { kind: 'managed_service', billingPeriod: 'P1M' })],
  },
  { id: 'A041', states: 'Projects earn fees.', shownBy: [column('offer_uses', 'earnedMinor')] },
  {
    id: 'A042',
    states: 'Backup, security, compliance and optimisation earn again and again.',
    shownBy: 'economics',
  },
  { id: 'A043', states: 'Marketplaces pay a commission.', shownBy: 'economics' },
  { id: 'A044', states: 'Who earns in several ways earns most.', shownBy: 'economics' },
  { id: 'A045', states: 'An MSP counts by customer and month.', shownBy: 'economics' },
  { id: 'A046', states: 'Its example: one customer, one year.', shownBy: 'economics' },
  { id: 'A047', states: 'Its example: fifty customers.', shownBy: 'economics' },
  { id: 'A048', states: 'With automation, each further customer costs less.', shownBy: 'economics' },
  { id: 'A049', states: 'So partners like managed services.', shownBy: 'economics' },
  { id: 'A050', states: 'First step: a licence, sold once.', shownBy: 'economics' },
  { id: 'A051', states: 'Second step: its deployment too.', shownBy: 'economics' },
  { id: 'A052', states: 'Third step: a monthly package.', shownBy: 'economics' },
  { id: 'A053', states: 'Fourth step: it lasts, and others can have the same.', shownBy: 'economics' },
  { id: 'A054', states: 'Partners climb these steps.', shownBy: 'economics' },
  {
    id: 'A055',
    states: 'What the customer has of it grows from uncertain to continuous.',
    shownBy: [
      column('evidence_packs', 'impactReports'),
      column('evidence_packs', 'outcomesMet'),
      column('engagements', 'firstValueAt'),
    ],
  },
  { id: 'A056', states: 'Packages by outcome serve all three.', shownBy: 'dashboard' },
];

/** A057 to A063: what goes wrong. */
const failures: readonly Statement[] = [
  {
    id: 'A057',
    states: 'Tools are sold, and nobody uses them.',
    shownBy: ['P1.1', 'P1.2', 'P1.3', 'P1.4', 'P1.5', 'P1.6'].map(rule),
  },
  {
    id: 'A058',
    states: 'Each delivery is made anew, and earns nothing.',
    shownBy: ['P2.1', 'P2.2', 'P2.3', 'P2.4', 'P2.5', 'P2.6'].map(rule),
  },
  { id: 'A059', states: 'Sales promise what delivery can not do.', shownBy: [rule('P3.6')] },
  {
    id: 'A060',
    states: 'Delivery does not know what sales know.',
    shownBy: ['P3.1', 'P3.2', 'P3.3', 'P3.4', 'P3.5', 'P3.7'].map(rule),
  },
  {
    id: 'A061',
    states: 'Nobody can show what it was good for, and the renewal is a fight.',
    shownBy: ['P4.1', 'P4.2', 'P4.3', 'P4.4', 'P4.5', 'P4.6', 'P4.7'].map(rule),
  },
  {
    id: 'A062',
    states: 'Nobody asked how the customer buys, and the deal stops.',
    shownBy: ['P5.1', 'P5.2', 'P5.3', 'P5.4', 'P5.5', 'P5.6', 'P5.7', 'P5.8', 'P5.9'].map(rule),
  },
  {
    id: 'A063',
    states: 'Who sees it early can still mend it.',
    shownBy: [column('flags', 'leadDaysAtRaising'), column('flags', 'clearedAt'), column('deadlines', 'dueAt')],
  },
];

/** A064 to A069: what goes well. */
const healthy: readonly Statement[] = [
  {
    id: 'A064',
    states: 'Handoffs are clear, and written down.',
    shownBy: [column('healthy_scores', 'h1'), column('handoffs', 'expectations'), column('handoffs', 'contextRef')],
  },
  { id: 'A065', states: 'The customer’s goals come first.', shownBy: [column('healthy_scores', 'h2')] },
  {
    id: 'A066',
    states: 'One bundle serves many customers.',
    shownBy: [column('healthy_scores', 'h3'), fact('DeliveryStarted', ({ data }) => data.templateRef !== undefined)],
  },
  {
    id: 'A067',
    states: 'Reports prove it, again and again.',
    shownBy: [column('healthy_scores', 'h4'), column('report_cadence', 'onTime')],
  },
  { id: 'A068', states: 'The business can live of it, and grow.', shownBy: 'economics' },
  {
    id: 'A069',
    states: 'Where all of this holds, all three gain.',
    shownBy: [column('healthy_scores', 'composite'), column('healthy_scores', 'coverage')],
  },
];

export const results: readonly Statement[] = [...economics, ...failures, ...healthy];
