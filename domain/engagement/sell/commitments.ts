// What did proposals promise, and how was each promise settled?
import type { RecordedOf } from '../../../events/catalog.ts';
import { unconfirmedIn, wordsFirst } from '../../claims.ts';
import type { Facts } from '../facts.ts';

export interface Commitment {
  readonly commitmentId: string;
  readonly capability: string;
  /** The first proposal that makes it. */
  readonly madeBy: RecordedOf<'SolutionProposed'>;
  /** Undefined while it is owed. A partner's word settles it where nobody else says how it was settled. */
  readonly settled: RecordedOf<'CommitmentSettled'> | undefined;
}

/** Every commitment of the proposals, in the order in which they were made; each id once, with the capability that was said last. */
export const commitmentsOf = (facts: Facts): readonly Commitment[] => {
  const isUnconfirmed = unconfirmedIn(facts.events);
  const settled = Map.groupBy(facts.of('CommitmentSettled'), ({ data }) => data.commitmentId);
  const made = new Map<string, Omit<Commitment, 'settled'>>();
  for (const event of facts.of('SolutionProposed')) {
    for (const { id, capability } of event.data.commitments) {
      made.set(id, { commitmentId: id, capability, madeBy: made.get(id)?.madeBy ?? event });
    }
  }
  return [...made.values()].map((commitment) => ({
    ...commitment,
    settled: wordsFirst(settled.get(commitment.commitmentId) ?? [], isUnconfirmed)[0],
  }));
};
