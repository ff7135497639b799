// When did an engagement reach each milestone for the first time?
import { expect, it } from 'vitest';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { milestonesOf } from '../../../domain/engagement/milestones.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import {
  deliveryStarted,
  fulfilled,
  goLive,
  lost,
  opened,
  reopened,
  reported,
  won,
} from '../../support/histories/engagementFacts.ts';
import { instant, recorded } from '../../support/histories/events.ts';

const milestones = (...events: readonly RecordedEvent[]) => milestonesOf(foldEngagement([...events].sort(inFoldOrder)));
const reached = (milestone: 'first_value' | 'implemented', at: string) =>
  recorded('MilestoneReached', { milestone }, { at });
const measured = (at: string, met: boolean) => recorded('OutcomeMeasured', { outcomeId: 'o', value: 1, met }, { at });

it('has reached none of them at its beginning', () => {
  expect(milestones(lost('2026-01-05'), reached('implemented', '2026-01-06'), measured('2026-01-07', false))).toEqual({
    ...{ openedAt: null, wonAt: null, fulfilledAt: null, deliveryStartedAt: null },
    ...{ liveAt: null, firstValueAt: null, firstReportAt: null },
  });
});

it('has reached each at the first event of it', () => {
  const months = [3, 4].map((month) => `2026-0${month}-01`);
  const events = months.flatMap((at) => [fulfilled(at), deliveryStarted(at), goLive(at), reported(at)]);
  const at = instant('2026-03-01');
  expect(milestones(opened('2026-01-01'), won('2026-02-01'), reached('implemented', '2026-02-15'), ...events)).toEqual({
    ...{ openedAt: instant('2026-01-01'), wonAt: instant('2026-02-01'), fulfilledAt: at, deliveryStartedAt: at },
    ...{ liveAt: at, firstValueAt: null, firstReportAt: at },
  });
});

it('has its first value by a milestone that says so, or by an outcome that was met', () => {
  const firstValue = (...events: readonly RecordedEvent[]) => milestones(...events).firstValueAt;
  const said = reached('first_value', '2026-05-01');
  expect(firstValue(goLive('2026-03-01'), said, measured('2026-06-01', true))).toBe(instant('2026-05-01'));
  expect(firstValue(measured('2026-04-01', false), measured('2026-04-02', true), said)).toBe(instant('2026-04-02'));
});

it('is won at the first win that was not undone', () => {
  const wonAt = (...events: readonly RecordedEvent[]) => milestones(opened('2026-01-01'), ...events).wonAt;
  expect(wonAt(won('2026-02-01'), reopened('2026-02-10'))).toBeNull();
  expect(wonAt(won('2026-02-01'), reopened('2026-02-10'), won('2026-03-01'))).toBe(instant('2026-03-01'));
  expect(wonAt(lost('2026-02-01'), reopened('2026-02-10'), won('2026-03-01'))).toBe(instant('2026-03-01'));
});
