// Which thresholds hold when something begins to wait? Those of the policy that is in force then, and they stay.
import type { RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Life } from './life.ts';

/** The policy in force at an instant: of those that have begun, the one with the greatest version. */
const policyAt = ({ around }: Life, at: Instant): RecordedOf<'PolicyPublished'>['data'] | undefined =>
  around
    .filter((event) => event.type === 'PolicyPublished')
    .map(({ data }) => data)
    .filter(({ effectiveFrom }) => effectiveFrom <= at)
    .toSorted((a, b) => a.policyVersion - b.policyVersion)
    .at(-1);

/** A threshold as it held at an instant, by rule and name (`P1.3 days`). */
export const thresholdAt = (life: Life, at: Instant, named: string, otherwise: number): number => {
  const [rule = '', name = ''] = named.split(' ');
  const said = policyAt(life, at)?.thresholds[rule]?.[name];
  return typeof said === 'number' ? said : otherwise;
};

/** The business days within which a handoff must be offered that is needed from an instant on. */
export const offerDaysAt = (life: Life, at: Instant, toStage: string): number =>
  policyAt(life, at)?.handoffs?.find((pair) => pair.toStage === toStage)?.withinBusinessDays ?? 5;

/** Whether a month (`2026-07`) is one in which little use is no sign of anything, by the policy of an instant. */
export const isQuietAt = (life: Life, at: Instant, month: string): boolean => {
  const segment = life.of('EngagementOpened').findLast(({ occurredAt }) => occurredAt <= at)?.data.segment;
  const quiet = policyAt(life, at)?.quietMonths?.[segment ?? ''];
  return quiet?.includes(Number(month.slice(5))) === true;
};
