// What exists before the first deal? The channel's organisations, its offers, and the campaigns for them.
import { calendarOf } from './calendar.ts';
import { cloudEvent } from './cloudEvents.ts';
import { promoted } from './innocents.ts';
import { campaigns, type Offer, offers, publication } from './offers.ts';
import { channelParty, others, partners } from './participants.ts';
import type { SampleMessage } from './sampleMessage.ts';

/** How many days before today the channel was set up: eighteen months. */
const longAgo = 548;

const party = (at: string, { id, roles, country, currency }: (typeof partners)[number]): SampleMessage => {
  const data = { party: channelParty(id), nameRef: `hub:organisations/${id}`, roles, country, currency };
  return cloudEvent({ system: 'hub', at, type: 'throughline.PartyRegistered', data });
};

/** A second version of an offer, which takes in what deliveries had to add. */
const publishedAgain = (today: string, offer: Offer): SampleMessage => {
  const data = { ...publication(offer), version: 2, features: [promoted.feature] };
  const at = calendarOf(today, promoted.daysAgo).at(0.5);
  return cloudEvent({ system: 'hub', at, type: 'throughline.OfferPublished', data });
};

const enabled = (at: string, campaignId: string, partner: string): SampleMessage => {
  const data = { campaignId, partner: channelParty(partner), subject: 'audit-basics', result: 'passed' };
  return cloudEvent({ system: 'hub', at, type: 'throughline.EnablementCompleted', data });
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
    ...offers.filter(({ id }) => id === promoted.offer).map((offer) => publishedAgain(today, offer)),
    ...campaigns.map(({ id, kind, offers: offerIds, partners: invited, assets }, index) => {
      const data = { campaignId: id, kind, offerIds, partners: invited.map(channelParty), assets };
      return cloudEvent({ system: 'hub', at: at(0.8 + index / 100), type: 'throughline.CampaignLaunched', data });
    }),
    ...campaigns
      .filter(({ kind }) => kind === 'enablement')
      .flatMap(({ id, partners: invited }) => invited.map((partner) => enabled(at(20), id, partner))),
  ];
};
