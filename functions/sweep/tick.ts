// What wakes sweep? Messages of several shapes; each tick is a module of its own that takes those of its shape.
import type * as z from 'zod';

export interface Tick {
  /** What is to be done for a message; undefined where it is none of this tick's. */
  readonly workFor: (said: unknown) => (() => Promise<void>) | undefined;
}

/** The tick of a shape. */
export const tick = <Said>(shape: z.ZodType<Said>, work: (said: Said) => Promise<void>): Tick => ({
  workFor: (said) => {
    const understood = shape.safeParse(said);
    return understood.success ? () => work(understood.data) : undefined;
  },
});
