// What does a story hold? Messages about one deal, each with its time, up to today, and the failures that they show.
import { type Calendar, calendarOf } from './calendar.ts';
import { cloudEvent, type Saying } from './cloudEvents.ts';
import { type Deal, dealOf } from './deal.ts';
import type { NamedEpisode } from './episode.ts';
import { partyOf } from './participants.ts';
import type { Plot } from './plot.ts';
import { type Random, randomOf } from './random.ts';
import type { SampleMessage } from './sampleMessage.ts';

/** When a failure shows, and when it is mended; absent: not, unless the engagement ends. */
export interface Shown {
  readonly at: string;
  readonly mended?: string | undefined;
  /** A fact of history: no end closes it. */
  readonly lasts?: boolean;
  /** The flag is the lead partner's: this story shows it, or the last of several that show it together. */
  readonly ofPartner?: 'alone' | 'together';
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
  /** Notes a failure that a rule shows from an instant on, until another one; what shows only after today is left out. */
  plant(rule: string, shown: Shown): void;
  /** Notes that somebody waits from an instant until another one: today is not between them, or the wait would fall due. */
  wait(from: string, until: string): void;
  /** Notes when the engagement ends: what is open then is closed. */
  end(at: string): void;
}

/** A planted failure; what several stories show together is told by each, and shows at the last of them. */
export interface PlantedHere extends NamedEpisode {
  readonly together?: boolean;
}

export interface Told {
  readonly deal: Deal;
  readonly messages: readonly SampleMessage[];
  /** The failures: the rule that must find each, and when its flag must be raised and cleared. */
  readonly planted: readonly PlantedHere[];
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
  const noted: (Shown & { readonly rule: string })[] = [];
  let ended: string | undefined;
  let waits = false;
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
    plant: (rule, shown) => {
      noted.push({ rule, ...shown });
    },
    wait: (from, until) => {
      waits ||= from < end && until >= end;
    },
    end: (at) => {
      ended = at;
    },
  };
  chapters(story);
  const [quietFrom, quietTo] = [calendar.at(calendar.today - quietBefore), calendar.at(calendar.today + quietAfter)];
  const isUnclear = (at: string | undefined): boolean => at !== undefined && at > quietFrom && at < quietTo;
  const { engagementId, reference } = deal;
  const ofEngagement = { engagementId, reference };
  const ofItsPartner = { engagementId: '', partnerId: partyOf(deal.partner.id), reference: deal.partner.name };
  const shown = noted.flatMap(({ rule, at, mended, lasts = false, ofPartner }) => {
    const isOwn = !lasts && ofPartner === undefined;
    const [clearedAt] = [mended, isOwn ? ended : undefined].flatMap((each) => each ?? []).sort();
    const subject = ofPartner === undefined ? ofEngagement : { ...ofItsPartner, together: ofPartner === 'together' };
    return ended !== undefined && at >= ended && isOwn ? [] : [{ rule, ...subject, raisedAt: at, clearedAt }];
  });
  if (waits || shown.some(({ raisedAt, clearedAt }) => isUnclear(raisedAt) || (raisedAt < end && isUnclear(clearedAt))))
    return undefined;
  const planted = shown
    .filter(({ raisedAt }) => raisedAt < end)
    .map(({ clearedAt, ...rest }) => ({
      ...rest,
      clearedAt: clearedAt !== undefined && clearedAt < end ? clearedAt : undefined,
    }));
  return { deal, messages, planted };
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
