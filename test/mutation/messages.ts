// What do the command and its worker say to each other? Which mutant to try, and what became of it.
import * as z from 'zod';
import { mutantShape } from './mutant.ts';

/** What a worker reads at its start, from a file. */
export const runShape = z.object({
  texts: z.record(z.string(), z.string()),
  tests: z.array(z.string()),
  mutants: z.array(mutantShape),
  /** Where the first worker writes what each test passes, for the others. */
  passings: z.string(),
  /** Tests that take longer are left out, in milliseconds. */
  slowest: z.number(),
  /** So many milliseconds of tests are run for a mutant, counted as the tests take without it. */
  within: z.number(),
});

export type Run = z.infer<typeof runShape>;

export const answerShape = z.discriminatedUnion('says', [
  z.object({ says: z.literal('ready'), tests: z.number(), leftOut: z.number() }),
  z.object({
    says: z.literal('tried'),
    id: z.string(),
    outcome: z.enum(['killed', 'survived', 'notCovered', 'static']),
    /** Whether a test that failed fails without the mutant too, from then on: the process can't be trusted any more. */
    spoilt: z.boolean(),
  }),
]);

export type Answer = z.infer<typeof answerShape>;

export const wishShape = z.object({ id: z.string() });
