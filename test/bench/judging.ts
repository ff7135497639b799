// Does judging cost more than in proportion to a life's length? All rules over 50, 500 and 5,000 events of each shape, without a store.
import { defaultPolicy, policiesUntil, policyTurns } from '../../domain/context/policy.ts';
import { standing } from '../../domain/history.ts';
import { engagementViewOf } from '../../domain/rows/engagementRows.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { contextOf } from '../support/contexts.ts';
import { engagementStream } from '../support/histories/events.ts';
import { lifeOf, lookedAt, type Shape, shapeNames } from './lives.ts';
import { type Bench, type Figure, medianOf } from './sideBySide.ts';

const lengths = [50, 500, 5000] as const;
const rounds = 3;
/** So many events are judged in a round of each length, so that short lives are not measured by their noise. */
const eventsARound = 5000;

/** The longest life may cost twice as much for each event as the shortest. */
const growthGoal = 2;

const judging = (all: readonly RecordedEvent[]): (() => number) => {
  const events = all.filter(({ streamId }) => streamId === engagementStream);
  const policies = standing({ events: all.filter(({ streamId }) => parseStreamId(streamId).kind === 'policy') });
  const inForce = policiesUntil(policies, lookedAt);
  return () => {
    // A context of its own each time, so that nothing is known of it.
    const context = contextOf({
      policy: inForce.at(-1)?.policy ?? defaultPolicy,
      policies: inForce,
      turns: policyTurns(policies).filter((turn) => turn > lookedAt),
    });
    return engagementViewOf({ events, context, now: lookedAt }).rowContext.verdicts.length;
  };
};

/** Judges until the code runs as fast as it will. */
const warmUp = (shape: Shape): void => {
  const judge = judging(lifeOf(shape, 200));
  for (let time = 0; time < 50; time += 1) judge();
};

/** The microseconds of processor time that judging costs for each event: what else the machine does doesn't count. */
const perEvent = (shape: Shape, length: number): Figure => {
  const life = lifeOf(shape, length);
  const judge = judging(life);
  const times = eventsARound / length;
  const round = (): number => {
    const began = process.cpuUsage();
    for (let time = 0; time < times; time += 1) judge();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / (times * length);
  };
  warmUp(shape);
  round();
  const figure = medianOf(Array.from({ length: rounds }, round));
  return { name: `folding and judging ${length} events, ${shape}`, unit: 'µs/event', figure };
};

const growth = (longer: Figure, shorter: Figure, goal?: number): Figure => ({
  name: `${longer.name} / ${shorter.name.match(/\d+/)?.[0]}`,
  unit: '×',
  figure: longer.figure / shorter.figure,
  ...(goal === undefined ? {} : { goal: { is: 'atMost', value: goal } }),
});

export const judgingLives: Bench = async () =>
  shapeNames.flatMap((shape) => {
    const [short, middle, long] = lengths.map((length) => perEvent(shape, length));
    if (short === undefined || middle === undefined || long === undefined) return [];
    return [short, middle, long, growth(middle, short), growth(long, short, growthGoal)];
  });
