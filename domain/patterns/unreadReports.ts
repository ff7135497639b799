// Does the customer read the reports that it gets?
import * as z from 'zod';
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addDays, addMilliseconds } from '../../events/instant.ts';
import { inFoldOrder } from '../history.ts';
import { firstWhere } from '../time/sortedSearch.ts';
import { tolerance } from '../time/tolerance.ts';
import { awaited, cites, measured, silence, tolerated } from './awaited.ts';
import { type Need, unheard } from './observed.ts';
import { postponed } from './outages.ts';
import type { Rule, Verdict } from './pattern.ts';

const unreadThresholds = z.object({ days: z.number().positive().max(3650).default(21) });

type Report = RecordedOf<'ValueReported'>;
type Acknowledged = RecordedOf<'ReportAcknowledged'>;

/** A report with its first acknowledgement; that of a later report counts too: whoever reads that one has seen this one. */
interface Sent {
  readonly report: Report;
  /** Those that name the report itself. */
  readonly own: readonly Acknowledged[];
  readonly read: Acknowledged | undefined;
}

const firstOf = <E extends RecordedEvent>(...events: readonly (E | undefined)[]): E | undefined =>
  events.filter((event) => event !== undefined).sort(inFoldOrder)[0];

/** The reports in fold order, each once, with what shows that they were read. An acknowledgement before its report counts for nothing. */
const sentOf = (reports: readonly Report[], acknowledgements: readonly Acknowledged[]): readonly Sent[] => {
  const byReport = Map.groupBy(acknowledgements, ({ data }) => data.reportId);
  const seen = new Set<string>();
  const each = reports.filter(({ data }) => {
    const isNew = !seen.has(data.reportId);
    seen.add(data.reportId);
    return isNew;
  });
  let read: Acknowledged | undefined;
  return each
    .toReversed()
    .map((report): Sent => {
      const since = addMilliseconds(report.occurredAt, -tolerance);
      const own = byReport.get(report.data.reportId) ?? [];
      read = firstOf(
        read,
        firstWhere(own, ({ occurredAt }) => occurredAt >= since),
      );
      return { report, own, read };
    })
    .reverse();
};

/**
 * P4.6: two reports in a row were not acknowledged within `days` days. Whoever acknowledges a report has seen the earlier ones. An
 * acknowledgement clears the flag; unread reports that were sent before it open no second one.
 */
export const unreadReports: Rule<typeof unreadThresholds> = {
  id: 'P4.6',
  title: 'Reports unread',
  opens: ['ValueReported'],
  thresholds: unreadThresholds,
  verdicts: (view, { days }) => {
    const { engagement } = view;
    const sent = sentOf(engagement.of('ValueReported'), engagement.of('ReportAcknowledged'));
    const awaits = ['ReportAcknowledged'] as const;
    const dueOf = ({ report }: Sent) => postponed(view, { awaits, dueAt: addDays(report.occurredAt, days) });
    const isUnread = (each: Sent): boolean => {
      const { dueAt, quiet } = dueOf(each);
      return each.read === undefined || (quiet === undefined && each.read.occurredAt > tolerated(dueAt));
    };
    const verdicts: Verdict[] = [];
    let lastUnheard: readonly Verdict[] = [];
    let open: { readonly until: Acknowledged | undefined } | undefined;
    for (const [index, last] of sent.entries()) {
      const before = sent[index - 1];
      if (view.heldFrom !== undefined && last.report.occurredAt < view.heldFrom) continue;
      const dueAt = addDays(last.report.occurredAt, days);
      if (open?.until !== undefined && open.until.occurredAt <= last.report.occurredAt) open = undefined;
      if (before === undefined || open !== undefined || !isUnread(before) || !isUnread(last)) continue;
      const lateFrom = tolerated(dueOf(last).dueAt);
      // Once both are late, whichever is acknowledged shows that the customer reads.
      const answer = firstOf(
        last.read,
        firstWhere(before.own, ({ occurredAt }) => occurredAt > lateFrom),
      );
      const need: Need = { awaits, at: before.report.occurredAt, by: before.report };
      const found = awaited(view, {
        subject: 'engagement',
        openedBy: last.report,
        awaits: need.awaits,
        armed: need,
        dueAt,
        answer,
        waitsFor: 'the customer’s acknowledgement of the report',
        severity: 'low',
        evidence: [
          cites(before.report, `this report was not acknowledged within ${days} days`),
          cites(last.report, 'nor was the next one'),
          silence('ReportAcknowledged', {
            from: last.report.occurredAt,
            until: dueAt,
            armedBy: last.report,
            says: 'the customer acknowledged no report',
          }),
          measured('days without an acknowledgement', days, days),
        ],
        clearsWhen: 'The customer acknowledges a report.',
        nextStep:
          'Ask the customer who should get the report and what they want to read, and go through the next one with them.',
        reason: 'acknowledgedLate',
      });
      // The last reports for which nobody listened stand for all of them, and keep no later ones from being judged.
      if (unheard(view, need) !== undefined) lastUnheard = found;
      else {
        open = { until: answer };
        verdicts.push(...found);
      }
    }
    return [...lastUnheard, ...verdicts];
  },
};
