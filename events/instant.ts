// How is a point in time written, so that comparing the texts compares the times?
import * as z from 'zod';

// A pattern instead of Date.parse, for speed: every load checks several instants of each event.
const written = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** An instant: `YYYY-MM-DDTHH:mm:ss.sssZ`, UTC. */
export const Instant = z
  .string()
  .regex(written, 'expected an instant such as 2026-07-11T09:00:00.000Z')
  .describe('An instant, UTC, to the millisecond.');
export type Instant = z.infer<typeof Instant>;

/** A calendar date: `YYYY-MM-DD`. */
export const CalendarDate = z.iso.date().describe('A calendar date, YYYY-MM-DD.');

/** Milliseconds since 1970 as an instant. */
export const instantOf = (epochMilliseconds: number): Instant => new Date(epochMilliseconds).toISOString();

/** An instant as milliseconds since 1970. */
export const epochOf = (instant: Instant): number => Date.parse(instant);

/** The instant `milliseconds` after another (before it, when negative). */
export const addMilliseconds = (instant: Instant, milliseconds: number): Instant =>
  instantOf(epochOf(instant) + milliseconds);

const day = 86_400_000;

/** The instant `days` times 24 hours after another. */
export const addDays = (instant: Instant, days: number): Instant => addMilliseconds(instant, days * day);

/** RFC 3339 text of any offset and precision as an instant; undefined if the text is none. */
export const parseInstant = (text: string): Instant | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.test(text)) return undefined;
  const zoned = text.length === 10 || /(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
  const epoch = Date.parse(zoned.replace(' ', 'T'));
  return Number.isNaN(epoch) ? undefined : instantOf(epoch);
};
