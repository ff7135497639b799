// What do some engagements (or offers, parties, campaigns) add to the answer of a question?
// Queries call it where they are few, and the steps of a run chunk by chunk; it reads streams through their cache, and the table `arr_quartiles`.
import { added, type Tallies } from '../../domain/whatIf/scores.ts';
import { streamIdOf, streamKinds } from '../../events/identifiers.ts';
import { createThresholds, type QuartileRows } from '../query/visibility/quartiles.ts';
import type { CachedStreams } from '../store/cachedStreams.ts';
import { BrokenStream } from '../store/readCommits.ts';
import { asFar, readOnce } from '../store/readOnce.ts';
import { changesAnswer } from './changesAnswer.ts';
import { type AnswerReads, type Found, isAfter, type PlacedItem } from './placed.ts';
import { type Asking, grainOf } from './question.ts';
import { rowsAnswer } from './rowsAnswer.ts';
import { purchasesAnswer } from './suggestions.ts';
import { whatIfAnswer } from './whatIfAnswer.ts';

/** An engagement, offer, party or campaign that could not be folded, and why. */
export interface NotFolded {
  readonly id: string;
  readonly reason: string;
}

export interface Piece {
  /** In the order of their places. */
  readonly items: readonly PlacedItem[];
  readonly tallies: { readonly is: Tallies; readonly wouldBe: Tallies };
  /** The ids of what can't be read. It is in no item, and stops nothing. */
  readonly unreadable: readonly string[];
}

export type Answer = (asking: Asking, ids: readonly string[]) => Promise<Piece>;

const foundFor = async (reads: AnswerReads, asking: Asking & { readonly id: string }): Promise<Found> => {
  const { question } = asking;
  switch (question.ask) {
    case 'rows':
      return await rowsAnswer(reads, question, asking);
    case 'changes':
      return await changesAnswer(reads, question, asking);
    case 'suggestions':
      return await purchasesAnswer(reads.look, asking);
    case 'whatIf':
      return await whatIfAnswer(reads.look, question, asking);
    default:
      return question satisfies never;
  }
};

const unlessBroken = async (work: Promise<Found>): Promise<Found | 'unreadable'> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BrokenStream) return 'unreadable';
    throw error;
  }
};

/** All streams of one call are read in few calls, and each of their contexts once. */
export const createAnswer =
  (cache: Pick<CachedStreams, 'readAsFar' | 'sourceStreams'>, quartiles: QuartileRows): Answer =>
  async (asking, ids) => {
    const look = readOnce(asFar(cache));
    const thresholds = createThresholds(quartiles, asking.caller.tenantId);
    const kind = streamKinds.find((each) => each === grainOf(asking.question));
    if (kind !== undefined) await look.read(ids.map((id) => streamIdOf(asking.caller.tenantId, kind, id)));
    const found: Found[] = [];
    const unreadable: string[] = [];
    for (const id of ids) {
      const one = await unlessBroken(foundFor({ look, thresholds }, { ...asking, id }));
      if (one === 'unreadable') unreadable.push(id);
      else found.push(one);
    }
    const sides = found.flatMap(({ tallies }) => tallies ?? []);
    return {
      items: found.flatMap(({ items }) => items).sort((a, b) => (isAfter(a.place, b.place) ? 1 : -1)),
      tallies: { is: added(sides.map(({ is }) => is)), wouldBe: added(sides.map(({ wouldBe }) => wouldBe)) },
      unreadable,
    };
  };
