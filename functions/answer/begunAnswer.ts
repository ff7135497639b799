// How is a question answered that a run has taken over: with 202, and the place where its progress and result are?
import type { Answered, Refused } from '../query/queryRequest.ts';
import type { Run } from './run.ts';
import { aboutRun, type RunSeen } from './runAnswer.ts';

/** Seconds after which to look again. */
export const lookAgain = 2;

export const placeOfRun = ({ id }: Pick<Run, 'id'>): string => `/v1/runs/${id}`;

export const begunAnswer = (begun: RunSeen | Refused): Extract<Answered, { readonly body: unknown }> | Refused => {
  if ('problem' in begun) return begun;
  const { run, status } = begun;
  // Its scores stand with its result.
  const { scores: _, ...about } = aboutRun(begun);
  return {
    status: 202,
    headers: { location: placeOfRun(run), ...(status === 'running' && { 'retry-after': String(lookAgain) }) },
    body: { ...about, place: placeOfRun(run) },
    asOf: run.startedAt,
  };
};
