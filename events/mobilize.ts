// What is said in Mobilize? Organisations join the channel, and campaigns activate them.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { define, everyone } from './definition.ts';
import { Reference } from './envelope.ts';
import { Country, Id, Ref } from './fields.ts';
import { CalendarDate } from './instant.ts';
import { Currency, Price } from './money.ts';

export const PartyRole = z.enum(['vendor', 'distributor', 'marketplace', 'isv', 'var', 'msp', 'si', 'customer']);

export const mobilizeEvents = {
  PartyRegistered: define({
    version: 1,
    streams: ['party'],
    saidBy: ['vendor', 'system'],
    data: z.strictObject({
      party: Reference,
      nameRef: Ref.optional(),
      roles: z.array(PartyRole).min(1).max(8),
      country: Country.optional(),
      currency: Currency.optional(),
      calendarId: Id.optional(),
      tier: Id.optional(),
    }),
  }),
  CampaignLaunched: define({
    version: 1,
    streams: ['campaign'],
    saidBy: everyone,
    data: z.strictObject({
      campaignId: Id,
      kind: z.enum(['joint_marketing', 'enablement', 'sales_play']),
      offerIds: z.array(Id).max(100).default([]),
      partners: z.array(Reference).max(500).default([]),
      budget: Price.optional(),
      vendorFunded: Price.optional(),
      assets: z
        .array(z.strictObject({ kind: z.enum(['play', 'price_calculator', 'roi_tool', 'content']), ref: Ref }))
        .max(200)
        .default([]),
      start: CalendarDate.optional(),
      end: CalendarDate.optional(),
    }),
  }),
};
