// What is answered of a chunk that failed again and again? Each of its engagements alone, so that one that fails stops no other.
// The steps of a run call it; it reads streams through what it is given.
import { added } from '../../domain/whatIf/scores.ts';
import { reasonOf } from '../aws/failureLog.ts';
import type { Answer, NotFolded, Piece } from './answer.ts';
import type { Asking } from './question.ts';

/** A piece, with what could not be folded for another reason than that its stream can't be read. */
export type PieceOfRun = Piece & { readonly failed: readonly NotFolded[] };

const oneByOne = async (answer: Answer, asking: Asking, ids: readonly string[]): Promise<PieceOfRun> => {
  const pieces: Piece[] = [];
  const failed: NotFolded[] = [];
  for (const id of ids) {
    try {
      pieces.push(await answer(asking, [id]));
    } catch (error) {
      failed.push({ id, reason: reasonOf(error) });
    }
  }
  return {
    items: pieces.flatMap(({ items }) => items),
    tallies: {
      is: added(pieces.map(({ tallies }) => tallies.is)),
      wouldBe: added(pieces.map(({ tallies }) => tallies.wouldBe)),
    },
    unreadable: pieces.flatMap(({ unreadable }) => unreadable),
    failed,
  };
};

/** Answers a chunk whole; if that fails and no further try follows, in parts, which never rejects. */
export const wholeOrInParts =
  (answer: Answer) =>
  async (
    asking: Asking,
    { ids, isLast }: { readonly ids: readonly string[]; readonly isLast: boolean },
  ): Promise<PieceOfRun> => {
    try {
      return { ...(await answer(asking, ids)), failed: [] };
    } catch (error) {
      if (!isLast) throw error;
      return await oneByOne(answer, asking, ids);
    }
  };
