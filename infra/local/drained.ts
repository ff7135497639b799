// Is all work done? Yes, when all streams are read to their ends, no queue holds a message that is due, and no function runs.
import type { Activity } from './core/activity.ts';
import type { DiskRoom } from './core/diskRoom.ts';
import type { QueuePoller } from './eventSources/queuePoller.ts';
import type { StreamConsumer } from './eventSources/streamConsumer.ts';
import type { QueueStore } from './storage/queueStore.ts';

export interface DrainedOptions {
  readonly activity: Activity;
  readonly consumers: () => readonly StreamConsumer[];
  readonly pollers: () => readonly QueuePoller[];
  readonly queueStore: QueueStore;
  /** Without room on the disk no work is done, and none is counted as done. */
  readonly room: DiskRoom;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Resolves when two checks in a row find no work at this instant of the clock. Messages that aren't due (delayed, or
 * hidden until their visibility timeout) and messages in queues that no function reads don't count.
 */
export async function drained({ activity, consumers, pollers, queueStore, room }: DrainedOptions): Promise<void> {
  let quietAt = -1;
  for (;;) {
    await room.whenRoom();
    await activity.quiet();
    const begun = activity.begun();
    const full = pollers().filter(({ queue }) => queueStore.counts(queue).visible > 0);
    for (const poller of full) poller.wake();
    const found = full.length > 0 ? [true] : await Promise.all(consumers().map((consumer) => consumer.catchUp()));
    await nextTurn();
    const still = !found.includes(true) && !activity.busy() && activity.begun() === begun;
    if (still && quietAt === begun) return;
    quietAt = still ? begun : -1;
  }
}
