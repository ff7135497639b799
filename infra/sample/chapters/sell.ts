// How is a deal of the sample sold? People open it in the CRM, agree on an outcome and a route, propose a solution, and win or lose it.
import { type Day, dateAfter, daysAfter } from '../calendar.ts';
import { otherWays, type Way } from '../deal.ts';
import { channelParty } from '../participants.ts';
import type { Plot } from '../plot.ts';
import { changeEvent, outcomeEvent } from '../salesforceRecords.ts';
import type { Story } from '../story.ts';

const word = ({ route, marketplace }: Way): string => {
  switch (route) {
    case 'direct':
      return 'Direct';
    case 'two_tier':
      return 'Distributor';
    case 'co_sell':
      return 'Co-Sell';
    case 'marketplace':
      return { aws: 'AWS Marketplace', azure: 'Azure Marketplace', google: 'Google Marketplace' }[marketplace ?? 'aws'];
    default:
      return route satisfies never;
  }
};

const update = (story: Story, day: Day, fields: Readonly<Record<string, unknown>>): void => {
  const { deal, calendar } = story;
  const at = calendar.work(day);
  story.tell(changeEvent({ entity: 'Opportunity', change: 'UPDATE', records: [deal.opportunityId], at, fields }));
};

/** Some deals name their engagement only days after the win: messages of other systems about it must wait until then. */
const isNamedAtOnce = ({ deal, calendar }: Story): boolean => deal.quantity % 4 !== 0 || calendar.today < 4;

/** The day on which the deal is expected to close, as it is said when it is opened. */
const closeOf = ({ plot, calendar }: Story, opened: Day): string =>
  dateAfter(calendar.work(opened), plot.innocent === 'fiscalYear' ? 180 : 60);

const open = (story: Story, day: Day): void => {
  const { deal, calendar } = story;
  const at = calendar.work(day);
  const { partner, offer, accountId } = deal;
  const account = {
    Name: deal.customer,
    Industry: deal.segment,
    BillingAddress: { CountryCode: partner.country },
  };
  story.tell(changeEvent({ entity: 'Account', change: 'CREATE', records: [accountId], at, fields: account }));
  const named = isNamedAtOnce(story);
  const reference = { Engagement_Id__c: deal.reference };
  const fields = {
    AccountId: accountId,
    Name: `${deal.customer}: ${offer.id} with ${partner.name}`,
    StageName: 'Qualification',
    Amount: deal.amountMinor / 100,
    CurrencyIsoCode: partner.currency,
    CloseDate: closeOf(story, day),
    ForecastCategory: 'Pipeline',
    IsClosed: false,
    IsWon: false,
    Type: 'New Business',
    Offer_Id__c: story.plot.bespoke ? null : offer.id,
    Sourcing_Partner__c: partner.id,
    Campaign_Id__c: deal.campaign ?? null,
    Segment__c: deal.segment,
    Country_Code__c: partner.country,
    Route_To_Market__c: null,
    ...(named ? reference : {}),
  };
  const later = calendar.work(day + 0.3);
  story.tell(
    changeEvent({ entity: 'Opportunity', change: 'CREATE', records: [deal.opportunityId], at: later, fields }),
  );
  if (!named) update(story, 3.2, reference);
};

/** How long after the agreement an outcome is due, in days. */
const patience = 240;

/** Tells the agreement; answers when the outcome's last day is over. */
const agreeOutcome = (story: Story, day: Day): string => {
  const { deal, calendar } = story;
  const at = calendar.work(day);
  const { outcomeId: key, opportunityId, offer } = deal;
  const { metric, unit } = offer;
  const due = dateAfter(at, patience);
  const reference = isNamedAtOnce(story) ? deal.reference : undefined;
  story.tell(outcomeEvent({ at, key, opportunityId, reference, metric, unit, baseline: 95, target: 40, due }));
  return daysAfter(`${due}T00:00:00.000Z`, 1);
};

/** Tells which route is agreed. */
export const agreeRoute = (story: Story, { route, marketplace }: Way, day: Day): void =>
  update(story, day, { Route_To_Market__c: word({ route, ...(marketplace === undefined ? {} : { marketplace }) }) });

/** Says after the agreement which route the buyer prefers; answers nothing, or gives the reason some days later. */
const prefer = (story: Story, preference: NonNullable<Plot['preference']>, agreed: Day): void => {
  const { deal, calendar } = story;
  const { route, marketplace } = deal.way;
  const way = { route, ...(marketplace === undefined ? {} : { marketplace }) };
  const [other] = otherWays(deal);
  const said = (day: Day, more: object): void =>
    story.say('hub', 'RouteAgreed', { at: calendar.work(day), data: { ...way, ...more } });
  said(agreed + 1.2, { buyerPreference: other?.route ?? (route === 'direct' ? 'two_tier' : 'direct') });
  const isExplained = preference === 'explained';
  if (isExplained) said(agreed + 4.2, { reason: 'framework_agreement' });
  const mended = isExplained ? calendar.work(agreed + 4.2) : undefined;
  story.plant('P5.2', { at: calendar.work(agreed + 1.2), mended });
};

/** The partner is named for everything but the delivery. */
const join = ({ deal, say, calendar }: Story, day: Day): void => {
  const responsibilities = ['sell', 'bill', 'support'];
  const data = { org: channelParty(deal.partner.id), responsibilities };
  say('hub', 'ParticipantJoined', { at: calendar.work(day), data });
};

/** What the later chapters have to know of the sale. */
export interface Sold {
  /** When the last day of the agreed outcome is over. */
  readonly outcomeDue: string | undefined;
  /** When the day is over on which the deal was expected to close. */
  readonly closes: string;
}

/** Tells the sale, which ends on day 0. A lost deal has no further chapters. */
export const sell = (story: Story): Sold => {
  const { plot, deal, random } = story;
  const opened = -random.between(34, 56);
  const proposed = opened * random.between(0.28, 0.4);
  open(story, opened);

  const agreedOn = { agreed: opened * 0.7, afterwards: 21, never: undefined }[plot.outcome ?? 'agreed'];
  const due = agreedOn === undefined ? undefined : agreeOutcome(story, agreedOn);
  const { work } = story.calendar;
  const isLost = plot.end === 'lost' || plot.end === 'lostAtProcurement';
  if (plot.end === 'lostAtProcurement') story.plant('P5.8', { at: work(0.5), mended: work(0.5), lasts: true });
  if (plot.bespoke) story.plant('P2.6', { at: work(0.5), ofPartner: 'together' });
  if (isLost) story.end(work(0.5));
  else if (plot.outcome !== undefined)
    story.plant('P1.1', { at: work(0.5), mended: plot.outcome === 'afterwards' ? work(21) : undefined });

  const agreed = opened * 0.55;
  switch (plot.routeAgreed) {
    case undefined:
      agreeRoute(story, deal.firstWay ?? deal.way, agreed);
      if (plot.preference !== undefined) prefer(story, plot.preference, agreed);
      break;
    case 'afterwards':
      agreeRoute(story, deal.way, proposed + 4);
      story.plant('P5.1', { at: work(proposed), mended: work(proposed + 4) });
      break;
    case 'never':
      story.plant('P5.1', { at: work(proposed) });
      break;
    case 'unsellable':
    case 'wrongMarketplace':
      agreeRoute(story, deal.way, agreed);
      story.plant('P5.3', { at: work(agreed) });
      break;
    case 'changed':
      agreeRoute(story, deal.firstWay ?? deal.way, agreed);
      agreeRoute(story, deal.way, proposed + 3);
      story.plant('P5.3', { at: work(agreed), mended: work(proposed + 3) });
      break;
    default:
      plot.routeAgreed satisfies never;
  }

  update(story, proposed, { StageName: 'Proposal/Price Quote', Probability: 60, ForecastCategory: 'MostLikely' });
  const won = !isLost;
  update(story, 0.5, {
    StageName: won ? 'Closed Won' : 'Closed Lost',
    Probability: won ? 100 : 0,
    ForecastCategory: won ? 'Closed' : 'Omitted',
    IsClosed: true,
    IsWon: won,
    ...(plot.end === 'lostAtProcurement' ? { Loss_Reason__c: 'procurement' } : {}),
  });
  if (plot.responsible !== undefined) join(story, opened + 2);
  return { outcomeDue: due, closes: daysAfter(`${closeOf(story, opened)}T00:00:00.000Z`, 1) };
};
