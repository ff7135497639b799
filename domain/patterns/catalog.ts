// Which failure patterns and rules are there, and which thresholds may a policy set?

import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { customEveryTime } from './customEveryTime.ts';
import { ignoredRoutes } from './ignoredRoutes.ts';
import { noEvidenceOfValue } from './noEvidenceOfValue.ts';
import type { BoundRule, Pattern } from './pattern.ts';
import { toolsInsteadOfOutcomes } from './toolsInsteadOfOutcomes.ts';
import { unclearHandoffs } from './unclearHandoffs.ts';

/** The failure patterns, each with its rules. */
const catalog = [toolsInsteadOfOutcomes, customEveryTime, unclearHandoffs, noEvidenceOfValue, ignoredRoutes] as const;

export type PatternName = (typeof catalog)[number]['name'];
export const patterns: readonly Pattern<PatternName>[] = catalog;
export const patternNames: readonly PatternName[] = patterns.map(({ name }) => name);

/** A rule with the name of the pattern that it finds. */
export interface CatalogedRule extends BoundRule {
  readonly pattern: PatternName;
}

/** Every rule of every pattern, in catalog order. */
export const rules: readonly CatalogedRule[] = patterns.flatMap(({ name, rules: bound }) =>
  bound.map((rule) => ({ ...rule, pattern: name })),
);

/** The rule of an id such as `P1.3`; undefined if there is none. */
export const ruleOf = (id: string): CatalogedRule | undefined => rules.find((rule) => rule.id === id);

/**
 * What a PolicyPublished may say in `thresholds`: by rule id, any of that rule's own thresholds. Unknown rules, unknown
 * thresholds and values out of bounds are issues with their paths.
 */
export const thresholdsSchema = builtOnce(() =>
  z.strictObject(Object.fromEntries(rules.map(({ id, thresholds }) => [id, thresholds.partial().strict().optional()]))),
);
