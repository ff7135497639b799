// How is a solution of the sample delivered? With or without a template, with logged work (part of it customisation), until it is live.
import type { Day } from '../calendar.ts';
import { promoted } from '../innocents.ts';
import { templateOf } from '../offers.ts';
import type { Story } from '../story.ts';
import { handOver } from './handoff.ts';

/** The minutes of each piece of work in turn; after the piece with this index, work is customisation. */
interface Effort {
  readonly turns: readonly number[];
  readonly customised: number;
  readonly after: number;
}

const effortOf = ({ plot, deal, random }: Story): Effort => {
  const share = deal.offer.plannedMinutes / 400;
  const turns = (plot.customisation === undefined ? [0, 1] : [0, 1, 2, 3]).map(() =>
    Math.round(random.whole(70, 95) * share),
  );
  const total = turns.reduce((sum, minutes) => sum + minutes, 0);
  if (plot.effort !== undefined) {
    const each = Math.round(deal.offer.plannedMinutes * 0.47);
    return { turns: [each, each, each], customised: 0, after: 0 };
  }
  switch (plot.customisation) {
    case undefined:
      return { turns, customised: random.chance(0.5) ? random.whole(2, 9) * 5 : 0, after: 1 };
    case 'much':
      return { turns, customised: Math.round(total * random.between(0.24, 0.32)), after: 3 };
    case 'heavy':
      return { turns, customised: Math.round(total * random.between(0.42, 0.6)), after: 3 };
    case 'absorbed':
      return { turns: [260, 280, 420, 540], customised: 150, after: 1 };
    default:
      return plot.customisation satisfies never;
  }
};

/** What is told to be done before users come: one of these for each delivery. */
const built = ['implemented', 'automation_configured', 'governance_established', 'users_onboarded'] as const;

const isFlagged = ({ plot }: Story): boolean => plot.customisation !== undefined && plot.innocent === undefined;

/** The last piece of work takes more than was planned for all; where it is billed, the books show how little is earned. */
const overrun = ({ plot, deal, plant, say, calendar }: Story, day: Day, live: string): void => {
  plant('P2.3', { at: calendar.work(day), mended: live });
  if (plot.effort !== 'overBilled') return;
  const amount = { amountMinor: deal.offer.plannedMinutes * 250, currency: deal.partner.currency };
  const entry = { entryId: `${deal.reference}/fee`, direction: 'revenue', category: 'implementation', kind: 'charge' };
  say('hub', 'LedgerEntryRecorded', { at: calendar.work(day + 0.2), data: { ...entry, amount } });
  const labour = {
    entryId: `${deal.reference}/labour`,
    direction: 'cost',
    category: 'delivery_labour',
    kind: 'accrual',
  };
  const cost = { amountMinor: deal.offer.plannedMinutes * 200, currency: deal.partner.currency };
  say('hub', 'LedgerEntryRecorded', { at: calendar.work(day + 0.3), data: { ...labour, amount: cost } });
  plant('P2.5', { at: live, ofPartner: 'alone' });
};

/** Delivery finds a promise outside the scope; sometimes a change order settles it. */
const promise = ({ plot, deal, plant, say, calendar }: Story, day: Day): void => {
  const commitmentId = `${deal.reference}/promise`;
  const gap = { kind: 'scope_gap', commitmentId, reason: `delivery:${deal.reference}/gap` };
  say('delivery', 'DeviationRecorded', { at: calendar.work(day), data: gap });
  const isSettled = plot.promise === 'settled';
  const settled = calendar.work(day + 6.2);
  if (isSettled) say('hub', 'CommitmentSettled', { at: settled, data: { commitmentId, how: 'changeOrder' } });
  plant('P3.6', { at: calendar.work(day), mended: isSettled ? settled : undefined });
};

/** Tells the delivery of an order that was fulfilled on a day; answers the day on which the solution is live. */
export const deliver = (story: Story, fulfilled: Day): Day => {
  const { plot, deal, calendar, random } = story;
  const wish = { from: deal.way.route === 'direct' ? 'sell' : 'procure', to: 'deliver', needed: 0.5 } as const;
  const begins = handOver(story, { ...wish, begins: fulfilled + random.between(3.5, 6), course: plot.toDeliver });
  const say = (type: string, day: Day, data: Readonly<Record<string, unknown>>): void =>
    story.say('delivery', type, { at: calendar.work(day), data });

  const template = { templateRef: templateOf(deal.offer), templateVersion: '1' };
  const planned = { plannedMinutes: deal.offer.plannedMinutes, plannedGoLive: calendar.at(Math.floor(begins) + 35) };
  const configured = plot.custom ? { configFingerprint: `configuration:${deal.reference}` } : {};
  say('DeliveryStarted', begins, plot.template === undefined ? { ...template, ...planned, ...configured } : planned);
  if (plot.template !== undefined) {
    const mended = plot.template === 'rebased' ? calendar.work(begins + 8.5) : undefined;
    story.plant('P2.1', { at: calendar.work(begins), mended });
  }
  if (plot.template === 'rebased') say('DeliveryStarted', begins + 8.5, { ...template, ...planned });

  const { turns, customised, after } = effortOf(story);
  const pace = random.between(4, 6.5);
  const implemented = begins + 1 + turns.length * pace;
  const live = implemented + random.between(5, 9);
  for (const [index, minutes] of turns.entries()) {
    const day = begins + 1 + index * pace;
    const workId = `${deal.reference}/work/${index + 1}`;
    say('WorkLogged', day, { workId, category: 'implementation', minutes, billable: true });
    if (index !== after || customised === 0) continue;
    const reason = `delivery:${deal.reference}/deviation`;
    const feature = plot.innocent === 'promotedIntoOffer' ? { feature: promoted.feature } : {};
    say('DeviationRecorded', day + 0.4, { kind: 'customisation', minutes: customised, reason, ...feature });
    const mended = plot.customisation === 'absorbed' ? calendar.work(live) : undefined;
    if (isFlagged(story)) story.plant('P2.2', { at: calendar.work(day + 0.4), mended });
  }
  if (plot.custom === 'anew') story.plant('P2.4', { at: calendar.work(live), ofPartner: 'together' });
  if (plot.effort !== undefined) overrun(story, begins + 1 + (turns.length - 1) * pace, calendar.work(live));
  if (plot.innocent === 'workBeforeTheSale') {
    const workId = `${deal.reference}/work/concept`;
    const minutes = deal.offer.plannedMinutes;
    story.say('delivery', 'WorkLogged', { at: calendar.work(-8), data: { workId, category: 'presales', minutes } });
  }
  if (plot.promise !== undefined) promise(story, begins + 3);
  if (plot.responsible !== undefined) story.plant('P3.7', { at: calendar.at(fulfilled), mended: calendar.work(live) });
  say('MilestoneReached', implemented, { milestone: built[deal.quantity % built.length] });
  say('MilestoneReached', live, { milestone: 'go_live' });
  return live;
};
