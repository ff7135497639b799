// How much is a customer to use by the plan that a handoff declares? A staged roll-out is no shelfware.
import type { RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Life } from './life.ts';

type Offered = RecordedOf<'HandoffOffered'>;

/** Whether the other side had turned an offer down by an instant, as its first answer. */
const isRejected = (life: Life, offered: Offered, at: Instant): boolean => {
  const [answer] = life.events
    .slice(life.events.indexOf(offered) + 1)
    .filter(({ type }) => type === 'HandoffAccepted' || type === 'HandoffRejected')
    .filter(({ data }) => 'handoffId' in data && data.handoffId === offered.data.handoffId);
  return answer?.type === 'HandoffRejected' && answer.occurredAt <= at;
};

/** The steps of the plan in force at an instant: the last that was declared by then, and not rejected. */
const stepsAt = (life: Life, at: Instant) =>
  life
    .of('HandoffOffered')
    .filter((offered) => offered.occurredAt <= at && (offered.data.ramp ?? []).length > 0)
    .filter((offered) => !isRejected(life, offered, at))
    .at(-1)
    ?.data.ramp?.toSorted((a, b) => (a.from < b.from ? -1 : 1));

/** The units that are to be used at an instant; undefined without a plan. */
export const plannedAt = (life: Life, at: Instant): number | undefined => {
  const steps = stepsAt(life, at);
  if (steps === undefined) return undefined;
  return steps.filter(({ from }) => `${from}T00:00:00.000Z` <= at).at(-1)?.activeUnits ?? 0;
};

/** When the first use is planned, by the plan in force at an instant; undefined without a plan. */
export const firstUseAt = (life: Life, at: Instant): Instant | undefined => {
  const step = stepsAt(life, at)?.find(({ activeUnits }) => activeUnits > 0);
  return step === undefined ? undefined : `${step.from}T00:00:00.000Z`;
};
