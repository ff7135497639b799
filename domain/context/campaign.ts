// What does a campaign run for? The launch that stands last.
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';

/** The campaign as it stands; undefined where no event launches it. */
export const foldCampaign = (events: readonly RecordedEvent[]): RecordedOf<'CampaignLaunched'> | undefined =>
  events.filter((event) => event.type === 'CampaignLaunched').at(-1);
