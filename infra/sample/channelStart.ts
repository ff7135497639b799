// What exists before the first deal? The channel's organisations, its offers, and the campaigns for them.
import { calendarOf } from './calendar.ts';
import { cloudEvent } from './cloudEvents.ts';
import { campaigns, offers, publication } from './offers.ts';
import { channelParty, others, partners } from './participants.ts';
import type { SampleMessage } from './sampleMessage.ts';

/** How many days before today the channel was set up: eighteen months. */
const longAgo = 548;

const party = (at: string, { id, roles, country, currency }: (typeof partners)[number]): SampleMessage => {
  const data = { party: channelParty(id), nameRef: `hub:organisations/${id}`, roles, country, currency };
  return cloudEvent({ system: 'hub', at, type: 'throughline.PartyRegistered', data });
};

/** The messages with which the sample begins. */
export const channelStart = (today: string): readonly SampleMessage[] => {
  const { at } = calendarOf(today, longAgo);
  return [
    ...[...others, ...partners].map((each, index) => party(at(0.3 + index / 100), each)),
    ...offers.map((offer, index) => {
      const data = publication(offer);
      return cloudEvent({ system: 'hub', at: at(0.6 + index / 100), type: 'throughline.OfferPublished', data });
    }),
    ...campaigns.map(({ id, kind, offers: promoted, partners: invited }, index) => {
      const data = { campaignId: id, kind, offerIds: promoted, partners: invited.map(channelParty) };
      return cloudEvent({ system: 'hub', at: at(0.8 + index / 100), type: 'throughline.CampaignLaunched', data });
    }),
  ];
};
