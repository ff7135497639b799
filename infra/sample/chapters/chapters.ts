// In which order does a story's life go by? Sold, bought, delivered, reported and renewed, as far as it comes.

import type { Story } from '../story.ts';
import { deliver } from './deliver.ts';
import { handOver } from './handoff.ts';
import { procure } from './procure.ts';
import { grow, renew } from './renew.ts';
import { measureUse, report } from './report.ts';
import { sell } from './sell.ts';

/** Tells a whole life; what lies after today is left out by the story itself. */
export const chapters = (story: Story): void => {
  const { plot, calendar } = story;
  sell(story);
  if (plot.end === 'lost') return;
  const term = procure(story);
  if (term === undefined) {
    // The order stalls, though everything was made ready for the delivery.
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
