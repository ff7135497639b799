// Which shape has the answer of a long question: what differs between two dates, and how far a run is?
import * as z from 'zod';
import { changeReasons } from '../../domain/changes/eventChanges.ts';
import { catalog, eventTypes } from '../../events/catalog.ts';
import { Route } from '../../events/fields.ts';
import { Instant } from '../../events/instant.ts';
import { statuses } from '../answer/runAnswer.ts';
import { tablesOfEngagement } from '../query/engagementReader.ts';
import { cursor, every, unreadable } from './answers.ts';

const Cells = z.record(z.string(), z.unknown());

const ChangedBy = z.strictObject({
  eventId: z.string().describe('The event that stands at one date and not at the other.'),
  type: z.enum(eventTypes).describe('Its type.'),
  occurredAt: Instant.describe('When it happened.'),
  change: z.enum(['began', 'ended']).describe('Whether it stands at the later date, or stood at the earlier one.'),
  why: z
    .enum(changeReasons)
    .describe(
      'occurred: it happened between the dates. tookEffect: it had been said before, for an instant between them. late: it had happened before, and was recorded between them. corrected, retracted, judged: what was said of it between them.',
    ),
  by: z
    .string()
    .nullable()
    .describe('The event that replaced it, took it back or judged it; null where it began itself.'),
  cited: z.boolean().describe('Whether the row itself names the event.'),
});

const Changed = z.strictObject({
  engagementId: z.string().describe('The engagement.'),
  table: z.enum(tablesOfEngagement).describe('The table of the row.'),
  rowKey: z.string().describe('The key of the row.'),
  change: z.enum(['added', 'removed', 'changed']).describe('What became of the row.'),
  columns: z
    .record(z.string(), z.strictObject({ from: z.unknown(), to: z.unknown() }))
    .describe('Of a changed row each column that differs, as it was and as it is.'),
  row: Cells.nullable().describe('The row that was added or removed; null where it changed.'),
  events: z
    .array(ChangedBy)
    .describe(
      'The events of the engagement and its context that differ, those first that the row names; at most 20. A partner is told of an event of the context (a party, an offer, the policy, a link) only where the row names it.',
    ),
  moreEvents: z.int().min(0).describe('How many more there are.'),
  byTime: z
    .boolean()
    .describe(
      'Whether the time alone changed the row: had nothing happened between the dates, it would have changed just so. Then `events` names only what had been announced for that time. Of a row that events changed, a partner may be told of none: they may stand beside its engagement.',
    ),
});

export const Changes = z.strictObject({
  items: z.array(Changed),
  cursor,
  from: Instant.describe('The earlier date.'),
  to: Instant.describe('The later date.'),
  clock: z.enum(['occurred', 'recorded']).describe('The clock of both dates.'),
  computedWith: z.string().describe('The code and the events that the rows were computed with.'),
  unreadable,
  ...every,
});

const Score = z.strictObject({
  episodes: z.int().min(0).describe('Flags of the window that were followed for 180 days.'),
  hits: z.int().min(0).describe('How many of them a loss followed within 1 to 180 days.'),
  losses: z.int().min(0).describe('Losses of the window.'),
  foreseen: z.int().min(0).describe('How many of them a flag preceded by 1 to 180 days.'),
  precision: z.number().nullable().describe('hits / episodes.'),
  precisionReason: z.enum(['notScored', 'noEpisodes']).nullable().describe('Why there is no precision.'),
  recall: z.number().nullable().describe('foreseen / losses.'),
  recallReason: z.enum(['noLosses']).nullable().describe('Why there is no recall.'),
  raised: z.int().min(0).describe('Flags of the window, however long they were followed.'),
  dismissed: z.int().min(0).describe('How many of them the vendor dismissed.'),
  acceptance: z.number().nullable().describe('(raised − dismissed) / raised.'),
  acceptanceReason: z.enum(['noEpisodes']).nullable().describe('Why there is no acceptance.'),
});

const run = {
  run: z.string().describe('The id of the run.'),
  status: z.enum(statuses).describe('Whether its result is there.'),
  problem: z.string().nullable().describe('Why the run failed; null where it did not.'),
  question: z.looseObject({ ask: z.enum(['rows', 'changes', 'whatIf', 'suggestions']) }).describe('What was asked.'),
  startedAt: Instant.describe('When it was asked; the answer is as of then.'),
  expiresAt: Instant.describe('When the run and its result are deleted.'),
  progress: z.strictObject({
    of: z.int().min(0).nullable().describe('How many streams must be folded; null until all are listed.'),
    done: z.int().min(0).describe('How many are folded.'),
    items: z.int().min(0).describe('How many items they gave.'),
  }),
  unreadable: z.array(z.string()).describe('The ids of what could not be read; it is in no item.'),
  failed: z
    .array(
      z.strictObject({
        id: z.string().describe('The id of what could not be folded.'),
        reason: z.string().describe('Why, as its last try says.'),
      }),
    )
    .describe('What could not be folded for another reason, in spite of several tries; it is in no item.'),
};

const Suggestion = z.strictObject({
  rule: z.literal('P5.5').describe('The rule whose threshold it is.'),
  threshold: Route.describe('The threshold: the route whose purchases were looked at.'),
  days: z.number().describe('The days that the policy in force gives it.'),
  suggestedDays: z
    .int()
    .min(1)
    .nullable()
    .describe('The days within which nine of ten purchases were fulfilled, rounded up; null with its reason.'),
  reason: z.enum(['tooFew']).nullable().describe('Why nothing is suggested: fewer purchases than `leastPurchases`.'),
  purchases: z
    .int()
    .min(0)
    .describe('The sample: fulfilled purchases on that route, in the days that the rule measures.'),
  engagements: z.int().min(0).describe('The engagements that the sample is of.'),
  leastPurchases: z.int().describe('With fewer purchases nothing is suggested.'),
  publish: z
    .strictObject({ type: z.literal('PolicyPublished'), data: catalog.PolicyPublished.data })
    .nullable()
    .describe(
      'The body of the `POST /v1/facts` by which a person sets it: the policy in force, with these days. Nothing sets itself.',
    ),
  publishReason: z
    .enum(['tooFew', 'policyScheduled'])
    .nullable()
    .describe(
      'Why there is none. policyScheduled: a later policy is published for a later day, which this one would keep from ever holding.',
    ),
});

export const Suggestions = z.strictObject({
  items: z.array(Suggestion),
  cursor,
  unreadable,
  ...every,
});

export const RunBegun = z.strictObject({
  ...run,
  place: z.string().describe('Where its progress and result are.'),
  ...every,
});

export const RunAnswer = z.strictObject({
  ...run,
  scores: z
    .array(z.strictObject({ rule: z.string(), title: z.string(), is: Score, wouldBe: Score }))
    .optional()
    .describe('Of a what-if that is done: how well each rule foretold losses, as it is and as it would be.'),
  items: z
    .array(Cells)
    .optional()
    .describe(
      'Once the run is done: rows of the table, changes as /v1/changes gives them, the flags (`kind` flag) and losses (`kind` loss) of a what-if, or suggestions as /v1/suggestions gives them.',
    ),
  cursor,
  ...every,
});
