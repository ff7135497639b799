// What do tests say of how much a customer uses? Monthly measurements, and the plans that handoffs declare.

import { monthAfter, startOfMonth } from '../../../domain/time/months.ts';
import type { RecordedOf } from '../../../events/catalog.ts';
import { addDays } from '../../../events/instant.ts';
import { subscriptionId } from './engagementFacts.ts';
import { instant, recorded, type Said } from './events.ts';

type Usage = Partial<Said<'UsageMeasured'>>;

/** A month's use, of 100 units, measured a day after the month. */
export const usedIn = (month: string, activeUnits: number, said: Usage = {}): RecordedOf<'UsageMeasured'> => {
  const windowEnd = startOfMonth(monthAfter(month));
  return recorded(
    'UsageMeasured',
    {
      ...{ subscriptionId, windowStart: startOfMonth(month), windowEnd, activeUnits },
      ...{ purchasedUnits: 100, metric: 'active_users', ...said },
    },
    { at: addDays(windowEnd, 1) },
  );
};

/** The use of 30 days, measured at their end. */
export const usedUntil = (at: string, activeUnits: number, said: Usage = {}): RecordedOf<'UsageMeasured'> =>
  recorded(
    'UsageMeasured',
    {
      ...{ subscriptionId, windowStart: addDays(instant(at), -30), windowEnd: instant(at), activeUnits },
      ...{ metric: 'active_users', ...said },
    },
    { at },
  );

/** A handoff that plans how usage grows. */
export const rampDeclared = (
  at: string,
  ...ramp: NonNullable<Said<'HandoffOffered'>['ramp']>
): RecordedOf<'HandoffOffered'> =>
  recorded('HandoffOffered', { handoffId: 'handoff-2', fromStage: 'deliver', toStage: 'report', ramp }, { at });
