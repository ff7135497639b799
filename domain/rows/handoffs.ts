// How were an engagement's handoffs offered and answered?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import type { Instant } from '../../events/instant.ts';
import { Stage } from '../../events/stage.ts';
import { acceptedAt, type Handoff, handoffParts, missingParts, offeredAt } from '../engagement/handoffs.ts';
import { turnsOfVerdicts } from '../patterns/evaluate.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { seenBy, seenByColumn } from './seenBy.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

/** What every handoff says of its offers and answers, of an engagement or of a campaign. */
export const stateColumns = () => ({
  offeredAt: At.nullable().describe('When it was first offered; if only its answer is known, when it was answered.'),
  answeredAt: At.nullable().describe('When it was first answered; null while it is not.'),
  acceptedAt: At.nullable().describe('When it was accepted; null if it was not.'),
  result: z.enum(['offered', 'accepted', 'rejected']).describe('The state of the handoff.'),
  completeness: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      'Share of the three parts (new owner, an expectation, context) that the last offer names; null if no offer is known.',
    ),
  missing: z.array(z.enum(handoffParts)).describe('The parts that the last offer lacks.'),
  expectations: z.int().min(0).describe('How many expectations the last offer names.'),
  firstDue: At.nullable().describe('When the first of these expectations is to be met; null if none says when.'),
  acceptBy: At.nullable().describe('The instant by which the last offer is to be answered; null if it names none.'),
  rejections: z.int().min(0).describe('How often an offer of it was rejected.'),
});

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    handoffId: z.string().describe('The id of the handoff, as the facts name it.'),
    fromStage: Stage.describe('The stage that hands over.'),
    toStage: Stage.describe('The stage that takes over.'),
    offerEvent: z.string().nullable().describe('The last offer of the handoff; null if only its answer is known.'),
  }),
  ...forVendor({ offerSeenBy: seenByColumn('the owners in the last offer') }),
  ...forSeers(
    { seenBy: 'offerSeenBy', from: 'offerEvent' },
    {
      fromOwner: z.string().nullable().describe('A reference to the owner who hands over, from the last offer.'),
      toOwner: z.string().nullable().describe('A reference to the owner who takes over, from the last offer.'),
      contextRef: z.string().nullable().describe('A reference to the context that the last offer hands over.'),
      contextHash: z.string().nullable().describe('The digest of that context.'),
      openRisks: z.array(z.string()).describe('References to the risks that remain, from the last offer.'),
      escalationPath: z
        .string()
        .nullable()
        .describe('A reference to the text that says whom to contact about a problem.'),
    },
  ),
  ...forEveryone({
    rejectionEvent: z.string().nullable().describe('The last rejection of an offer; null if there was none.'),
  }),
  ...forVendor({ rejectionSeenBy: seenByColumn('what the last rejection misses') }),
  ...forSeers(
    { seenBy: 'rejectionSeenBy', from: 'rejectionEvent' },
    { rejectedFor: z.array(z.string()).describe('References to what the last rejection misses in the offer.') },
  ),
  ...forEveryone({
    ...stateColumns(),
    late: z.boolean().describe('Whether it was offered only after it was due (rule P3.2).'),
    self: z.boolean().describe('Whether the same owner hands over and takes over, as the last offer says.'),
  }),
});

const resultOf = ({ answer }: Handoff): 'offered' | 'accepted' | 'rejected' => {
  switch (answer?.type) {
    case undefined:
      return 'offered';
    case 'HandoffAccepted':
      return 'accepted';
    case 'HandoffRejected':
      return 'rejected';
    default:
      return answer satisfies never;
  }
};

/** The events that cleared flags of rule P3.2: their offers were late. */
const lateEvents = ({ verdicts }: RowContext): ReadonlySet<string | undefined> =>
  new Set(
    verdicts.flatMap((verdict) =>
      verdict.rule === 'P3.2' && verdict.state === 'raised' ? (verdict.cleared?.eventId ?? []) : [],
    ),
  );

const firstDueOf = (offer: Handoff['offers'][number] | undefined): Instant | undefined =>
  offer?.data.expectations.flatMap(({ due }) => due ?? []).sort()[0];

/** Those columns. */
export const stateCells = (handoff: Handoff) => {
  const offer = handoff.offers.at(-1);
  const missing = offer === undefined ? [] : [...missingParts(offer)];
  return {
    offeredAt: offeredAt(handoff) ?? null,
    answeredAt: handoff.answer?.occurredAt ?? null,
    acceptedAt: acceptedAt(handoff) ?? null,
    result: resultOf(handoff),
    completeness: offer === undefined ? null : (handoffParts.length - missing.length) / handoffParts.length,
    missing,
    expectations: offer?.data.expectations.length ?? 0,
    firstDue: firstDueOf(offer) ?? null,
    acceptBy: offer?.data.acceptBy ?? null,
    rejections: handoff.rejections.length,
  };
};

/** The rows of `handoffs`, in the order of each handoff's first fact. */
const handoffRows = (rowContext: RowContext) => {
  const late = lateEvents(rowContext);
  return rowContext.engagement.handoffs.map((handoff) => {
    const offer = handoff.offers.at(-1);
    const rejection = handoff.rejections.at(-1);
    const began = offeredAt(handoff);
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, handoff.answer?.eventId ?? offer?.eventId),
      ledBy: began === undefined ? null : ledByAt(rowContext, began),
      handoffId: handoff.handoffId,
      fromStage: handoff.fromStage,
      toStage: handoff.toStage,
      offerEvent: offer?.eventId ?? null,
      offerSeenBy: seenBy(offer === undefined ? [] : [rowContext.seersOf(offer, 'toOwner')]),
      fromOwner: offer?.data.fromOwner ?? null,
      toOwner: offer?.data.toOwner ?? null,
      contextRef: offer?.data.contextRef ?? null,
      contextHash: offer?.data.contextHash ?? null,
      openRisks: offer?.data.openRisks ?? [],
      escalationPath: offer?.data.escalationPath ?? null,
      rejectionEvent: rejection?.eventId ?? null,
      rejectionSeenBy: seenBy(rejection === undefined ? [] : [rowContext.seersOf(rejection, 'missing')]),
      rejectedFor: rejection?.data.missing ?? [],
      ...stateCells(handoff),
      late: handoff.offers.some(({ eventId }) => late.has(eventId)),
      self: offer?.data.self ?? false,
    };
    return { key: { engagementId: cells.engagementId, handoffId: handoff.handoffId }, columns: cells };
  });
};

export const handoffs = defineTable({
  name: 'handoffs',
  describes: 'One handoff from a stage of an engagement to a later one.',
  grain: 'engagement',
  key: ['engagementId', 'handoffId'],
  columns,
  indexes: [byLeadPartner],
  rows: handoffRows,
  turns: ({ verdicts }) => turnsOfVerdicts(verdicts),
});
