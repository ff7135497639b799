// Which types of fact may a connection say if nobody lists them?
import type { EventType } from '../catalog.ts';
import { controlEvents } from '../control.ts';
import { stageEvents } from '../stage.ts';

/** The types that open, close and take back deals: by default only a CRM may say them. */
export const crmTypes: readonly EventType[] = [
  'EngagementOpened',
  'DealClosed',
  'DealReopened',
  'EngagementWithdrawn',
  'EngagementReinstated',
];

/** The types that an adapter or the pipeline itself concludes, or that take facts back: a sender may say one only if it is listed. */
const concluded: readonly string[] = Object.keys({ ...controlEvents, ...stageEvents });

/** The types that a source's connections may say by default. */
export const defaultTypesOf = ({
  says,
  isCrm,
}: {
  readonly says: readonly EventType[];
  readonly isCrm: boolean;
}): readonly EventType[] => says.filter((type) => !concluded.includes(type) && (isCrm || !crmTypes.includes(type)));
