// In which order do the chapters of a story come? Sold, bought, delivered, reported and renewed, up to the story's end.

import { daysAfter } from '../calendar.ts';
import type { Story } from '../story.ts';
import { deliver } from './deliver.ts';
import { excuse } from './excuses.ts';
import { handOver } from './handoff.ts';
import { procure, type Term } from './procure.ts';
import { grow, renew } from './renew.ts';
import { measureUse, report } from './report.ts';
import { sell } from './sell.ts';

/** A customer that gets its licence, and nothing else. */
const buyAlone = (story: Story, term: Term): void => {
  const wish = { from: story.deal.way.route === 'direct' ? 'sell' : 'procure', to: 'deliver', needed: 0.5 } as const;
  handOver(story, { ...wish, begins: Number.POSITIVE_INFINITY, course: undefined });
  measureUse(story, term, { live: term.start, end: Number.POSITIVE_INFINITY });
  story.plant('P1.4', { at: daysAfter(term.start, 90) });
};

/** Tells all chapters; the story itself leaves out what would happen after today. */
export const chapters = (story: Story): void => {
  const { plot, calendar } = story;
  const { outcomeDue, closes } = sell(story);
  if (plot.end === 'lost' || plot.end === 'lostAtProcurement') return;
  const term = procure(story, closes);
  if (term === undefined) {
    // The order doesn't continue, although everything is ready for the delivery.
    handOver(story, {
      from: 'procure',
      to: 'deliver',
      needed: 0.5,
      begins: Number.POSITIVE_INFINITY,
      course: plot.toDeliver,
    });
    return;
  }
  if (plot.delivery === 'none') {
    buyAlone(story, term);
    return;
  }
  const live = deliver(story, calendar.dayOf(term.start));
  const goes = plot.end === 'leaves' || plot.end === 'leavesUnused';
  const end = goes ? calendar.dayOf(term.end) : Number.POSITIVE_INFINITY;
  const isMeasured = excuse(story, term, calendar.work(live));
  if (!isMeasured) measureUse(story, term, { live: calendar.work(live), end });
  grow(story, term);
  const impactAt = renew(story, term);
  report(story, { subscriptionId: term.subscriptionId, live, end, impactAt, outcomeDue });
};
