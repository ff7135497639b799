// Which evidence of value does a customer of the sample get? Usage is measured each month, and a report comes each quarter.
import type { Day } from '../calendar.ts';
import type { Story } from '../story.ts';
import { handOver } from './handoff.ts';
import type { Term } from './procure.ts';

const month = 30;
const quarter = 86;

/** Tells the measurements of telemetry, from the term's start to the end of the story. */
export const measureUse = (story: Story, term: Term, end: Day): void => {
  const { plot, deal, calendar, random } = story;
  const started = calendar.dayOf(term.start);
  // Usage is known only after a measurement: before it, the story says nothing and the rule waits.
  if (plot.use !== undefined) story.plant('P1.3', { from: started + 45, until: started + 45.1 });
  const last = Math.min(end, calendar.today);
  const ratio = random.between(0.55, 0.95);
  for (let from = started; from + month <= last; from += month) {
    const until = from + month;
    const unused = plot.use === 'never' || (plot.use === 'late' && until < started + 80);
    const activeUnits = unused ? 0 : Math.max(1, Math.round(deal.quantity * ratio));
    const window = { windowStart: calendar.at(from), windowEnd: calendar.at(until) };
    const units = { purchasedUnits: deal.quantity, activeUnits, metric: 'active_seats' };
    const at = calendar.at(until + 0.05);
    story.say('telemetry', 'UsageMeasured', { at, data: { subscriptionId: term.subscriptionId, ...window, ...units } });
  }
};

/** The days of the reports: the first one, then one each quarter until the story's end. */
const reportDays = (story: Story, first: Day, end: Day): readonly Day[] => {
  const { plot, calendar, random } = story;
  if (plot.reports === 'none') return [];
  const days: Day[] = [];
  const last = Math.min(end, calendar.today);
  for (let day = first; day < last; day += quarter + random.between(0, 6)) {
    days.push(day);
    if (plot.reports === 'gap' && days.length === 1) day += 40;
  }
  return days;
};

const sectionsOf = ({ plot }: Story): readonly string[] =>
  plot.reports === 'withoutImpact' || plot.reports === 'impactLate'
    ? ['adoption', 'security']
    : ['adoption', 'compliance', 'business_impact'];

/** One report of value, with its number. */
export const reportValue = (
  story: Story,
  { day, number, sections }: { readonly day: Day; readonly number: string; readonly sections: readonly string[] },
): void => {
  const { deal, calendar } = story;
  const at = calendar.work(day);
  const period = { start: calendar.work(day - quarter).slice(0, 10), end: at.slice(0, 10) };
  const reportId = `${deal.reference}/report/${number}`;
  const artefact = { artefactRef: `hub:${reportId}`, branding: deal.partner.id };
  const outcomeIds = story.plot.outcome === 'never' ? [] : [deal.outcomeId];
  story.say('hub', 'ValueReported', { at, data: { reportId, period, sections, outcomeIds, ...artefact } });
};

/** Tells the reports of a solution that went live on a day, until the story's end. */
export const report = (story: Story, { live, end }: { readonly live: Day; readonly end: Day }): void => {
  const { plot, deal, calendar, random } = story;
  const wish = { from: 'deliver', to: 'report', needed: live, begins: live + random.between(22, 32) } as const;
  if (plot.reports === 'none') {
    // The handoff was accepted, but nobody reports.
    handOver(story, { ...wish, begins: Number.POSITIVE_INFINITY, course: undefined });
    story.plant('P4.1', { from: live + 97, until: live + 101 });
    return;
  }
  const first = handOver(story, { ...wish, course: plot.toReport });
  if (plot.reports === 'gap') story.plant('P4.1', { from: first + 97, until: first + 101 });
  const days = reportDays(story, first, end);
  for (const [index, day] of days.entries()) {
    reportValue(story, { day, number: `${index + 1}`, sections: sectionsOf(story) });
    if (plot.outcome === 'never' || plot.use === 'never') continue;
    const value = 95 - Math.min(55, (index + 1) * 14);
    const measured = { outcomeId: deal.outcomeId, value, unit: deal.offer.unit, met: value <= 40 };
    story.say('telemetry', 'OutcomeMeasured', { at: calendar.work(day - 0.5), data: measured });
  }
};
