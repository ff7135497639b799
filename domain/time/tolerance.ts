// How close must two times be to count as simultaneous? Transport and clocks differ by minutes.

/** Times this close count as simultaneous for rules that ask "before" or "without" (decision 6). */
export const tolerance = 5 * 60_000;
