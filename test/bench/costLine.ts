// What is a line of a bill? What it is for, and what would be saved without it.

export interface CostLine {
  readonly name: string;
  readonly dollars: number;
}

/** What the lines cost together. */
export const totalOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { dollars }) => sum + dollars, 0);
