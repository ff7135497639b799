// What may a connection say where nobody lists it? What its source's messages say, but for what is another's to say (decision 19).
import type { EventType } from '../catalog.ts';

/** What opens and closes deals: where nobody lists it, only a CRM says it. */
export const crmTypes: readonly EventType[] = ['EngagementOpened', 'DealClosed'];

/** What an adapter, or the pipeline itself, concludes: no sender says it unless it is listed. */
const concluded: readonly EventType[] = ['IdentityLinked', 'ReconciliationRequested', 'StageEntered'];

/** The types of a source's connections by default. */
export const defaultTypesOf = ({
  says,
  isCrm,
}: {
  readonly says: readonly EventType[];
  readonly isCrm: boolean;
}): readonly EventType[] => says.filter((type) => !concluded.includes(type) && (isCrm || !crmTypes.includes(type)));
