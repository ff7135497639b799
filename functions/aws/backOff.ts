// How long does a caller wait before it retries a call?
import { setTimeout as pause } from 'node:timers/promises';

const firstPauseMs = 25;
const longestPauseMs = 1_000;

/** The pause in milliseconds after `tries` tries: `share` (0 up to 1) of a span that doubles with each try, up to a second. */
export const pauseAfter = (tries: number, share: number): number =>
  share * Math.min(longestPauseMs, firstPauseMs * 2 ** tries);

/** Waits for that pause; `random` is called once and gives the share. */
export const backOff = async (tries: number, random: () => number): Promise<void> => {
  await pause(pauseAfter(tries, random()));
};
