// Which stages does the answer to a handoff mean, where the person who answers doesn't name them?
// `personFact.ts` calls it; it finds the subject, and the offer in its stream, through what it gets.
import type { Stage } from '../../events/stage.ts';
import type { Problem } from '../http/problem.ts';
import type { FactRequest } from './factRequest.ts';
import { type SubjectSought, subjectOf } from './factSubject.ts';

/** The fields of its data that each type may leave out, because the offer of the handoff says them. */
export const saidByOffer: ReadonlyMap<string, readonly ('fromStage' | 'toStage')[]> = new Map([
  ['HandoffAccepted', ['fromStage', 'toStage']],
  ['HandoffRejected', ['fromStage', 'toStage']],
]);

export interface OfferedStages {
  readonly fromStage: Stage;
  readonly toStage: Stage;
}

/** The stages of a handoff's offer on a stream; undefined where no such offer is known; a problem where the caller may not know. */
export type OfferedOn = (
  stream: string,
  handoffId: string,
) => Promise<OfferedStages | undefined | { readonly problem: Problem }>;

type Data = FactRequest['data'];

/** The data, with what the offer says in place of what is left out. 422 where no offer of that handoff is known. */
export const withOfferedStages = async (
  sought: Omit<SubjectSought, 'data'>,
  offeredOn: OfferedOn,
): Promise<{ readonly data: Data } | { readonly problem: Problem }> => {
  const { type, data } = sought.request;
  const { handoffId } = data;
  const absent = (saidByOffer.get(type) ?? []).filter((field) => data[field] === undefined);
  if (absent.length === 0 || typeof handoffId !== 'string') return { data };
  const subject = await subjectOf({ ...sought, data });
  if ('problem' in subject) return subject;
  const offered = await offeredOn(subject.stream, handoffId);
  if (offered === undefined) {
    const detail = `no offer of the handoff ${handoffId} is known here: record HandoffOffered first, or say ${absent.join(' and ')}`;
    const issues = absent.map((field) => ({ path: `data.${field}`, message: 'missing, and no offer says it' }));
    return { problem: { status: 422, reason: 'handoffNotOffered', detail, issues } };
  }
  if ('problem' in offered) return offered;
  return { data: { ...data, ...Object.fromEntries(absent.map((field) => [field, offered[field]])) } };
};
