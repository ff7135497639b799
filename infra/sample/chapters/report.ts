// Which evidence of value does a customer of the sample get? Usage is measured each month, and a report comes each quarter.
import { type Day, daysAfter, monthAfter } from '../calendar.ts';
import type { Plot } from '../plot.ts';
import type { Story } from '../story.ts';
import { handOver } from './handoff.ts';
import { measure } from './measure.ts';
import type { Term } from './procure.ts';

const month = 30;

/** Use is measured in one month of two: more would say no more of a healthy customer. */
const between = 76;
const quarter = 86;

/** Two whole months of little use, two months after go-live, and two of better use where it recovers. */
const measureLowUse = (story: Story, { subscriptionId }: Term, live: string): void => {
  const [first, days] = [monthAfter(daysAfter(live, 60), 1), 3];
  const months = story.plot.use === 'recovering' ? [0.4, 0.4, 0.95, 0.95] : [0.4, 0.4];
  for (const [index, share] of months.entries()) {
    const until = daysAfter(monthAfter(first, index + 1), -0.05);
    measure(story, subscriptionId, { from: monthAfter(first, index), until, at: daysAfter(until, 0.03), share });
  }
  // A month is judged once its last measurements can have come.
  const mended = months.length > 2 ? daysAfter(monthAfter(first, 4), days) : undefined;
  story.plant('P1.2', { at: daysAfter(monthAfter(first, 2), days), mended });
};

/** Tells the measurements of telemetry, from the term's start to the end of the story. */
export const measureUse = (
  story: Story,
  term: Term,
  { live, end }: { readonly live: string; readonly end: Day },
): void => {
  const { plot, calendar, random } = story;
  if (plot.use === 'low' || plot.use === 'recovering') {
    measureLowUse(story, term, live);
    return;
  }
  const started = calendar.dayOf(term.start);
  const last = Math.min(end, calendar.today);
  const ratio = random.between(0.88, 0.97);
  const isUnused = (until: Day): boolean => plot.use === 'never' || (plot.use === 'late' && until < started + 80);
  const measuredAt = (until: Day): string => calendar.at(until + 0.05);
  if (plot.use !== undefined) {
    const mended = plot.use === 'late' ? measuredAt(started + month + between) : undefined;
    story.plant('P1.3', { at: daysAfter(term.start, 45), mended });
  }
  for (let from = started; from + month <= last; from += between) {
    const until = from + month;
    const window = { from: calendar.at(from), until: calendar.at(until), at: measuredAt(until) };
    measure(story, term.subscriptionId, { ...window, share: isUnused(until) ? 0 : ratio });
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
    const isLong = plot.reports === 'gap' || plot.innocent === 'liveDashboard';
    if (isLong && days.length === 1) day += 40;
  }
  return days;
};

/** Whether the reports say nothing of the business. */
export const isThin = ({ reports }: Plot): boolean => reports === 'withoutImpact' || reports === 'impactLate';

const sectionsOf = ({ plot }: Story): readonly string[] =>
  isThin(plot) ? ['adoption', 'security'] : ['adoption', 'compliance', 'business_impact'];

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

const measureOutcome = ({ deal, say }: Story, at: string, isReached: boolean): void => {
  const measured = { value: isReached ? 40 : 70, unit: deal.offer.unit, met: isReached };
  say('telemetry', 'OutcomeMeasured', { at, data: { outcomeId: deal.outcomeId, ...measured } });
};

export interface Reporting {
  readonly subscriptionId: string;
  readonly live: Day;
  readonly end: Day;
  /** When a report of impact comes after all, if the renewal needs one. */
  readonly impactAt: string | undefined;
  /** When the agreed outcome is to be measured. */
  readonly outcomeDue: string | undefined;
}

/** Tells the reports of a solution that went live on a day, until the story's end. */
export const report = (story: Story, { subscriptionId, live, end, impactAt, outcomeDue }: Reporting): void => {
  const { plot, deal, calendar, random } = story;
  const wish = { from: 'deliver', to: 'report', needed: live, begins: live + random.between(22, 32) } as const;
  if (outcomeDue !== undefined && (plot.reports === 'none' || plot.use === 'never'))
    story.plant('P4.3', { at: outcomeDue });
  if (plot.reports === 'none') {
    // The handoff was accepted, but nobody reports.
    handOver(story, { ...wish, begins: Number.POSITIVE_INFINITY, course: undefined });
    if (plot.innocent === undefined) story.plant('P4.1', { at: daysAfter(calendar.work(live), 100) });
    return;
  }
  const first = handOver(story, { ...wish, course: plot.toReport });
  const days = reportDays(story, first, end);
  const sent = (index: number): string | undefined => {
    const day = days[index];
    return day === undefined ? undefined : calendar.work(day);
  };
  if (plot.innocent === 'liveDashboard') {
    const at = calendar.at(first + 60);
    const seen = { windowStart: calendar.at(first + 30), windowEnd: at, activeUnits: 4, metric: 'dashboard_views' };
    story.say('telemetry', 'UsageMeasured', { at, data: { subscriptionId, ...seen } });
  }
  if (plot.reports === 'gap') story.plant('P4.1', { at: daysAfter(calendar.work(first), 100), mended: sent(1) });
  const second = sent(1);
  if (isThin(plot) && second !== undefined) story.plant('P4.2', { at: second, mended: impactAt });
  for (const [index, day] of days.entries()) {
    reportValue(story, { day, number: `${index + 1}`, sections: sectionsOf(story) });
    if (plot.reading === 'late' && index === 1) {
      const reportId = `${deal.reference}/report/${index + 1}`;
      story.say('hub', 'ReportAcknowledged', { at: calendar.work(day + 32), data: { reportId } });
    }
    // One report of two is acknowledged: whoever reads that one has seen the one before.
    const isRead = plot.reading === undefined || (plot.reading === 'late' && index > 1);
    if (isRead && index % 2 === 0) {
      const reportId = `${deal.reference}/report/${index + 1}`;
      story.say('hub', 'ReportAcknowledged', { at: calendar.work(day + 3), data: { reportId } });
    }
    if (index > 0 || plot.outcome === 'never' || plot.use === 'never') continue;
    const isReached = plot.measured === undefined;
    measureOutcome(story, calendar.work(day - 0.5), isReached);
  }
  if (plot.measured !== undefined && outcomeDue !== undefined) {
    const reached = plot.measured === 'reachedLate' ? daysAfter(outcomeDue, 9) : undefined;
    if (reached !== undefined) measureOutcome(story, reached, true);
    story.plant('P1.5', { at: outcomeDue, mended: reached });
  }
  if (plot.reading !== undefined && second !== undefined) {
    const read = plot.reading === 'late' ? calendar.work((days[1] ?? 0) + 32) : undefined;
    story.plant('P4.6', { at: daysAfter(second, 21), mended: read });
  }
};
