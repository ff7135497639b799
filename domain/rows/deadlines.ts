// What do rules still wait for in an engagement, and until when?
import * as z from 'zod';
import { forEveryone, forVendor } from '../../events/audience.ts';
import { uuidOf } from '../../events/identifiers.ts';
import { patternNames } from '../patterns/catalog.ts';
import { type RuledVerdict, turnsOfVerdicts } from '../patterns/evaluate.ts';
import { suspendedReasons } from '../patterns/pattern.ts';
import { At, carriedByEngagement } from './commonColumns.ts';
import { carried, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    rule: z.string().describe('The rule that waits, such as P1.3.'),
    pattern: z.enum(patternNames).describe('The failure pattern that the rule belongs to.'),
    title: z.string().describe('What the rule finds, in words.'),
    subject: z.string().describe('The part of the engagement that the rule is about.'),
    armedBy: z.string().describe('The event that armed the rule.'),
    armedAt: At.describe('When that event occurred.'),
    dueAt: At.nullable().describe(
      'When it must have happened; five minutes later the rule raises a flag. Null while it is suspended.',
    ),
    waitsFor: z.string().nullable().describe('What must happen by `dueAt`; null while the rule is suspended.'),
    state: z
      .enum(['armed', 'suspended'])
      .describe('armed: the time runs. suspended: nobody knows whether what the rule waits for came.'),
    suspended: z
      .enum(suspendedReasons)
      .nullable()
      .describe(
        'Why the rule is suspended; null while it is armed. notObserved: the need arose before anybody recorded what would answer it. notMeasured: what the rule looks at was never measured. sourceQuiet: a connection that may say what would answer it is silent.',
      ),
    because: z.string().nullable().describe('Why the rule is suspended, in words; null while it is armed.'),
  }),
  ...forVendor({
    connectionId: z
      .string()
      .nullable()
      .describe('The silent connection, where that is why the rule is suspended; else null.'),
  }),
});

const waiting = (
  verdict: Exclude<RuledVerdict, { readonly state: 'raised' }>,
): Pick<Columns<typeof columns>, 'dueAt' | 'waitsFor' | 'suspended' | 'connectionId' | 'because'> => {
  switch (verdict.state) {
    case 'armed':
      return { dueAt: verdict.dueAt, waitsFor: verdict.waitsFor, suspended: null, connectionId: null, because: null };
    case 'suspended':
      return {
        ...{ dueAt: null, waitsFor: null, suspended: verdict.reason },
        ...{ connectionId: verdict.connectionId ?? null, because: verdict.because },
      };
    default:
      return verdict satisfies never;
  }
};

/** The rows of `deadlines`: the verdicts that are armed or suspended. */
const deadlineRows = (rowContext: RowContext) =>
  rowContext.verdicts.flatMap((verdict) => {
    if (verdict.state === 'raised') return [];
    const { rule, pattern, title, subject, openedBy, state, policy } = verdict;
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, openedBy.eventId),
      policyVersion: policy.version,
      rule,
      pattern,
      title,
      subject,
      armedBy: openedBy.eventId,
      armedAt: openedBy.occurredAt,
      ...waiting(verdict),
      state,
    };
    const { engagementId } = cells;
    // As short as a flag's: the head holds the key of each row, and an import may leave thousands suspended.
    const deadlineId = uuidOf('deadline', rule, engagementId, subject, openedBy.factId);
    return [{ key: { engagementId, rule, deadlineId }, columns: cells }];
  });

export const deadlines = defineTable({
  name: 'deadlines',
  describes: 'One thing that must happen by an instant; otherwise a rule raises a flag.',
  grain: 'engagement',
  key: ['engagementId', 'rule', 'deadlineId'],
  columns,
  indexes: [
    byLeadPartner,
    // Once a connection is heard again, what was suspended by its silence is judged again. This index finds it.
    { name: 'byConnection', columns: ['connectionId'], readBy: 'pipeline' },
  ],
  rows: deadlineRows,
  turns: ({ verdicts }) => turnsOfVerdicts(verdicts),
});
