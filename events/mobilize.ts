// Which facts does Mobilize record about the organisations of the channel and its campaigns?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forParties } from './audience.ts';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { Country, Id, PartyRole, PersonRef, Ref } from './fields.ts';
import { CalendarDate, Instant } from './instant.ts';
import { Currency, Price } from './money.ts';

const Asset = z.strictObject({
  kind: z.enum(['play', 'price_calculator', 'roi_tool', 'content']).describe('What the asset is.'),
  ref: Ref.describe('Where it is kept.'),
});

export const mobilizeEvents = {
  PartyRegistered: define({
    version: 1,
    streams: ['party'],
    saidBy: ['vendor', 'system'],
    because: 'Roles and tiers of the channel are given by the vendor, not taken.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            party: Reference.describe('The organisation, as its system names it.'),
            roles: z.array(PartyRole).min(1).max(8).describe('The roles that it plays in the channel.'),
            country: Country.optional(),
          }),
          ...forParties(['party'], {
            nameRef: Ref.optional().describe('Where its name is kept.'),
            currency: Currency.optional().describe('The currency that it reports in, ISO 4217.'),
            calendarId: Id.optional().describe('The id of its calendar of holidays in the policy.'),
            tier: Id.optional().describe("Its tier in the vendor's programme."),
          }),
        })
        .describe('An organisation joins the channel, or its registration changes.'),
  }),
  PartyRolesChanged: define({
    version: 1,
    streams: ['party'],
    saidBy: ['vendor', 'system'],
    because: 'Roles of the channel are given by the vendor, not taken.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            party: Reference.describe('The organisation, as its system names it.'),
            roles: z.array(PartyRole).min(1).max(8).describe('The roles that it plays from then on: all of them.'),
            effectiveFrom: Instant.optional().describe('When they begin; absent: when it occurred.'),
          }),
        )
        .describe('An organisation plays other roles in the channel from then on.'),
  }),
  PartyNamed: define({
    version: 1,
    streams: ['party'],
    saidBy: [],
    because: 'It follows from facts that name an organisation.',
    data: () =>
      z
        .strictObject(forEveryone({ party: Reference.describe('The organisation, as the facts name it.') }))
        .describe('Facts name an organisation. The pipeline records this once for each reference.'),
  }),
  CampaignLaunched: define({
    version: 1,
    streams: ['campaign'],
    saidBy: everyone,
    because:
      "Whoever runs a campaign launches it. The system of a partner launches only campaigns of that partner alone, without the vendor's funds; a partner's people record on engagements alone.",
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            campaignId: Id.describe('The campaign; it names the stream.'),
            kind: z.enum(['joint_marketing', 'enablement', 'sales_play']).describe('What the campaign is.'),
            offerIds: z.array(Id).max(100).default([]).describe('The offers that it is for.'),
            start: CalendarDate.optional().describe('Its first day.'),
            end: CalendarDate.optional().describe('Its last day.'),
          }),
          ...forParties(['partners'], {
            partners: z.array(Reference).max(500).default([]).describe('The partners that take part in it.'),
            budget: Price.optional().describe('What it may cost.'),
            vendorFunded: Price.optional().describe("The vendor's part of the budget."),
            assets: z.array(Asset).max(200).default([]).describe('What it gives partners to sell with.'),
          }),
        })
        .describe('A campaign that activates partners for offers is launched.'),
  }),
  EnablementCompleted: define({
    version: 1,
    streams: ['campaign'],
    saidBy: everyone,
    because:
      'Whoever runs a campaign knows who was enabled by it; the system of a partner only of campaigns of its own.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            campaignId: Id.describe('The campaign; it names the stream.'),
          }),
          ...forParties(['partner'], {
            partner: Reference.describe('The partner whose person was enabled.'),
            personRef: PersonRef.optional().describe('A reference to the person who was enabled.'),
            subject: Id.describe('What it was about, as a code.'),
            result: Id.optional().describe('How it ended, as a code such as passed.'),
          }),
        })
        .describe('A person of a partner completes an enablement of the campaign.'),
  }),
  CampaignClosed: define({
    version: 1,
    streams: ['campaign'],
    saidBy: everyone,
    because: 'Whoever runs a campaign closes it; the system of a partner only campaigns of its own.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            campaignId: Id.describe('The campaign; it names the stream.'),
            reason: Ref.optional().describe('Why: a code, or a reference to the text.'),
          }),
        )
        .describe('A campaign ends.'),
  }),
};
