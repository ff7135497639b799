// What is said in Deliver? Work starts, deviates, is logged and reaches its milestones.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { define, everyone } from './definition.ts';
import { Id, Minutes, Ref } from './fields.ts';
import { Instant } from './instant.ts';

export const deliverEvents = {
  DeliveryStarted: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      templateRef: Ref.optional(),
      templateVersion: Id.optional(),
      plannedMinutes: Minutes.optional(),
      plannedGoLive: Instant.optional(),
      configFingerprint: Id.optional(),
    }),
  }),
  DeviationRecorded: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      kind: z.enum(['customisation', 'scope_gap']),
      commitmentId: Id.optional(),
      minutes: Minutes.optional(),
      reason: Ref.optional(),
      approvedBy: Ref.optional(),
    }),
  }),
  MilestoneReached: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      milestone: z.enum([
        'implemented',
        'automation_configured',
        'governance_established',
        'users_onboarded',
        'go_live',
        'first_value',
      ]),
    }),
  }),
  WorkLogged: define({
    version: 1,
    streams: ['engagement'],
    saidBy: everyone,
    data: z.strictObject({
      workId: Id,
      category: z.enum(['presales', 'implementation', 'managed', 'support', 'internal']),
      minutes: Minutes,
      billable: z.boolean().optional(),
      personRef: Ref.optional(),
    }),
  }),
};
