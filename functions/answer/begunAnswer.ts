// How is a question answered that a run has taken over: with 202, and the place where its progress and result will be?
import type { Answered } from '../query/queryRequest.ts';
import type { Run } from './run.ts';
import { aboutRun } from './runAnswer.ts';

/** Seconds after which to look again. */
const lookAgain = 2;

export const placeOfRun = ({ id }: Pick<Run, 'id'>): string => `/v1/runs/${id}`;

export const begunAnswer = (run: Run): Extract<Answered, { readonly body: unknown }> => ({
  status: 202,
  headers: { location: placeOfRun(run), 'retry-after': String(lookAgain) },
  body: { ...aboutRun({ run, status: 'running', done: [] }), place: placeOfRun(run) },
  asOf: run.startedAt,
});
