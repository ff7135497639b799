// Did each report of value come in time after the one before?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import type { Engagement } from '../engagement/engagement.ts';
import { tolerance } from '../time/tolerance.ts';

/** A stretch from go-live, or from a report, to the report that follows. */
export interface ReportGap {
  readonly after: RecordedEvent;
  readonly dueAt: Instant;
  /** The report that ended it; undefined while it lasts. */
  readonly report: RecordedOf<'ValueReported'> | undefined;
  /** Whether the report came in time; undefined while one may still come in time. */
  readonly onTime: boolean | undefined;
}

/** The gaps between reports since go-live, up to `now`; none before go-live (rule P4.1). `days`: the longest that is in time. */
export const reportGaps = (
  engagement: Engagement,
  { days, now }: { readonly days: number; readonly now: Instant },
): readonly ReportGap[] => {
  const live = engagement.of('MilestoneReached').find(({ data }) => data.milestone === 'go_live');
  if (live === undefined) return [];
  const reports = engagement.of('ValueReported').filter(({ occurredAt }) => occurredAt >= live.occurredAt);
  const anchors: readonly RecordedEvent[] = [live, ...reports];
  return anchors.map((after, index) => {
    const report = reports[index];
    const dueAt = addDays(after.occurredAt, days);
    const latest = addMilliseconds(dueAt, tolerance);
    const onTime = report === undefined ? (now >= latest ? false : undefined) : report.occurredAt <= latest;
    return { after, dueAt, report, onTime };
  });
};

/** When time alone ends the hope that a report comes in time. A report that came in time leaves nothing to wait for. */
export const gapTurns = (gaps: readonly ReportGap[]): readonly Instant[] =>
  gaps.flatMap(({ onTime, dueAt }) => (onTime === true ? [] : [addMilliseconds(dueAt, tolerance)]));
