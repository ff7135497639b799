// Which closings of the deal count, and which were undone because the deal was opened again?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { endsTheSale } from '../context/endsTheSale.ts';
import { inFoldOrder } from '../history.ts';
import { cycleOf, firstOfCycles } from './cycles.ts';
import type { Facts } from './facts.ts';
import type { Journey } from './journey.ts';

export interface Closing {
  readonly event: RecordedOf<'DealClosed'>;
  /** The reopening after which it no longer counts. */
  readonly undoneBy: RecordedOf<'DealReopened'> | undefined;
}

/** Every closing of the deal, in fold order. A reopening undoes all closings since the last renewal. */
export const closingsOf = (facts: Facts): readonly Closing[] => {
  const reopenings = facts.of('DealReopened');
  const closed = facts.of('DealClosed');
  const closings: Closing[] = [];
  // The closings that a reopening would undo; the others are decided.
  let open: RecordedOf<'DealClosed'>[] = [];
  const decide = (undoneBy: Closing['undoneBy']): void => {
    for (const event of open) closings.push({ event, undoneBy });
    open = [];
  };
  for (const event of [...closed, ...reopenings, ...facts.of('SubscriptionRenewed')].sort(inFoldOrder)) {
    if (event.type === 'DealClosed') open.push(event);
    else if (event.type === 'DealReopened') decide(event);
    else if (endsTheSale(event)) decide(undefined);
  }
  decide(undefined);
  return closings;
};

/** A win, its cycle, and the event that undid it. */
export interface Win {
  readonly cycle: number;
  readonly event: RecordedOf<'DealClosed'>;
  readonly undoneBy: RecordedEvent | undefined;
}

/** In fold order, the first win of each cycle that counts, and every win that was undone. */
export const winsOf = ({
  journey,
  closings,
}: {
  readonly journey: Pick<Journey, 'cycles'>;
  readonly closings: readonly Closing[];
}): readonly Win[] => {
  const wins = closings.filter(({ event }) => event.data.result === 'won');
  const undone = wins.filter(({ undoneBy }) => undoneBy !== undefined);
  const counting = firstOfCycles(
    journey,
    wins.flatMap(({ event, undoneBy }) => (undoneBy === undefined ? [event] : [])),
  ).map((win) => ({ ...win, undoneBy: undefined }));
  if (undone.length === 0) return counting;
  return [...undone.map((closing) => ({ ...closing, cycle: cycleOf(journey, closing.event) })), ...counting].sort(
    (a, b) => inFoldOrder(a.event, b.event),
  );
};
