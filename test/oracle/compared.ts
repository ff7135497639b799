// How many random lives are compared, from which seed on, and is each rule broken in them?

/** `THROUGHLINE_ORACLE_LIVES=1000` compares many more than a usual run, and `THROUGHLINE_ORACLE_SEED=7` others. */
export const lives = Number(process.env.THROUGHLINE_ORACLE_LIVES ?? 150);
export const seed = Number(process.env.THROUGHLINE_ORACLE_SEED ?? 1);

/** Of some rules (or whatever else lives should meet), those that were met too seldom: what is never broken proves nothing. */
export const tooSeldom = (
  met: ReadonlyMap<string, number>,
  { expected, runs }: { readonly expected: readonly string[]; readonly runs: number },
): readonly string[] => {
  const enough = runs >= 1000 ? 20 : 1;
  return expected.filter((each) => (met.get(each) ?? 0) < enough).map((each) => `${each} ${met.get(each) ?? 0}`);
};
