// What would other thresholds have changed about one engagement?
// The answers call it; it reads streams through what it is given.
import { whatIf } from '../../domain/whatIf/whatIf.ts';
import { engagementAt } from '../query/engagementAt.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { type Found, nothingFound } from './placed.ts';
import type { Asking, WhatIfQuestion } from './question.ts';

/** The flags that differ, the losses with their warnings, and the counts by rule. Throws `BrokenStream` where its own stream can't be read. */
export const whatIfAnswer = async (
  look: StreamReads,
  { set, from, to }: WhatIfQuestion,
  { caller, now, id }: Asking & { readonly id: string },
): Promise<Found> => {
  const at = engagementAt(
    { ...look, readAsFar: look.read },
    { tenantId: caller.tenantId, engagementId: id, now, asOf: undefined },
  );
  const { events, merged } = await at.whole();
  if (events.length === 0) return nothingFound;
  const { context } = await at.context();
  const { shifts, losses, tallies } = whatIf({ source: { events, merged, context, now }, set, window: { from, to } });
  return {
    items: [
      ...shifts.map((shift, index) => ({
        place: `${id}#flag#${index}`,
        item: { engagementId: id, kind: 'flag', ...shift },
      })),
      ...losses.map(({ kind, ...loss }, index) => ({
        place: `${id}#loss#${index}`,
        item: { engagementId: id, kind: 'loss', loss: kind, ...loss },
      })),
    ],
    tallies,
  };
};
