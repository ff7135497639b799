// What counts towards the healthy elements, and what do the counts say?

/** The elements of a healthy engagement that it can show alone (domain reference C7), each with its parts. */
export const healthyElements = {
  h1: ['acceptedBeforeStart', 'complete', 'acceptedInTime', 'withoutScopeGap'],
  h2: ['winsWithOutcome', 'outcomesWithTarget', 'outcomesMet'],
  h3: ['winsOnOffer', 'deliveriesOnTemplate', 'withoutDeviation', 'configReused'],
  h4: ['reportsInTime', 'sectionsCovered', 'reportsAcknowledged', 'subscriptionsMeasured'],
} as const;

export type HealthyElement = keyof typeof healthyElements;
export const elementNames = ['h1', 'h2', 'h3', 'h4'] as const satisfies readonly HealthyElement[];
export type HealthyPart = (typeof healthyElements)[HealthyElement][number];
export const healthyParts: readonly HealthyPart[] = elementNames.flatMap((name) => [...healthyElements[name]]);

/** A share as what is counted, of how many. Counts of several engagements add up. */
export interface Count {
  readonly sum: number;
  readonly of: number;
}
export type HealthyCounts = Readonly<Record<HealthyPart, Count>>;

const nothing: Count = { sum: 0, of: 0 };
const noCounts: HealthyCounts = {
  ...{ acceptedBeforeStart: nothing, complete: nothing, acceptedInTime: nothing, withoutScopeGap: nothing },
  ...{ winsWithOutcome: nothing, outcomesWithTarget: nothing, outcomesMet: nothing },
  ...{ winsOnOffer: nothing, deliveriesOnTemplate: nothing, withoutDeviation: nothing, configReused: nothing },
  ...{ reportsInTime: nothing, sectionsCovered: nothing, reportsAcknowledged: nothing, subscriptionsMeasured: nothing },
};

/** The counts of several engagements together. Where a part is absent, nothing counts. They are added in the given order. */
export const countsTogether = (all: readonly Partial<HealthyCounts>[]): HealthyCounts => {
  const together: Record<HealthyPart, Count> = { ...noCounts };
  for (const part of healthyParts) {
    const own = all.flatMap((each) => each[part] ?? []);
    together[part] = own.reduce((total, { sum, of }) => ({ sum: total.sum + sum, of: total.of + of }), nothing);
  }
  return together;
};

/** Effort of deviations of this share of the work leaves nothing of the part (domain reference C7). */
const worstDeviation = 0.35;

/** A part's value, 0 to 1; undefined where nothing counts towards it. For `withoutDeviation` minutes of deviations are counted, of minutes of work. */
export const shareOf = (part: HealthyPart, { sum, of }: Count): number | undefined => {
  if (of === 0) return undefined;
  return part === 'withoutDeviation' ? 1 - Math.min(1, sum / of / worstDeviation) : sum / of;
};

export interface HealthyScores {
  /** 0 to 100 each; undefined where under half of the parts are known. */
  readonly elements: Readonly<Record<HealthyElement, number | undefined>>;
  /** The mean of the elements that have a score; undefined where under half of all parts are known. */
  readonly composite: number | undefined;
  /** Known parts of all parts, 0 to 1. */
  readonly coverage: number;
}

/** With less than this share of its parts known, a score is not shown. */
const leastCoverage = 0.5;

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The scores that counts give (domain reference C7): of each element the mean of its known parts times 100, of all the mean of the
 * elements. What is not known is left out, and lowers the coverage. Flags never enter a score: they stand beside it.
 */
export const scoresOf = (counts: HealthyCounts): HealthyScores => {
  const known = (parts: readonly HealthyPart[]): readonly number[] =>
    parts.flatMap((part) => shareOf(part, counts[part]) ?? []);
  const scoreOf = (parts: readonly HealthyPart[]): number | undefined => {
    const values = known(parts);
    const score = values.length / parts.length < leastCoverage ? undefined : mean(values);
    return score === undefined ? undefined : 100 * score;
  };
  const { h1, h2, h3, h4 } = healthyElements;
  const elements = { h1: scoreOf(h1), h2: scoreOf(h2), h3: scoreOf(h3), h4: scoreOf(h4) };
  const coverage = known(healthyParts).length / healthyParts.length;
  const composite = mean(elementNames.flatMap((name) => elements[name] ?? []));
  return { elements, composite: coverage < leastCoverage ? undefined : composite, coverage };
};
