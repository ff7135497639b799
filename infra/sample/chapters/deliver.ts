// How is a solution of the sample delivered? With or without a template, with logged work (part of it customisation), until it is live.
import type { Day } from '../calendar.ts';
import { templateOf } from '../offers.ts';
import type { Story } from '../story.ts';
import { handOver } from './handoff.ts';

/** The minutes of each piece of work in turn; after the piece with this index, work is customisation. */
interface Effort {
  readonly turns: readonly number[];
  readonly customised: number;
  readonly after: number;
}

const effortOf = ({ plot, random }: Story): Effort => {
  const turns = [0, 1, 2, 3].map(() => random.whole(24, 46) * 10);
  const total = turns.reduce((sum, minutes) => sum + minutes, 0);
  switch (plot.customisation) {
    case undefined:
      return { turns, customised: random.chance(0.5) ? random.whole(2, 9) * 5 : 0, after: 2 };
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
const built = ['implemented', 'automation_configured', 'governance_established'] as const;

const isFlagged = ({ plot }: Story): boolean => plot.customisation !== undefined;

/** Tells the delivery of an order that was fulfilled on a day; answers the day on which the solution is live. */
export const deliver = (story: Story, fulfilled: Day): Day => {
  const { plot, deal, calendar, random } = story;
  const wish = { from: deal.way.route === 'direct' ? 'sell' : 'procure', to: 'deliver', needed: 0.5 } as const;
  const begins = handOver(story, { ...wish, begins: fulfilled + random.between(3.5, 6), course: plot.toDeliver });
  const say = (type: string, day: Day, data: Readonly<Record<string, unknown>>): void =>
    story.say('delivery', type, { at: calendar.work(day), data });

  const template = { templateRef: templateOf(deal.offer), templateVersion: '1' };
  const planned = { plannedMinutes: deal.offer.plannedMinutes, plannedGoLive: calendar.at(Math.floor(begins) + 35) };
  say('DeliveryStarted', begins, plot.template === undefined ? { ...template, ...planned } : planned);
  if (plot.template !== undefined) story.plant('P2.1', { from: begins - 2, until: begins + 1 });
  if (plot.template === 'rebased') say('DeliveryStarted', begins + 8.5, { ...template, ...planned });

  const { turns, customised, after } = effortOf(story);
  const pace = random.between(4, 6.5);
  for (const [index, minutes] of turns.entries()) {
    const day = begins + 1 + index * pace;
    const workId = `${deal.reference}/work/${index + 1}`;
    say('WorkLogged', day, { workId, category: 'implementation', minutes, billable: true });
    if (index !== after || customised === 0) continue;
    const reason = `delivery:${deal.reference}/deviation`;
    say('DeviationRecorded', day + 0.4, { kind: 'customisation', minutes: customised, reason });
    if (isFlagged(story)) story.plant('P2.2', { from: day - 2, until: day + 1.4 });
  }
  const implemented = begins + 1 + turns.length * pace;
  const live = implemented + random.between(5, 9);
  say('MilestoneReached', implemented, { milestone: built[deal.quantity % built.length] });
  say('MilestoneReached', implemented + 3.2, { milestone: 'users_onboarded' });
  say('MilestoneReached', live, { milestone: 'go_live' });
  return live;
};
