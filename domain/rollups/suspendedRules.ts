// In how many engagements of a tenant is a rule suspended, and why?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { ruleOf } from '../patterns/catalog.ts';
import { suspendedReasons } from '../patterns/pattern.ts';
import { deadlines } from '../rows/deadlines.ts';
import { suspendedRules as table } from '../rows/suspendedRules.ts';
import { defineRollup } from './rollup.ts';

/** What is suspended of a rule in one engagement, by reason. */
const FedCounts = builtOnce(() => z.partialRecord(z.enum(suspendedReasons), z.int().min(1)));
type FedCounts = z.output<ReturnType<typeof FedCounts>>;

const countsOf = (reasons: readonly (typeof suspendedReasons)[number][]): FedCounts =>
  Object.fromEntries(
    suspendedReasons.flatMap((reason) => {
      const count = reasons.filter((each) => each === reason).length;
      return count === 0 ? [] : [[reason, count] as const];
    }),
  );

export const suspendedRules = defineRollup({
  name: 'suspended_rules',
  describes:
    'A rule: in how many engagements it is suspended, because nobody listened, nothing was measured, or a connection is silent.',
  over: deadlines,
  writes: table,
  buckets: 16,
  data: FedCounts,
  contribute: (rows) => {
    const suspended = rows.flatMap(({ columns: { engagementId, rule, suspended: reason } }) =>
      reason === null ? [] : [{ engagementId, rule, reason }],
    );
    return [...Map.groupBy(suspended, ({ rule }) => rule)].flatMap(([rule, own]) => {
      const [first] = own;
      if (first === undefined) return [];
      const data = countsOf(own.map(({ reason }) => reason));
      return [{ group: rule, part: 'suspended', spreadBy: first.engagementId, data }];
    });
  },
  rowsOf: ({ group, fed }) => {
    const once = [...new Map(fed.map(({ owner, data }) => [owner, data])).values()];
    const rule = ruleOf(group);
    // A rule that this release does not have any more counts nothing.
    if (rule === undefined) return { rows: [], nextDueAt: undefined };
    const rows = suspendedReasons.flatMap((suspended) => {
      const counts = once.flatMap((data) => data[suspended] ?? []);
      if (counts.length === 0) return [];
      const { id, pattern, title } = rule;
      const row = table.row({
        key: { rule: id, suspended },
        columns: {
          ...{ lastEventId: null, policyVersion: null, leadPartnerId: null },
          ...{ rule: id, pattern, title, suspended },
          ...{ engagements: counts.length, verdicts: counts.reduce((sum, count) => sum + count, 0) },
        },
      });
      return [row];
    });
    return { rows, nextDueAt: undefined };
  },
});
