// How long does it take to ask a service again for what it left undone? Longer each time, and never all at once.
import { setTimeout as pause } from 'node:timers/promises';

const firstPauseMs = 25;
const longestPauseMs = 1_000;

/** The milliseconds after so many tries: a random share, from 0 up to 1, of a span that doubles with each up to a second. */
export const pauseAfter = (tries: number, share: number): number =>
  share * Math.min(longestPauseMs, firstPauseMs * 2 ** tries);

/** Waits so long; asks `random` once. */
export const backOff = async (tries: number, random: () => number): Promise<void> => {
  await pause(pauseAfter(tries, random()));
};
