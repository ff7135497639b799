// How well does an engagement conform to the lifecycle? Columns of its head row.
import * as z from 'zod';
import { forEveryone, forVendor } from '../../events/audience.ts';
import { deviationKinds, deviationsOf } from '../engagement/deviations.ts';
import { fitnessOf } from '../scores/constraints.ts';
import { constraintsIn } from './conformance.ts';
import type { RowContext } from './rowContext.ts';
import type { Columns } from './table.ts';

/** A row must stay under 400 KB, so it lists at most this many deviations, and events of each. It counts the rest. */
const listedDeviations = 20;
const listedEvents = 10;

export const conformanceColumns = () =>
  forEveryone({
    deviations: z
      .array(
        z.strictObject({
          ...forEveryone({ kind: z.enum(deviationKinds).describe('The kind of breach.') }),
          // It may be an amount, or what a source claimed.
          ...forVendor({ about: z.string().describe('The part of the engagement that it is about.') }),
          ...forEveryone({ eventIds: z.array(z.string()).describe('The events that show it.') }),
        }),
      )
      .describe(
        'Where facts of systems break the rules of the lifecycle: the first 20 breaches, each with the first 10 events that show it.',
      ),
    deviationCount: z.int().min(0).describe('How many breaches there are, including those that are not listed.'),
    fitness: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe(
        'Satisfied of all decided constraints of the lifecycle (table `conformance`); null while none is decided.',
      ),
  });

/** The cells of these columns. */
export const conformanceCells = (rowContext: RowContext): Columns<typeof conformanceColumns> => {
  const deviations = deviationsOf(rowContext.engagement, rowContext.context);
  return {
    deviations: deviations.slice(0, listedDeviations).map(({ kind, about, eventIds }) => ({
      ...{ kind, about },
      eventIds: eventIds.slice(0, listedEvents),
    })),
    deviationCount: deviations.length,
    fitness: fitnessOf(constraintsIn(rowContext)) ?? null,
  };
};
