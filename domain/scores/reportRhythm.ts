// Did each report of value come in time after the one before?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { addDays, addMilliseconds, type Instant } from '../../events/instant.ts';
import { reportDue, reportNeeded, showsValue } from '../patterns/cadenceBroken.ts';
import { listenedFrom } from '../patterns/observed.ts';
import type { Postponed } from '../patterns/outages.ts';
import type { View } from '../patterns/pattern.ts';
import { tolerance } from '../time/tolerance.ts';
import { reportDaysFrom } from './patience.ts';

/** A stretch from go-live, or from a report, to the report that follows. */
export interface ReportGap {
  readonly after: RecordedEvent;
  readonly dueAt: Instant;
  /** The report that ended it; undefined while it lasts. */
  readonly report: RecordedOf<'ValueReported'> | undefined;
  /** Whether the report came in time; undefined while one may still come in time. */
  readonly onTime: boolean | undefined;
}

/**
 * The gaps between reports since go-live, up to the view's instant; none before go-live (rule P4.1). Days count once somebody listens. A look at a live dashboard in
 * between gives the report more time, as it does for the rule, and so does an outage of what reports. `dueAt` is the first due instant that nothing met, else the last one.
 */
export const reportGaps = (view: View): readonly ReportGap[] => {
  const { engagement, now } = view;
  const live = engagement.of('MilestoneReached').find(({ data }) => data.milestone === 'go_live');
  if (live === undefined) return [];
  const daysFrom = reportDaysFrom(view);
  const dueAfter = (by: RecordedEvent): Postponed =>
    reportDue(view, by, addDays(listenedFrom(view, reportNeeded(by)), daysFrom(by.occurredAt)));
  const gaps: ReportGap[] = [];
  let [after, { dueAt, quiet }, missed]: [RecordedEvent, Postponed, boolean] = [live, dueAfter(live), false];
  for (const shown of engagement.events) {
    if (!showsValue(shown) || shown.occurredAt < live.occurredAt) continue;
    missed ||= quiet === undefined && shown.occurredAt > addMilliseconds(dueAt, tolerance);
    if (shown.type === 'ValueReported') {
      gaps.push({ after, dueAt, report: shown, onTime: !missed });
      [after, missed] = [shown, false];
    }
    if (!missed) ({ dueAt, quiet } = dueAfter(shown));
  }
  const isLate = missed || (quiet === undefined && now >= addMilliseconds(dueAt, tolerance));
  return [...gaps, { after, dueAt, report: undefined, onTime: isLate ? false : undefined }];
};

/** When time alone ends the hope that a report comes in time. A report that came in time leaves nothing to wait for. */
export const gapTurns = (gaps: readonly ReportGap[]): readonly Instant[] =>
  gaps.flatMap(({ onTime, dueAt }) => (onTime === true ? [] : [addMilliseconds(dueAt, tolerance)]));
