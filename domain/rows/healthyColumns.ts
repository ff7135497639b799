// Which columns show the healthy elements, of an engagement and of a partner?
import * as z from 'zod';

/** A score of 0 to 100; null where too little is known. */
export const Score = z.number().min(0).max(100).nullable();

const elements = {
  h1: 'H1, clean handoffs',
  h2: 'H2, outcomes in focus',
  h3: 'H3, repeatable offers',
  h4: 'H4, measurable evidence',
  composite: 'The mean of the elements that have a score',
} as const;

/** The scores of the elements, and how much of them is known; `about` says what a score is made of, and when there is none. */
export const healthyColumns = (about: string) => {
  const score = (element: keyof typeof elements) => Score.describe(`${elements[element]}${about}`);
  return {
    ...{ h1: score('h1'), h2: score('h2'), h3: score('h3'), h4: score('h4'), composite: score('composite') },
    coverage: z.number().min(0).max(1).describe('Known parts of all parts of the elements.'),
  };
};
