// How healthy are the engagements that a partner leads, how many could be judged, and which flags are open in them?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { severities } from '../patterns/pattern.ts';
import { elementNames, healthyParts } from '../scores/healthyParts.ts';
import { valueStates } from '../scores/valueState.ts';
import { carriedByGroup, PartnerName, PartyId } from './commonColumns.ts';
import { healthyColumns, Score } from './healthyColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

export const partnerHealth = defineTable({
  name: 'partner_health',
  describes:
    'A partner: the healthy elements H1 to H4 over the engagements that it leads now, how many could be judged, and their open flags.',
  grain: 'group',
  key: ['partnerId'],
  columns: () =>
    forEveryone({
      ...carriedByGroup(),
      partnerId: PartyId.describe('The partner that leads the engagements now.'),
      partner: PartnerName,
      leadPartnerId: PartyId.describe('The partner, so that it sees its own rows.'),
      leadPartner: PartnerName,
      engagements: z.int().min(0).describe('The engagements that it leads and in which anything counts.'),
      judged: z.int().min(0).describe('Those of them that have a composite score of their own.'),
      ...healthyColumns(
        ', 0 to 100, from what all its engagements count together; null where under half of the parts are known.',
      ),
      elements: z
        .array(
          z.strictObject(
            forEveryone({
              element: z.enum(elementNames).describe('The element.'),
              judged: z.int().min(0).describe('The engagements that have a score of their own.'),
              lowest: Score.describe('The lowest of these scores; null if there is none.'),
              lowestOf: z
                .string()
                .nullable()
                .describe('The engagement that has it (of several, the first by its id); null if there is none.'),
            }),
          ),
        )
        .describe('For each element, how many engagements could be judged, and the worst of them.'),
      parts: z
        .array(
          z.strictObject(
            forEveryone({
              part: z.enum(healthyParts).describe('The part.'),
              sum: z.number().describe('What counts for it, over all engagements; see `healthy_scores.parts`.'),
              of: z.number().describe('Of how many.'),
              value: z.number().nullable().describe('What it adds to its element, 0 to 1; null if nothing counts.'),
            }),
          ),
        )
        .describe('The parts of the elements: sums over all engagements, so that none is averaged twice.'),
      openFlags: z.int().min(0).describe('The open flags of these engagements.'),
      flags: z
        .array(
          z.strictObject(
            forEveryone({
              severity: z.enum(severities).describe('The severity by the rule (`flags.ruleSeverity`).'),
              open: z.int().min(0).describe('The open flags of that severity.'),
              engagements: z.int().min(0).describe('The engagements in which one is open.'),
            }),
          ),
        )
        .describe('The open flags by severity. No score takes them in, so that none averages them away.'),
      worstSeverity: z.enum(severities).nullable().describe('The worst of them; null if none is open.'),
      values: z
        .array(
          z.strictObject(
            forEveryone({
              state: z.enum(valueStates).nullable().describe('The value state; null where nothing is known of it.'),
              engagements: z.int().min(0).describe('The engagements in that state.'),
            }),
          ),
        )
        .describe('The value that the customers get, by engagement (`healthy_scores.valueState`).'),
    }),
  indexes: [byLeadPartner],
});
