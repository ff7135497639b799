// Which failure patterns and rules are there, and which thresholds may a policy set?

import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { customEveryTime } from './customEveryTime.ts';
import { ignoredRoutes } from './ignoredRoutes.ts';
import { noEvidenceOfValue } from './noEvidenceOfValue.ts';
import { partnerPattern, partnerRules } from './partner/catalog.ts';
import type { BoundPartnerRule } from './partner/partnerRule.ts';
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

/** A rule on partners, with the name of the pattern that it finds. Its flags stand in `partner_flags`. */
export interface CatalogedPartnerRule extends BoundPartnerRule {
  readonly pattern: PatternName;
}

/** Every rule on partners. */
export const rulesOnPartners: readonly CatalogedPartnerRule[] = partnerRules.map((rule) => ({
  ...rule,
  pattern: partnerPattern,
}));

/** The ids of all rules, on engagements and on partners. */
export const ruleIds: readonly string[] = [...rules, ...rulesOnPartners].map(({ id }) => id).sort();

/** The rule of an id such as `P1.3`; undefined if there is none. */
export const ruleOf = (id: string): CatalogedRule | undefined => rules.find((rule) => rule.id === id);

const thresholdsOf = (list: readonly (BoundRule | BoundPartnerRule)[]) =>
  z.strictObject(Object.fromEntries(list.map(({ id, thresholds }) => [id, thresholds.partial().strict().optional()])));

/**
 * What a PolicyPublished may say in `thresholds`: by rule id, any of that rule's own thresholds. Unknown rules, unknown
 * thresholds and values out of bounds are issues with their paths.
 */
export const thresholdsSchema = builtOnce(() => thresholdsOf([...rules, ...rulesOnPartners]));

/** The same of the rules on engagements alone. */
export const engagementThresholds = builtOnce(() => thresholdsOf(rules));
