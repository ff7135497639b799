// What does a story hold? Messages about one deal, each with its time, up to today, and the failures that they show.
import { type Calendar, calendarOf, type Day } from './calendar.ts';
import { cloudEvent, type Saying } from './cloudEvents.ts';
import { type Deal, dealOf } from './deal.ts';
import type { PlantedRule } from './plantedRules.ts';
import type { Plot } from './plot.ts';
import { type Random, randomOf } from './random.ts';
import type { SampleMessage } from './sampleMessage.ts';

/** A planted failure: the engagement, and the rule that must find it. */
export interface Planted {
  readonly rule: PlantedRule;
  readonly engagementId: string;
  readonly reference: string;
}

/** A story while it is told. */
export interface Story {
  readonly plot: Plot;
  readonly deal: Deal;
  readonly calendar: Calendar;
  readonly random: Random;
  /** Adds a message, unless its time is after today. */
  tell(message: SampleMessage): void;
  /** Adds a fact about the engagement, from a system that uses our catalog's types. */
  say(system: Saying['system'], type: string, fact: { readonly at: string; readonly data: Saying['data'] }): void;
  /** Notes a failure that a rule shows between two days; a failure that shows only after today is left out. */
  plant(rule: PlantedRule, between: { readonly from: Day; readonly until: Day }): void;
}

export interface Told {
  readonly deal: Deal;
  readonly messages: readonly SampleMessage[];
  readonly planted: readonly Planted[];
}

/** Days around today on which no failure may become due: a sample that runs past midnight must have the same flags. */
const quietBefore = 1;
const quietAfter = 3;

/** Tells one story; undefined where a failure would become due too close to today, so that the result would depend on the hour. */
const tellOnce = (
  chapters: (story: Story) => void,
  { plot, calendar, deal, random }: Pick<Story, 'plot' | 'calendar' | 'deal' | 'random'>,
): Told | undefined => {
  const messages: SampleMessage[] = [];
  const rules = new Set<PlantedRule>();
  let unclear = false;
  const end = calendar.at(calendar.today);
  const story: Story = {
    plot,
    deal,
    calendar,
    random,
    tell: (message) => {
      if (message.at < end) messages.push(message);
    },
    say: (system, type, { at, data }) =>
      story.tell(
        cloudEvent({ system, at, type: `throughline.${type}`, subject: `engagement/${deal.reference}`, data }),
      ),
    plant: (rule, { from, until }) => {
      if (until <= calendar.today - quietBefore) rules.add(rule);
      else if (from < calendar.today + quietAfter) unclear = true;
    },
  };
  chapters(story);
  const { engagementId, reference } = deal;
  return unclear
    ? undefined
    : { deal, messages, planted: [...rules].map((rule) => ({ rule, engagementId, reference })) };
};

export interface StoryRequest {
  readonly plot: Plot;
  readonly number: number;
  readonly seed: number;
  readonly today: string;
}

/** Tells the story with this number; if a failure would become due too close to today, the story moves a few days back. */
export const tellStory = (chapters: (story: Story) => void, { plot, number, seed, today }: StoryRequest): Told => {
  const won = randomOf(seed, `won ${number}`).whole(...plot.won);
  for (let earlier = 0; earlier < 30; earlier += 1) {
    const random = randomOf(seed, `story ${number}`);
    const calendar = calendarOf(today, won + earlier);
    const deal = dealOf(plot, { number, openedIn: calendar.at(-45).slice(0, 4), random });
    const told = tellOnce(chapters, { plot, calendar, deal, random });
    if (told !== undefined) return told;
  }
  throw new Error(`story ${number} has no place in time: ${JSON.stringify(plot)}`);
};
