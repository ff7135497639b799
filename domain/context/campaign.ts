// Which launch of a campaign stands?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';

/** The last standing launch; undefined if there is none. */
export const foldCampaign = (events: readonly RecordedEvent[]): RecordedOf<'CampaignLaunched'> | undefined =>
  events.filter((event) => event.type === 'CampaignLaunched').at(-1);
