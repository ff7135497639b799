// Where does a partner fail across its engagements, since when, on what evidence, and what would clear the flag?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { patternNames } from '../patterns/catalog.ts';
import { severities } from '../patterns/pattern.ts';
import { At, ledBy, PartnerName, PartyId } from './commonColumns.ts';
import { dismissalColumns, statusColumn } from './flagColumns.ts';
import { byLeadPartner, defineTable } from './table.ts';

const evidence = () =>
  z.discriminatedUnion('kind', [
    z.strictObject(
      forEveryone({
        kind: z.literal('event').describe('Something happened in one of its engagements.'),
        engagementId: z.string().describe('The engagement.'),
        eventId: z.string().describe('The event that shows it.'),
        type: z.string().describe('Its type.'),
        occurredAt: At.describe('When it happened.'),
        says: z.string().describe('What it shows, in words.'),
      }),
    ),
    z.strictObject(
      forEveryone({
        kind: z.literal('value').describe('A measure and its threshold.'),
        name: z.string().describe('What is measured.'),
        value: z.number().describe('The measure.'),
        threshold: z.number().describe('What the measure is compared with.'),
      }),
    ),
  ]);

export const partnerFlags = defineTable({
  name: 'partner_flags',
  describes: 'One episode of a failure pattern of a partner, across the engagements that it led, with its evidence.',
  grain: 'group',
  key: ['partnerId', 'flagId'],
  columns: () => ({
    ...forEveryone({
      partnerId: PartyId.describe('The partner: who led when the deals were won, or their deliveries started.'),
      partner: PartnerName,
      leadPartnerId: PartyId.describe('The partner, so that it sees its own rows.'),
      leadPartner: PartnerName,
      lastEventId: z.string().describe('The event that raised the flag, or cleared it.'),
      policyVersion: z
        .int()
        .describe('The version of the policy in force when it was opened; 0 means the built-in defaults.'),
      ledBy,
      flagId: z.string().describe('The id of the episode. Every computation of the episode gives the same id.'),
      rule: z.string().describe('The rule that found it, such as P2.4.'),
      pattern: z.enum(patternNames).describe('The failure pattern that the rule belongs to.'),
      title: z.string().describe('What the rule finds, in words.'),
      subject: z
        .string()
        .describe("The part of the partner's business that it is about: an offer, its deliveries or its wins."),
      ruleSeverity: z.enum(severities).describe('How much it matters by its rule, from info to critical.'),
      severity: z
        .enum(severities)
        .describe('The same: no revenue of a single engagement is at risk by which it could be more severe.'),
      status: statusColumn(),
      openPattern: z
        .enum(patternNames)
        .nullable()
        .describe('The pattern while the flag is open; null while it is dismissed, and once it is cleared.'),
      openedByEvent: z.string().describe('The event that opened the episode: a win, or a go-live.'),
      dueAt: z.null().describe('Always null: these rules wait for nothing.'),
      raisedAt: At.describe('When the flag was raised.'),
      clearedAt: At.nullable().describe('When it was cleared; null while open.'),
      clearReason: z.string().nullable().describe('Why it was cleared; null while open.'),
      claim: z.null().describe('Always null.'),
      clearedByEvent: z.string().nullable().describe('The event that cleared it; null while open.'),
      clearedByEngagement: z
        .string()
        .nullable()
        .describe('The engagement of that event; null while open, or if a version of an offer cleared it.'),
      evidence: z
        .array(evidence())
        .describe('What proves it: what happened in which engagements, measures and their thresholds.'),
      clearsWhen: z.string().describe('What would clear it, in words.'),
      nextStep: z.string().describe('What to do next, in words.'),
    }),
    ...dismissalColumns(),
  }),
  indexes: [
    byLeadPartner,
    { name: 'openByPattern', columns: ['openPattern'] },
    { name: 'byFlag', columns: ['flagId'] },
  ],
});
