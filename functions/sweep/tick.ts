// How does each tick of sweep accept only the messages of its own shape?
import type * as z from 'zod';

export interface Tick {
  /** The work for a message; undefined where the message is not for this tick. */
  readonly workFor: (said: unknown) => (() => Promise<void>) | undefined;
}

/** Creates the tick for messages of a shape. */
export const tick = <Said>(shape: z.ZodType<Said>, work: (said: Said) => Promise<void>): Tick => ({
  workFor: (said) => {
    const understood = shape.safeParse(said);
    return understood.success ? () => work(understood.data) : undefined;
  },
});
