// Which rules judge a partner across the engagements that it led?
import { everyOneDifferent } from './everyOneDifferent.ts';
import { marginLeak } from './marginLeak.ts';
import { offCatalogue } from './offCatalogue.ts';
import { type BoundPartnerRule, bindPartnerRule } from './partnerRule.ts';

/** Every rule on partners. All of them find custom work. */
export const partnerRules: readonly BoundPartnerRule[] = [
  bindPartnerRule(everyOneDifferent),
  bindPartnerRule(marginLeak),
  bindPartnerRule(offCatalogue),
];

/** The pattern that they find. */
export const partnerPattern = 'customEveryTime' as const;
