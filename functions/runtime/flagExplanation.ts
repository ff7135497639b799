// Why was this flag raised? Its evidence, each piece resolved to the event that it cites.
import * as z from 'zod';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { ReadRow } from './rowReader.ts';

const Cited = z.looseObject({ kind: z.string(), eventId: z.string().optional(), armedBy: z.string().optional() });

export interface ExplainedEvidence {
  readonly kind: string;
  /** The event cited, whole; null where the evidence is a value, or the event stands in another stream (`eventStream`). */
  readonly event: RecordedEvent | null;
  readonly [column: string]: unknown;
}

/** The flag's evidence with every cited event of the engagement's own stream in full. */
export const explainFlag = (flag: ReadRow, events: readonly RecordedEvent[]): readonly ExplainedEvidence[] => {
  const byId = new Map(events.map((event) => [event.eventId, event]));
  const evidence = z.array(Cited).safeParse(flag.evidence);
  return (evidence.success ? evidence.data : []).map((piece) => ({
    ...piece,
    event: byId.get(piece.eventId ?? piece.armedBy ?? '') ?? null,
  }));
};
