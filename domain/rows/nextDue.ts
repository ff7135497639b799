// When do an engagement's rows next change without a new fact? At the earliest instant that its facts, verdicts or context name.
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { effectsOf } from '../subscriptions.ts';
import type { RuledVerdict } from '../verdicts.ts';
import type { Standpoint } from './standpoint.ts';

const instantsOf = (verdict: RuledVerdict): readonly (Instant | undefined)[] => {
  switch (verdict.state) {
    case 'armed':
      return [verdict.dueAt];
    case 'raised':
      return [verdict.changesAt, verdict.cleared?.at];
    case 'suspended':
      return [];
    default:
      return verdict satisfies never;
  }
};

/**
 * The earliest instant after `now` at which any row changes by time alone (decision 12): a fact dated ahead occurs, a
 * term starts, an announced change takes effect, a stage opens, a verdict falls due, the context turns. Undefined where
 * there is none.
 */
export const nextDueOf = (standpoint: Standpoint, ahead: readonly RecordedEvent[]): Instant | undefined => {
  const { engagement, context, now, verdicts } = standpoint;
  const instants = [
    ...ahead.map((event) => event.occurredAt),
    ...engagement.journey.turns,
    ...effectsOf(engagement),
    ...engagement.subscriptions.flatMap(({ terms }) => terms.map(({ start }) => start)),
    ...verdicts.flatMap(instantsOf),
    ...context.turns,
  ];
  return instants.reduce<Instant | undefined>(
    (next, at) => (at !== undefined && at > now && (next === undefined || at < next) ? at : next),
    undefined,
  );
};
