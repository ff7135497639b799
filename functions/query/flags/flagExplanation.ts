// Which events explain why a flag was raised?
import * as z from 'zod';
import type { ReadRow } from '../rowReader.ts';
import type { ShownEvent } from '../visibility/shownEvents.ts';

const Evidence = z.array(
  z.looseObject({ kind: z.string(), eventId: z.string().optional(), armedBy: z.string().optional() }),
);

export interface ExplainedEvidence {
  readonly kind: string;
  /** The event that this piece cites; null where the piece is a value. */
  readonly event: ShownEvent | null;
  readonly [column: string]: unknown;
}

export interface Explanation {
  /** The event that armed or opened the episode. */
  readonly openedBy: ShownEvent | null;
  /** The event that cleared the flag; null while it is open, or where no event cleared it. */
  readonly clearedBy: ShownEvent | null;
  /** The event by which the vendor dismissed it last; null where none did. */
  readonly dismissedBy: ShownEvent | null;
  readonly explanation: readonly ExplainedEvidence[];
}

const evidenceOf = ({ evidence }: ReadRow) => Evidence.parse(evidence ?? []);

const citedBy = ({
  eventId,
  armedBy,
}: {
  readonly eventId?: string | undefined;
  readonly armedBy?: string | undefined;
}) => eventId ?? armedBy;

/** The ids of every event that a flag's row cites. */
export const citedIn = (flag: ReadRow): ReadonlySet<string> =>
  new Set(
    [flag.openedByEvent, flag.clearedByEvent, flag.dismissedByEvent, ...evidenceOf(flag).map(citedBy)].filter(
      (id) => typeof id === 'string',
    ),
  );

/** Explains a flag by the cited events, found by id. */
export const explainFlag = (flag: ReadRow, cited: ReadonlyMap<string, ShownEvent>): Explanation => {
  const find = (id: unknown): ShownEvent | null => (typeof id === 'string' ? (cited.get(id) ?? null) : null);
  return {
    openedBy: find(flag.openedByEvent),
    clearedBy: find(flag.clearedByEvent),
    dismissedBy: find(flag.dismissedByEvent),
    explanation: evidenceOf(flag).map((piece) => ({ ...piece, event: find(citedBy(piece)) })),
  };
};
