// What does a person read about each rule of the catalog?
import { customEveryTime } from './customEveryTime.ts';
import { ignoredRoutes } from './ignoredRoutes.ts';
import { noEvidenceOfValue } from './noEvidenceOfValue.ts';
import type { RuleText, RuleTexts } from './ruleText.ts';
import { toolsInsteadOfOutcomes } from './toolsInsteadOfOutcomes.ts';
import { unclearHandoffs } from './unclearHandoffs.ts';

export const ruleTexts: RuleTexts = {
  ...toolsInsteadOfOutcomes,
  ...customEveryTime,
  ...unclearHandoffs,
  ...noEvidenceOfValue,
  ...ignoredRoutes,
};

/** The text of a rule; throws if nobody wrote it. */
export const ruleTextOf = (id: string): RuleText => {
  const text = ruleTexts[id];
  if (text === undefined) throw new Error(`functions/documents/rules has no text about the rule ${id}`);
  return text;
};
