// What excuses a story after its delivery? Facts that rules know: use that is measured elsewhere, steps, seasons and terms of their own.
import { daysAfter, monthAfter } from '../calendar.ts';
import { cloudEvent } from '../cloudEvents.ts';
import { otherWays } from '../deal.ts';
import { seasonal, yearly } from '../innocents.ts';
import { channelParty } from '../participants.ts';
import { accountOf } from '../salesforceRecords.ts';
import type { Story } from '../story.ts';
import { measure } from './measure.ts';
import type { Term } from './procure.ts';

/** Two months in a row, from an instant on, in which little is used of a subscription, by a metric. */
const twoMonths = (
  story: Story,
  subscriptionId: string,
  on: { readonly first: string; readonly share: number; readonly metric?: string },
) => {
  for (const index of [0, 1]) {
    const until = daysAfter(monthAfter(on.first, index + 1), -0.05);
    const window = { from: monthAfter(on.first, index), until, at: daysAfter(until, 0.03) };
    measure(story, subscriptionId, {
      ...window,
      share: on.share,
      ...(on.metric === undefined ? {} : { metric: on.metric }),
    });
  }
};

/** The first of two whole months of the season that follow an instant. */
const seasonAfter = (instant: string): string => {
  const isQuiet = (month: string): boolean =>
    seasonal.quietMonths.some((each) => each === new Date(month).getUTCMonth() + 1);
  let first = monthAfter(instant, 1);
  while (!isQuiet(first) || !isQuiet(monthAfter(first, 1))) first = monthAfter(first, 1);
  return first;
};

const addOn = (story: Story, term: Term): string => {
  const { deal } = story;
  const subscriptionId = `${term.subscriptionId}/add-on`;
  const data = {
    ...{ subscriptionId, baseSubscriptionId: term.subscriptionId, kind: 'add_on_service', billingPeriod: 'P1Y' },
    ...{ customer: accountOf(deal.accountId), partner: channelParty(deal.partner.id), quantity: deal.quantity },
    ...{ price: { amountMinor: Math.round(deal.amountMinor / 10), currency: deal.partner.currency } },
    ...{ termStart: term.start, termEnd: term.end, autoRenew: false },
  };
  story.say('hub', 'SubscriptionStarted', { at: daysAfter(term.start, 0.01), data });
  return subscriptionId;
};

/** A service that is paid, and renews, month by month: with support, compliance that is measured, and value that is seen early. */
const managedMonthly = (story: Story, term: Term, live: string): void => {
  const { deal, say } = story;
  const managed = `${term.subscriptionId}/managed`;
  const ticket = { ticketId: `${deal.reference}/ticket/1`, subscriptionId: managed };
  say('hub', 'TicketOpened', { at: daysAfter(live, 3), data: { ...ticket, priority: 'high', kind: 'incident' } });
  say('hub', 'TicketProgressed', { at: daysAfter(live, 3.2), data: { ticketId: ticket.ticketId, status: 'resolved' } });
  const kept = { subscriptionId: managed, policySet: 'cis-baseline', passed: 47, failed: 3 };
  say('telemetry', 'ComplianceMeasured', { at: daysAfter(live, 30), data: kept });
  say('delivery', 'MilestoneReached', { at: daysAfter(live, 1), data: { milestone: 'first_value' } });
  const data = {
    ...{ subscriptionId: managed, kind: 'managed_service', billingPeriod: 'P1M', quantity: 1 },
    ...{ customer: accountOf(deal.accountId), partner: channelParty(deal.partner.id) },
    ...{ price: { amountMinor: 45_000, currency: deal.partner.currency } },
    ...{ termStart: term.start, termEnd: daysAfter(term.start, 30), autoRenew: true },
  };
  say('hub', 'SubscriptionStarted', { at: daysAfter(term.start, 0.01), data });
};

/** Tells the excuse; answers whether it says itself how much is used. */
export const excuse = (story: Story, term: Term, live: string): boolean => {
  const { deal, calendar, say, plot } = story;
  const first = monthAfter(daysAfter(live, 60), 1);
  const { subscriptionId } = term;
  switch (plot.innocent) {
    case 'rollOutInSteps':
      twoMonths(story, subscriptionId, { first, share: 0.4 });
      return true;
    case 'season':
      twoMonths(story, subscriptionId, { first: seasonAfter(daysAfter(live, 60)), share: 0.4 });
      return true;
    case 'productWithoutUsers':
      twoMonths(story, subscriptionId, { first, share: 0.1 });
      twoMonths(story, subscriptionId, { first, share: 0.95, metric: 'protected_objects' });
      return true;
    case 'licencePool':
      twoMonths(story, subscriptionId, { first, share: 0.95 });
      twoMonths(story, addOn(story, term), { first, share: 0.2 });
      return true;
    case 'telemetryMissing':
      return true;
    case 'monthToMonth':
      managedMonthly(story, term, live);
      return false;
    case 'secondStep': {
      const [other] = otherWays(deal);
      if (other !== undefined)
        say('hub', 'RouteAgreed', { at: calendar.work(calendar.dayOf(term.start) + 12), data: { ...other } });
      return false;
    }
    case 'invoiceAfterEntitlement': {
      const amount = { amountMinor: deal.amountMinor, currency: deal.partner.currency };
      const entry = {
        entryId: `${deal.reference}/payout`,
        direction: 'revenue',
        category: 'licence_resale',
        kind: 'payout',
      };
      say('marketplaces', 'LedgerEntryRecorded', { at: calendar.work(65), data: { ...entry, amount } });
      return false;
    }
    case 'yearlyReports': {
      const data = { party: accountOf(deal.accountId), roles: ['customer'], tier: yearly.tier };
      story.tell(cloudEvent({ system: 'hub', at: calendar.work(-20), type: 'throughline.PartyRegistered', data }));
      return false;
    }
    default:
      return false;
  }
};
