// Does a policy name only thresholds that rules have, and event types that there are?
import { everyType } from '../../domain/context/policy.ts';
import { thresholdsSchema } from '../../domain/patterns/catalog.ts';
import { definitionOf, type Fact, type Issue, issuesOf } from '../../events/catalog.ts';

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

/** The issues of a PolicyPublished that says since when unknown event types are recorded. Empty for other facts. */
export const observedProblems = (fact: Fact): readonly Issue[] =>
  fact.type !== 'PolicyPublished'
    ? []
    : Object.keys(fact.data.observedFrom ?? {})
        .filter((type) => type !== everyType && definitionOf(type) === undefined)
        .map((type) => ({ path: `data.observedFrom.${type}`, message: `there is no event type ${type}` }));
