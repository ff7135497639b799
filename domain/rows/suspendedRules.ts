// What can a rule not judge, because nobody listened or nobody measured, and in how many engagements?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { patternNames } from '../patterns/catalog.ts';
import { suspendedReasons } from '../patterns/pattern.ts';
import { carriedByGroup } from './commonColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

export const suspendedRules = defineTable({
  name: 'suspended_rules',
  describes: 'One rule that is suspended for one reason: in how many engagements, and how often.',
  grain: 'group',
  key: ['rule', 'suspended'],
  columns: () =>
    forEveryone({
      ...carriedByGroup(),
      leadPartnerId: z.null().describe('Always null: the vendor alone sees counts over all partners.'),
      rule: z.string().describe('The rule, such as P1.3.'),
      pattern: z.enum(patternNames).describe('The failure pattern that the rule belongs to.'),
      title: z.string().describe('What the rule finds, in words.'),
      suspended: z
        .enum(suspendedReasons)
        .describe(
          'Why. notObserved: the need arose before anybody recorded what would answer it. notMeasured: what the rule looks at was never measured. sourceQuiet: a connection that may say what would answer it is silent.',
        ),
      engagements: z.int().min(1).describe('The engagements that last and in which the rule is suspended so.'),
      verdicts: z
        .int()
        .min(1)
        .describe('What is suspended in them: an engagement may have several wins, handoffs or subscriptions.'),
    }),
  indexes: [byLeadPartner],
});
