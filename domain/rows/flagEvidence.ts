// What proves each flag, one proof a row?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { turnsOfVerdicts } from '../patterns/evaluate.ts';
import type { Evidence } from '../patterns/pattern.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { flagIdOf, raisedOf } from './flags.ts';
import { padded } from './row.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    flagId: z.string().describe('The flag (table `flags`).'),
    ordinal: z.int().min(1).describe("The proof's number in the flag, from 1."),
    rule: z.string().describe('The rule that found the flag.'),
    kind: z.enum(['event', 'silence', 'value']).describe('Something happened, did not happen, or was measured.'),
    eventId: z
      .string()
      .nullable()
      .describe('The event that shows it; for a silence, the one that made the awaited event necessary.'),
    type: z.string().nullable().describe('The type of the event that happened, or that did not come.'),
    from: At.nullable().describe('When it happened, or when the silence began.'),
    until: At.nullable().describe('When the awaited event was due.'),
    says: z.string().nullable().describe('What it shows, in words.'),
    measure: z.string().nullable().describe('What is measured.'),
    value: z.union([z.number(), z.string()]).nullable().describe('The measure.'),
    threshold: z.union([z.number(), z.string()]).nullable().describe('What the measure is compared with.'),
  }),
});

type Proof = Pick<
  Columns<typeof columns>,
  'kind' | 'eventId' | 'type' | 'from' | 'until' | 'says' | 'measure' | 'value' | 'threshold'
>;

const nothing = {
  ...{ eventId: null, type: null, from: null, until: null, says: null },
  ...{ measure: null, value: null, threshold: null },
};

const proofOf = (evidence: Evidence): Proof => {
  switch (evidence.kind) {
    case 'event': {
      const { kind, eventId, type, occurredAt, says } = evidence;
      return { ...nothing, kind, eventId, type, from: occurredAt, says };
    }
    case 'silence': {
      const { kind, armedBy, of, from, until, says } = evidence;
      return { ...nothing, kind, eventId: armedBy, type: of, from, until, says };
    }
    case 'value': {
      const { kind, name, value, threshold } = evidence;
      return { ...nothing, kind, measure: name, value, threshold };
    }
    default:
      return evidence satisfies never;
  }
};

const evidenceRows = (rowContext: RowContext) =>
  raisedOf(rowContext.verdicts).flatMap((verdict) => {
    const flagId = flagIdOf(rowContext.engagement.engagementId, verdict);
    return verdict.evidence.map((evidence, index) => {
      const proof = proofOf(evidence);
      const cells: Columns<typeof columns> = {
        ...carried(rowContext, proof.eventId ?? verdict.openedBy.eventId),
        ledBy: ledByAt(rowContext, verdict.raisedAt),
        ...{ flagId, ordinal: index + 1, rule: verdict.rule },
        ...proof,
      };
      return { key: { engagementId: cells.engagementId, flagId, ordinal: padded(index + 1) }, columns: cells };
    });
  });

export const flagEvidence = defineTable({
  name: 'flag_evidence',
  describes: 'One proof of a flag: an event, a silence between two instants, or a measure and its threshold.',
  grain: 'engagement',
  key: ['engagementId', 'flagId', 'ordinal'],
  columns,
  indexes: [byLeadPartner],
  rows: evidenceRows,
  turns: ({ verdicts }) => turnsOfVerdicts(verdicts),
});
