// How does a term of the sample end? A renewal is handed off, proposed and decided before the end; the customer renews for a year, or leaves.
import { type Day, yearAfter } from '../calendar.ts';
import { cloudEvent } from '../cloudEvents.ts';
import { changeEvent } from '../salesforceRecords.ts';
import type { Story } from '../story.ts';
import { invoice, quantityChanged, subscriptionDeleted, subscriptionRenewed } from '../stripeEvents.ts';
import { handOver } from './handoff.ts';
import { planOf, type Term } from './procure.ts';
import { isThin, reportValue } from './report.ts';

/** A term of one year opens Renew by itself this many days before its end. */
const window = 90;

/** Whether the customer leaves. */
const leaves = ({ plot }: Story): boolean => plot.end === 'leaves' || plot.end === 'leavesUnused';

/** Whether nobody says in time what follows the term. */
const isOpenEnded = ({ plot }: Story): boolean => plot.end === 'undecided' || plot.end === 'decidedLate';

/** The renewal's own opportunity, if the CRM has one; it names the engagement that is renewed. */
const proposeInCrm = (story: Story, proposed: Day, decided: Day): void => {
  const { deal, calendar } = story;
  const records = [deal.renewalId];
  const fields = {
    AccountId: deal.accountId,
    Name: `${deal.customer}: renewal`,
    StageName: 'Negotiation',
    Amount: deal.amountMinor / 100,
    CurrencyIsoCode: deal.partner.currency,
    IsClosed: false,
    IsWon: false,
    Type: 'Renewal',
    Engagement_Id__c: deal.reference,
    Sourcing_Partner__c: deal.partner.id,
  };
  story.tell(changeEvent({ entity: 'Opportunity', change: 'CREATE', records, at: calendar.work(proposed), fields }));
  const won = !leaves(story);
  const closed = { StageName: won ? 'Closed Won' : 'Closed Lost', IsClosed: true, IsWon: won };
  const at = calendar.work(decided - 4);
  story.tell(changeEvent({ entity: 'Opportunity', change: 'UPDATE', records, at, fields: closed }));
};

/** When the renewal is decided: by billing at the end of the term, by people before it, by a leaving customer at its end. */
const decisionOf = (story: Story, term: Term, decided: Day): string =>
  leaves(story) || story.deal.way.route === 'direct' ? term.end : story.calendar.work(decided);

/** Tells the proposal; answers when a report of impact follows it. */
const propose = (story: Story, proposed: Day, decided: Day): string | undefined => {
  const { deal, calendar, random, plot } = story;
  if (random.chance(0.5) && !isOpenEnded(story)) proposeInCrm(story, proposed, decided);
  else {
    const value = { amount: (deal.amountMinor / 100).toFixed(2), currency: deal.partner.currency };
    const data = { subscriptionIds: [], value, expansion: false };
    story.say('hub', 'RenewalProposed', { at: calendar.work(proposed), data });
  }
  if (plot.reports !== 'impactLate') return undefined;
  reportValue(story, { day: proposed + 7.5, number: 'impact', sections: ['adoption', 'business_impact'] });
  const reportId = `${deal.reference}/report/impact`;
  story.say('hub', 'ReportAcknowledged', { at: calendar.work(proposed + 10), data: { reportId } });
  return calendar.work(proposed + 7.5);
};

const renewed = (story: Story, term: Term, decided: Day): void => {
  const { deal, calendar } = story;
  const next = { ...term, start: term.end, end: yearAfter(term.end) };
  const amount = { amountMinor: deal.amountMinor, currency: deal.partner.currency };
  const terms = { termStart: next.start, termEnd: next.end, quantity: deal.quantity };
  switch (deal.way.route) {
    case 'direct': {
      // Billing renews by itself, at the end of the term.
      const plan = planOf(deal, next);
      story.tell(subscriptionRenewed(plan, { termStart: term.start, termEnd: term.end }));
      const paid = calendar.at(calendar.dayOf(next.start) + 12);
      story.tell(invoice({ plan, at: paid, outcome: 'paid', named: true }));
      return;
    }
    case 'two_tier': {
      const data = { subscription: term.subscriptionId, total: (deal.amountMinor / 100).toFixed(2), ...terms };
      const type = 'com.arrowline.subscription.renewed.v1';
      const priced = { ...data, currency: deal.partner.currency };
      story.tell(cloudEvent({ system: 'distributor', at: calendar.work(decided), type, data: priced }));
      return;
    }
    case 'marketplace':
    case 'co_sell': {
      const system = deal.way.route === 'marketplace' ? 'marketplaces' : 'hub';
      const data = { subscriptionId: term.subscriptionId, ...terms, price: amount, billingPeriod: 'P1Y' };
      story.say(system, 'SubscriptionRenewed', { at: calendar.work(decided), data });
      return;
    }
    default:
      deal.way.route satisfies never;
  }
};

const ended = (story: Story, term: Term): void => {
  const { deal, plot } = story;
  const unused = plot.end === 'leavesUnused';
  const at = term.end;
  switch (deal.way.route) {
    case 'direct':
      story.tell(subscriptionDeleted(planOf(deal, term), at, unused ? 'unused' : 'too_expensive'));
      return;
    case 'two_tier': {
      const data = { subscription: term.subscriptionId, because: unused ? 'NOT_USED' : 'TOO_EXPENSIVE' };
      story.tell(cloudEvent({ system: 'distributor', at, type: 'com.arrowline.subscription.ended.v1', data }));
      return;
    }
    case 'marketplace':
    case 'co_sell': {
      const system = deal.way.route === 'marketplace' ? 'marketplaces' : 'hub';
      const data = { subscriptionId: term.subscriptionId, reason: unused ? 'unused' : 'price' };
      story.say(system, 'SubscriptionEnded', { at, data });
      return;
    }
    default:
      deal.way.route satisfies never;
  }
};

/** Some customers take more seats half-way through their term. */
export const grow = (story: Story, term: Term): void => {
  const { deal, calendar } = story;
  if (deal.way.route !== 'direct' || deal.quantity % 3 !== 0 || story.plot.use === 'never') return;
  const at = calendar.at(calendar.dayOf(term.start) + 150);
  const plan = { ...planOf(deal, term), quantity: deal.quantity + 4 };
  story.tell(quantityChanged(plan, at, deal.quantity));
};

/** Tells the end of a term; answers when a report of impact follows the proposal of the next one. */
export const renew = (story: Story, term: Term): string | undefined => {
  const { plot, calendar, random } = story;
  const opens = calendar.dayOf(term.end) - window;
  const decided = plot.end === 'decidedLate' ? opens + window + 12 : opens + random.between(72, 80);
  const decidedAt = decisionOf(story, term, decided);
  const wish = { from: 'report', to: 'renew', needed: opens, decided: decidedAt } as const;
  const proposed = handOver(story, { ...wish, begins: opens + random.between(24, 32), course: plot.toRenew });
  const impactAt = propose(story, proposed, decided);
  if (plot.reports === 'none' || isThin(plot)) {
    const [mended] = [impactAt, decidedAt].flatMap((at) => at ?? []).sort();
    story.plant('P4.5', { at: calendar.at(opens), mended });
    story.plant('P4.4', { at: calendar.work(proposed), mended });
  }
  if (plot.end === 'leavesUnused') story.plant('P1.6', { at: term.end, lasts: true });
  if (leaves(story)) {
    story.end(term.end);
    ended(story, term);
  } else if (plot.end !== 'undecided') renewed(story, term, decided);
  if (isOpenEnded(story))
    story.plant('P4.7', { at: term.end, mended: plot.end === 'decidedLate' ? decidedAt : undefined });
  return impactAt;
};
