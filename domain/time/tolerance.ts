// How close must two times be to count as simultaneous?

/**
 * In milliseconds. Clocks and transport differ by minutes, so rules that ask "before" or "without" take such times as
 * simultaneous.
 */
export const tolerance = 5 * 60_000;
