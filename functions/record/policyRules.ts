// Does a policy name only thresholds that rules have? What doesn't is told before it is recorded.
import { thresholdsSchema } from '../../domain/patterns/catalog.ts';
import { type Fact, type Issue, issuesOf } from '../../events/catalog.ts';

/** The thresholds of a PolicyPublished that no rule knows or whose values it can't take; none for other facts. */
export const thresholdProblems = (fact: Fact): readonly Issue[] => {
  if (fact.type !== 'PolicyPublished') return [];
  const parsed = thresholdsSchema.safeParse(fact.data.thresholds);
  if (parsed.success) return [];
  return issuesOf(parsed.error).map((issue) => ({
    ...issue,
    path: ['data.thresholds', issue.path].filter(Boolean).join('.'),
  }));
};
