// What proves each flag, piece by piece?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { patternNames } from '../patterns/catalog.ts';
import { At, ledBy, PartyId, partyName } from './commonColumns.ts';
import { type DerivedRow, defineDerivedTable } from './derivedTable.ts';
import { type Cell, padded } from './row.ts';
import type { Columns } from './table.ts';

const kinds = ['event', 'silence', 'value'] as const;

/** Everyone sees all of a flag's evidence who sees the flag, so everyone sees all of these columns. */
const columns = () =>
  forEveryone({
    engagementId: z
      .string()
      .nullable()
      .describe(
        'The engagement of the piece; null if the flag is about a partner and the piece is a measure across engagements.',
      ),
    reference: z
      .string()
      .nullable()
      .describe(
        'The reference that people chose for the engagement; null if none was, or if the flag is about a partner.',
      ),
    leadPartnerId: PartyId.nullable().describe(
      'The lead partner of the engagement now, or the partner that the flag is about; null if there is none.',
    ),
    leadPartner: partyName('That partner'),
    lastEventId: z
      .string()
      .nullable()
      .describe('The event that the piece cites; of a value, the one that opened the episode.'),
    policyVersion: z
      .int()
      .nullable()
      .describe('The version of the policy in force when the flag was opened; 0 means the built-in defaults.'),
    ledBy,
    partnerId: PartyId.nullable().describe(
      'The partner that the flag is about (`partner_flags`); null if it is about an engagement (`flags`).',
    ),
    flagId: z.string().describe('The flag that it proves (`flags.flagId` or `partner_flags.flagId`).'),
    rule: z.string().describe('The rule of the flag, such as P3.1.'),
    pattern: z.enum(patternNames).describe('The failure pattern that the rule belongs to.'),
    ordinal: z.int().min(1).describe('Its place among the evidence of the flag, from 1 on.'),
    kind: z
      .enum(kinds)
      .describe('event: something happened. silence: something did not. value: a measure and its threshold.'),
    eventId: z
      .string()
      .nullable()
      .describe('Of an event: the event. Of a silence: what made the awaited one necessary. Null for a value.'),
    type: z
      .string()
      .nullable()
      .describe('The type of the event that happened, or that did not come; null for a value.'),
    occurredAt: At.nullable().describe('When the event happened; null for the other kinds.'),
    silentFrom: At.nullable().describe('When the silence began; null for the other kinds.'),
    dueAt: At.nullable().describe('When the event was due that did not come; null for the other kinds.'),
    says: z.string().describe('What it shows, in words; of a value, what is measured.'),
    value: z.number().nullable().describe('The measure, where it is a number.'),
    threshold: z.number().nullable().describe('What the measure is compared with, where that is a number.'),
    valueText: z.string().nullable().describe('The measure, where it is no number, such as a route.'),
    thresholdText: z.string().nullable().describe('What it is compared with, where that is no number.'),
  });

type Cells = Readonly<Record<string, Cell>>;

const isCells = (cell: Cell): cell is Cells => typeof cell === 'object' && cell !== null && !Array.isArray(cell);

const number = (cell: Cell = null): number | null => (typeof cell === 'number' ? cell : null);
const text = (cell: Cell = null): string | null => (typeof cell === 'string' ? cell : null);

/** Each kind of piece has fields of its own; the others are null. */
const pieceCells = (piece: Cells) => {
  const { kind, of, type, eventId, armedBy, occurredAt, from, until, says, name, value, threshold } = piece;
  return {
    kind: kind ?? null,
    eventId: eventId ?? armedBy ?? null,
    type: type ?? of ?? null,
    occurredAt: occurredAt ?? null,
    silentFrom: from ?? null,
    dueAt: until ?? null,
    says: says ?? name ?? null,
    ...{ value: number(value), threshold: number(threshold) },
    ...{ valueText: text(value), thresholdText: text(threshold) },
  };
};

const partsOf = (flag: Cells, piece: Cells, ordinal: number): DerivedRow<keyof Columns<typeof columns>> => {
  const cells = pieceCells(piece);
  return {
    rowKey: `${flag.rowKey}#${padded(ordinal)}`,
    engagementId: flag.engagementId ?? piece.engagementId ?? null,
    ...{
      reference: flag.reference ?? null,
      leadPartnerId: flag.leadPartnerId ?? null,
      leadPartner: flag.leadPartner ?? null,
    },
    lastEventId: cells.eventId ?? flag.openedByEvent ?? null,
    ...{ policyVersion: flag.policyVersion ?? null, ledBy: flag.ledBy ?? null, partnerId: flag.partnerId ?? null },
    ...{ flagId: flag.flagId ?? null, rule: flag.rule ?? null, pattern: flag.pattern ?? null },
    ordinal,
    ...cells,
  };
};

/**
 * The evidence of flags, one row a piece (domain reference F1, 15). A flag's row holds it already, so a second copy in each
 * engagement's head would only make the longest heads longer than an item may be.
 */
export const flagEvidence = defineDerivedTable({
  name: 'flag_evidence',
  describes:
    'One piece of the evidence of a flag, of an engagement or of a partner: an event, a silence, or a value beside its threshold.',
  key: ['engagementId', 'flagId', 'ordinal'],
  columns,
  rowsIn: (flag) => {
    const pieces = Array.isArray(flag.evidence) ? flag.evidence : [];
    return pieces.filter(isCells).map((piece, index) => partsOf(flag, piece, index + 1));
  },
});
