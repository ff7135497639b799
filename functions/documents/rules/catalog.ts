// What does a person read about each rule of the catalog?
import { customEveryTime } from './customEveryTime.ts';
import { ignoredRoutes } from './ignoredRoutes.ts';
import { noEvidenceOfValue } from './noEvidenceOfValue.ts';
import type { RuleTexts } from './ruleText.ts';
import { toolsInsteadOfOutcomes } from './toolsInsteadOfOutcomes.ts';
import { unclearHandoffs } from './unclearHandoffs.ts';

export const ruleTexts: RuleTexts = {
  ...toolsInsteadOfOutcomes,
  ...customEveryTime,
  ...unclearHandoffs,
  ...noEvidenceOfValue,
  ...ignoredRoutes,
};
