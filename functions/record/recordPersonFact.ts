// What happens, within the request, to a fact that a person posts?
// The record handler calls it; it reads and appends to the events table through what it gets.
import type { Instant } from '../../events/instant.ts';
import type { Caller } from '../http/caller.ts';
import { type HttpAnswer, jsonAnswer, problemAnswer } from '../http/problem.ts';
import type { RecordFacts } from '../stages/recordFacts.ts';
import { readFactRequest } from './factRequest.ts';
import type { SubjectSought } from './factSubject.ts';
import type { LeadPartnerReader } from './leadPartner.ts';
import type { OfferedOn } from './offeredStages.ts';
import { type PersonSaying, type Understood, understand } from './personFact.ts';
import { createNamingPermission, createRecordPermission, scopeOf } from './recordPermission.ts';
import { mergeByLink, survivorProblem } from './survivor.ts';

export interface Posted {
  readonly caller: Caller;
  readonly idempotencyKey: string | undefined;
  readonly body: string;
  readonly now: Instant;
}

export interface RecordSettings {
  readonly recordFacts: RecordFacts;
  readonly leads: LeadPartnerReader;
  readonly resolve: SubjectSought['resolve'];
}

const statusOf = (refusal: string): number => {
  if (refusal === 'idempotencyKeyReused') return 422;
  if (refusal === 'notYours') return 403;
  return refusal === 'eventTooLarge' ? 413 : 409;
};

/** Records posted facts; returns the answer of `POST /v1/facts`. */
export const createRecordPersonFact = ({ recordFacts, leads, resolve }: RecordSettings) => {
  const outOfScope = createRecordPermission(leads);
  const namesOthers = createNamingPermission(leads);

  const within = async ({ request, caller, now }: PersonSaying, understood: Understood): Promise<Understood> => {
    if ('problem' in understood) return understood;
    // What nobody has opened yet nobody leads.
    const isNew = understood.link !== undefined;
    const named = !isNew && (request.engagement !== undefined || request.reference !== undefined);
    const problem =
      (await outOfScope({ caller, ...scopeOf(understood.fact), named, now })) ??
      (await namesOthers(understood.fact, caller, now)) ??
      (await survivorProblem(leads, understood.fact));
    return problem === undefined ? understood : { problem };
  };

  /**
   * The caller's fact where it may be said. The link of a reference comes first: of several who open an engagement by it at one
   * moment, each then finds the link that stands.
   */
  const allowedFact = async (saying: PersonSaying): Promise<Understood> => {
    const understood = await within(saying, await understand(saying));
    if ('problem' in understood || understood.link === undefined) return understood;
    const { link, fact } = understood;
    await recordFacts(link.streamId, [link]);
    const again = await understand(saying);
    return 'fact' in again && again.fact.streamId === fact.streamId ? again : await within(saying, again);
  };

  return async ({ caller, idempotencyKey, body, now }: Posted): Promise<HttpAnswer> => {
    if (idempotencyKey === undefined || !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
      return problemAnswer({
        status: 400,
        reason: 'idempotencyKeyMissing',
        detail:
          'send an Idempotency-Key header of 1 to 255 visible characters; the same key with the same data gets the first events again',
      });
    }
    const read = readFactRequest(body);
    if (!read.ok) {
      return problemAnswer({ status: 422, reason: 'requestInvalid', detail: read.detail, issues: read.issues });
    }
    const { request } = read;
    const named = request.engagement !== undefined || request.reference !== undefined;
    const offeredOn: OfferedOn = async (streamId, handoffId) => {
      const problem = await outOfScope({ caller, type: 'HandoffOffered', streamId, named, now });
      return problem === undefined ? await leads.offeredStages(streamId, handoffId, now) : { problem };
    };
    const allowed = await allowedFact({ request, caller, idempotencyKey, now, resolve, offeredOn });
    if ('problem' in allowed) return problemAnswer(allowed.problem);
    const { fact } = allowed;
    const [recorded] = await recordFacts(fact.streamId, [fact]);
    if (recorded === undefined) throw new Error('recordFacts returned no result for a fact');
    if (recorded.outcome !== 'refused') {
      // A repetition of the request says it again, so that it is never missing.
      const recordedAt = recorded.events[0]?.recordedAt ?? now;
      const merge = await mergeByLink(fact, { resolve, recordedAt });
      if (merge !== undefined) await recordFacts(merge.streamId, [merge]);
      return jsonAnswer(200, { events: recorded.events });
    }
    const { reason, detail } = recorded;
    return problemAnswer({ status: statusOf(reason), reason, detail });
  };
};
