// How long may a customer wait for the next report, by the policy in force?
import type { Context } from '../context/context.ts';
import { ruleOf } from '../patterns/catalog.ts';

const daysIn = (thresholds: Readonly<Record<string, unknown>> | undefined): number | undefined =>
  typeof thresholds?.days === 'number' ? thresholds.days : undefined;

/** In days, after go-live or the last report: as rule P4.1 says under the policy, else by its default. */
export const reportDaysOf = ({ policy }: Pick<Context, 'policy'>): number => {
  const thresholds = ruleOf('P4.1')?.thresholds;
  const said = thresholds?.safeParse(policy.thresholds['P4.1'] ?? {});
  return daysIn(said?.data) ?? daysIn(thresholds?.parse({})) ?? 100;
};
