// When is the next tick of each schedule, and was one due while the runtime did not run?
import { randomUUID } from 'node:crypto';
import { arn, place } from '../core/awsNames.ts';
import { type Clock, wakeAt } from '../core/clock.ts';
import type { SchedulePlan } from '../core/plan.ts';
import type { QueueStore } from '../storage/queueStore.ts';

export interface Scheduler {
  stop(): void;
}

/** Milliseconds until a tick that could not be sent is tried again. */
const retryAfter = 5_000;

/** EventBridge's own event of a tick, for a target without a constant input. */
const tickEvent = (name: string, now: number): string =>
  JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: place.account,
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    region: place.region,
    resources: [arn.rule(name)],
    detail: {},
  });

/**
 * Starts the schedules. A schedule's first tick comes one period after its first start; ticks missed in between (a jump of the clock,
 * a machine that was off) become one.
 */
export function startScheduler(options: {
  readonly schedules: readonly SchedulePlan[];
  readonly queueStore: QueueStore;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}): Scheduler {
  const { schedules, queueStore, clock, log } = options;
  const cancels = new Map<string, () => void>();

  function arm(schedule: SchedulePlan, last: number): void {
    const period = schedule.everySeconds * 1000;
    const tick = (): void => {
      const now = clock.now();
      try {
        queueStore.sendAll(
          schedule.targets.map(({ queue, input }) => ({ queue, body: input ?? tickEvent(schedule.name, now) })),
        );
        // The next tick keeps the rhythm, even after a late tick.
        const kept = last + Math.floor((now - last) / period) * period;
        queueStore.setCheckpoint(`schedule ${schedule.name}`, String(kept));
        arm(schedule, kept);
      } catch (error) {
        log(`schedule ${schedule.name}: its tick could not be sent, and is tried again: ${String(error)}`);
        cancels.set(schedule.name, wakeAt(clock, now + retryAfter, tick));
      }
    };
    cancels.set(schedule.name, wakeAt(clock, last + period, tick));
  }

  for (const schedule of schedules) {
    const name = `schedule ${schedule.name}`;
    const stored = queueStore.checkpoint(name);
    const last = stored === undefined ? clock.now() : Math.min(Number(stored), clock.now());
    if (stored === undefined) queueStore.setCheckpoint(name, String(last));
    arm(schedule, last);
  }
  return {
    stop() {
      for (const cancel of cancels.values()) cancel();
    },
  };
}
