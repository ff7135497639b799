// What did proposals promise, and how was each promise settled?
import type { RecordedEvent, RecordedOf } from '../../../events/catalog.ts';
import { unconfirmedIn, wordsFirst } from '../../claims.ts';
import { inFoldOrder } from '../../history.ts';
import type { Facts } from '../facts.ts';

export interface Commitment {
  readonly commitmentId: string;
  readonly capability: string;
  /** The first proposal that makes it. */
  readonly madeBy: RecordedOf<'SolutionProposed'>;
  /**
   * Undefined while it is owed, also again: once delivery finds it outside the scope after it was settled, or a
   * proposal promises it after it was withdrawn. A partner's word settles it where nobody else says how it was settled.
   */
  readonly settled: RecordedOf<'CommitmentSettled'> | undefined;
}

/** Every commitment of the proposals, in the order in which they were made; each id once, with the capability that was said last. */
export const commitmentsOf = (facts: Facts): readonly Commitment[] => {
  const isUnconfirmed = unconfirmedIn(facts.events);
  const settled = Map.groupBy(facts.of('CommitmentSettled'), ({ data }) => data.commitmentId);
  const made = new Map<string, Omit<Commitment, 'settled'>>();
  const promised = new Map<string, RecordedEvent>();
  for (const event of facts.of('SolutionProposed')) {
    for (const { id, capability } of event.data.commitments) {
      made.set(id, { commitmentId: id, capability, madeBy: made.get(id)?.madeBy ?? event });
      promised.set(id, event);
    }
  }
  const gaps = new Map<string | undefined, RecordedEvent>(
    facts
      .of('DeviationRecorded')
      .filter(({ data }) => data.kind === 'scope_gap')
      .map((event) => [event.data.commitmentId, event]),
  );
  return [...made.values()].map((commitment) => {
    const { commitmentId } = commitment;
    const isOver = (since: RecordedEvent | undefined, by: RecordedEvent): boolean =>
      since === undefined || inFoldOrder(since, by) < 0;
    return {
      ...commitment,
      settled: wordsFirst(settled.get(commitmentId) ?? [], isUnconfirmed).find(
        (event) =>
          isOver(gaps.get(commitmentId), event) &&
          (event.data.how !== 'withdrawn' || isOver(promised.get(commitmentId), event)),
      ),
    };
  });
};
