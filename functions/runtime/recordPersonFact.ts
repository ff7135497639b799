// May this person record this fact here, and what comes of it? Scope, decision and answer of `POST /v1/facts`.
import type { Fact } from '../../events/catalog.ts';
import { issuesOf } from '../../events/catalog.ts';
import { type ExternalId, parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { Caller } from './caller.ts';
import type { LeadReader } from './leadReader.ts';
import { FactRequest, understand } from './personFact.ts';
import { thresholdProblems } from './policyCheck.ts';
import { type HttpAnswer, jsonAnswer, type Problem, problemAnswer } from './problem.ts';
import type { RunStage } from './runStage.ts';

export interface Posted {
  readonly caller: Caller;
  readonly idempotencyKey: string | undefined;
  readonly body: string;
  readonly now: Instant;
}

export interface RecordSettings {
  readonly runStage: RunStage;
  readonly leads: LeadReader;
  readonly engagementOf: (tenantId: string, reference: ExternalId) => Promise<string | undefined>;
  /** The party that a reference in a fact's data means. */
  readonly partyOf: (fact: Fact, reference: ExternalId, now: Instant) => Promise<string>;
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Records what people say, in the request. */
export const createRecordPersonFact = ({ runStage, leads, engagementOf, partyOf }: RecordSettings) => {
  /** Why the caller may not say it of this stream; undefined where nothing stands against it. */
  const outOfScope = async (caller: Caller, fact: Fact, now: Instant): Promise<Problem | undefined> => {
    const { kind, id } = parseStreamId(fact.streamId);
    if (kind === 'engagement' && fact.type === 'EngagementOpened') {
      if (caller.role === 'vendor') return undefined;
      const lead = fact.data.leadPartner;
      const own = lead !== undefined && (await partyOf(fact, lead, now)) === caller.partnerId;
      return own
        ? undefined
        : { status: 403, reason: 'notYours', detail: "a partner's EngagementOpened names that partner as leadPartner" };
    }
    if (kind !== 'engagement') {
      return caller.role === 'vendor'
        ? undefined
        : { status: 403, reason: 'notYours', detail: 'a partner records only on engagements that it leads' };
    }
    const unknown: Problem = { status: 404, reason: 'engagementUnknown', detail: `no engagement ${id}` };
    const lead = await leads.lead(caller.tenantId, id, now);
    if (lead === undefined) return unknown;
    return caller.role === 'vendor' || lead.partnerId === caller.partnerId ? undefined : unknown;
  };

  return async ({ caller, idempotencyKey, body, now }: Posted): Promise<HttpAnswer> => {
    if (idempotencyKey === undefined || !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
      return problemAnswer({
        status: 400,
        reason: 'idempotencyKeyMissing',
        detail:
          'send an Idempotency-Key header of 1 to 255 visible characters: the same key and data answers the first events again',
      });
    }
    const parsed = FactRequest.safeParse(parseJson(body));
    if (!parsed.success) {
      return problemAnswer({
        status: 422,
        reason: 'requestInvalid',
        detail: 'the body is not a fact request as JSON',
        issues: issuesOf(parsed.error),
      });
    }
    const understood = await understand({
      request: parsed.data,
      caller,
      idempotencyKey,
      now,
      engagementOf: (reference) => engagementOf(caller.tenantId, reference),
    });
    if (!understood.ok) {
      const { status, reason, detail, issues } = understood;
      return problemAnswer({ status, reason, detail, ...(issues !== undefined && { issues }) });
    }
    const { fact } = understood;
    const thresholds = thresholdProblems(fact);
    if (thresholds.length > 0) {
      return problemAnswer({
        status: 422,
        reason: 'thresholdsUnknown',
        detail: 'a rule has no such threshold',
        issues: thresholds,
      });
    }
    const scope = await outOfScope(caller, fact, now);
    if (scope !== undefined) return problemAnswer(scope);
    const [recorded] = await runStage(fact.streamId, [fact]);
    if (recorded === undefined) throw new Error('runStage answered nothing for a fact');
    if (recorded.outcome !== 'refused') return jsonAnswer(200, { events: recorded.events });
    const status = recorded.reason === 'idempotencyKeyReused' ? 422 : 409;
    return problemAnswer({ status, reason: recorded.reason, detail: recorded.detail });
  };
};
