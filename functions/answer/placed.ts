// What does the fold of one engagement add to an answer?
import type { Tallies } from '../../domain/whatIf/scores.ts';
import type { ReadRow } from '../query/rowReader.ts';
import type { Thresholds } from '../query/visibility/quartiles.ts';
import type { StreamReads } from '../store/readOnce.ts';

/** By what an answer reads: streams, each once, and from which revenue on engagements stand in their partner's top quartile. */
export interface AnswerReads {
  readonly look: StreamReads;
  readonly thresholds: Thresholds;
}

export interface PlacedItem {
  /** Where the item stands among those of its owner; it begins with the owner's id. */
  readonly place: string;
  readonly item: ReadRow;
}

/** A row as an item: its key is its place. */
export const placedRow = (row: ReadRow): PlacedItem => ({ place: String(row.rowKey), item: row });

export interface Found {
  readonly items: readonly PlacedItem[];
  /** Of a what-if: the counts by rule, as it is and as it would be. */
  readonly tallies?: { readonly is: Tallies; readonly wouldBe: Tallies };
}

export const nothingFound: Found = { items: [] };

/** The id that a place begins with. No id holds a hash. */
export const ownerOf = (place: string): string => place.split('#')[0] ?? '';

/** Whether an item comes after a place: by its owner, then by its own place. */
export const isAfter = (place: string, after: string): boolean =>
  ownerOf(place) === ownerOf(after) ? place > after : ownerOf(place) > ownerOf(after);
