// Do the reports that a customer gets show more than one side, and the impact on the business?
import * as z from 'zod';
import type { RecordedOf } from '../../events/catalog.ts';
import { addMilliseconds } from '../../events/instant.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';
import { awaited, cites, measured, tolerated } from './awaited.ts';
import type { Rule, Verdict } from './pattern.ts';

const thinThresholds = z.object({
  /** How many thin reports in a row raise the flag. */
  reports: z.int().positive().max(100).default(2),
  /** The topics that a report covers at least, business impact among them. */
  topics: z.int().positive().max(4).default(2),
});

type Report = RecordedOf<'ValueReported'>;

const topicsOf = ({ data }: Report): number => new Set(data.sections).size;

const isThin = (report: Report, topics: number): boolean =>
  !report.data.sections.includes('business_impact') || topicsOf(report) < topics;

/** The thin reports, each once: a report that is said twice is no second one. */
const thinOnes = (reports: readonly Report[], topics: number): readonly Report[] => {
  const seen = new Set<string>();
  return reports.filter((report) => {
    const isKnown = seen.has(report.data.reportId);
    seen.add(report.data.reportId);
    return !isKnown && isThin(report, topics);
  });
};

const citesThin = (report: Report) =>
  cites(
    report,
    `this report covers ${topicsOf(report)} of four topics, ${report.data.sections.includes('business_impact') ? 'business impact among them' : 'without business impact'}`,
  );

/**
 * P4.2: `reports` reports in a row lack business impact, or cover fewer than `topics` of adoption, compliance, security and
 * business impact. A report that covers enough clears the flag; further thin ones open no second flag.
 */
export const thinReports: Rule<typeof thinThresholds> = {
  id: 'P4.2',
  title: 'Thin reports',
  opens: ['ValueReported'],
  thresholds: thinThresholds,
  verdicts: (view, { reports: inARow, topics }) => {
    const all = view.engagement.of('ValueReported');
    const full = all.filter((report) => !isThin(report, topics));
    const verdicts: Verdict[] = [];
    let run: Report[] = [];
    let next = firstWhere(full, () => true);
    let isOpen = false;
    for (const thin of thinOnes(all, topics)) {
      // Reports within the tolerance are one delivery: a full one among them makes it full.
      if (next !== undefined && next.occurredAt <= tolerated(thin.occurredAt)) {
        run = [];
        isOpen = false;
      }
      const since = addMilliseconds(thin.occurredAt, -tolerance);
      next = firstWhere(full, ({ occurredAt }) => occurredAt >= since);
      if (isOpen || (next !== undefined && next.occurredAt <= tolerated(thin.occurredAt))) continue;
      run.push(thin);
      if (run.length < inARow) continue;
      isOpen = true;
      const found = awaited(view, {
        subject: 'engagement',
        openedBy: thin,
        awaits: [],
        dueAt: thin.occurredAt,
        answer: next,
        waitsFor: 'a report that shows the impact on the business',
        severity: 'medium',
        evidence: [
          ...run.map(citesThin),
          measured('thin reports in a row', run.length, inARow),
          measured('topics of the last report', topicsOf(thin), topics),
        ],
        clearsWhen: `A report covers business impact, and at least ${topics} topics in all.`,
        nextStep:
          'Add to the next report what the customer’s business gained, beside adoption, compliance or security.',
        reason: 'fullReport',
      });
      verdicts.push(...found);
    }
    return verdicts;
  },
};
