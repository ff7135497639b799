// In which order do the chapters of a story come? Sold, bought, delivered, reported and renewed, up to the story's end.

import type { Story } from '../story.ts';
import { deliver } from './deliver.ts';
import { handOver } from './handoff.ts';
import { procure } from './procure.ts';
import { grow, renew } from './renew.ts';
import { measureUse, report } from './report.ts';
import { sell } from './sell.ts';

/** Tells all chapters; the story itself leaves out what would happen after today. */
export const chapters = (story: Story): void => {
  const { plot, calendar } = story;
  sell(story);
  if (plot.end === 'lost') return;
  const term = procure(story);
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
  const live = deliver(story, calendar.dayOf(term.start));
  const goes = plot.end === 'leaves' || plot.end === 'leavesUnused';
  const end = goes ? calendar.dayOf(term.end) : Number.POSITIVE_INFINITY;
  measureUse(story, term, end);
  grow(story, term);
  report(story, { live, end });
  renew(story, term);
};
