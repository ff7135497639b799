// How is a deal of the sample sold? People open it in the CRM, agree on an outcome and a route, propose a solution, and win or lose it.
import { type Day, dateAfter } from '../calendar.ts';
import type { Way } from '../deal.ts';
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
    CloseDate: dateAfter(at, 60),
    ForecastCategory: 'Pipeline',
    IsClosed: false,
    IsWon: false,
    Type: 'New Business',
    Offer_Id__c: offer.id,
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

const agreeOutcome = (story: Story, day: Day): void => {
  const { deal, calendar } = story;
  const at = calendar.work(day);
  const { outcomeId: key, opportunityId, offer } = deal;
  const { metric, unit } = offer;
  const due = dateAfter(at, 240);
  const reference = isNamedAtOnce(story) ? deal.reference : undefined;
  story.tell(outcomeEvent({ at, key, opportunityId, reference, metric, unit, baseline: 95, target: 40, due }));
};

const agreeRoute = (story: Story, { route, marketplace }: Way, day: Day): void =>
  update(story, day, { Route_To_Market__c: word({ route, ...(marketplace === undefined ? {} : { marketplace }) }) });

/** Tells the sale, which ends on day 0. A lost deal has no further chapters. */
export const sell = (story: Story): void => {
  const { plot, deal, random } = story;
  const opened = -random.between(34, 56);
  const proposed = opened * random.between(0.28, 0.4);
  open(story, opened);

  if (plot.outcome === undefined) agreeOutcome(story, opened * 0.7);
  if (plot.outcome === 'afterwards') agreeOutcome(story, 21);
  if (plot.outcome !== undefined && plot.end !== 'lost') story.plant('P1.1', { from: -2, until: 1 });

  const agreed = opened * 0.55;
  switch (plot.routeAgreed) {
    case undefined:
      agreeRoute(story, deal.way, agreed);
      break;
    case 'afterwards':
      agreeRoute(story, deal.way, proposed + 4);
      story.plant('P5.1', { from: proposed - 2, until: proposed + 1 });
      break;
    case 'never':
      story.plant('P5.1', { from: proposed - 2, until: proposed + 1 });
      break;
    case 'unsellable':
    case 'wrongMarketplace':
      agreeRoute(story, deal.way, agreed);
      story.plant('P5.3', { from: agreed - 2, until: agreed + 1 });
      break;
    case 'changed':
      agreeRoute(story, deal.firstWay ?? deal.way, agreed);
      agreeRoute(story, deal.way, proposed + 3);
      story.plant('P5.3', { from: agreed - 2, until: agreed + 1 });
      break;
    default:
      plot.routeAgreed satisfies never;
  }

  update(story, opened * 0.6, { ForecastCategory: 'BestCase', NextStep: 'Assessment' });
  const amount = { Amount: deal.amountMinor / 100, ForecastCategory: 'MostLikely' };
  update(story, proposed, { StageName: 'Proposal/Price Quote', Probability: 60, ...amount });
  const won = plot.end !== 'lost';
  update(story, 0.5, {
    StageName: won ? 'Closed Won' : 'Closed Lost',
    Probability: won ? 100 : 0,
    ForecastCategory: won ? 'Closed' : 'Omitted',
    IsClosed: true,
    IsWon: won,
  });
};
