// Does a policy name only thresholds that rules have?
import { thresholdsSchema } from '../../domain/patterns/catalog.ts';
import { type Fact, type Issue, issuesOf } from '../../events/catalog.ts';

/** The issues of a PolicyPublished: thresholds that no rule has, or values that the rule does not accept. Empty for other facts. */
export const thresholdProblems = (fact: Fact): readonly Issue[] => {
  if (fact.type !== 'PolicyPublished') return [];
  const parsed = thresholdsSchema().safeParse(fact.data.thresholds);
  if (parsed.success) return [];
  return issuesOf(parsed.error, fact.data.thresholds).map((issue) => ({
    ...issue,
    path: ['data.thresholds', issue.path].filter(Boolean).join('.'),
  }));
};
