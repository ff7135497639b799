// What does a person's request say as a fact? Its type, its stream and its ids: from the body what was said, from the token who said it.
import * as z from 'zod';
import { definitionOf, type Fact, type Issue, issuesOf, parseFact } from '../../events/catalog.ts';
import type { Sayer } from '../../events/definition.ts';
import { Reference } from '../../events/envelope.ts';
import {
  derivedPartyOf,
  type ExternalId,
  eventIdOf,
  factIdOf,
  identityStreamOf,
  streamIdOf,
  uuidOf,
} from '../../events/identifiers.ts';
import { addDays, Instant } from '../../events/instant.ts';
import type { Caller } from './caller.ts';

/** The body of `POST /v1/facts`. */
export const FactRequest = z.strictObject({
  type: z.string(),
  /** The engagement's id, or the reference that people chose for it. One of them, where the fact is an engagement's. */
  engagement: z.string().min(1).max(256).optional(),
  reference: z.string().min(1).max(256).optional(),
  /** When it happened; absent: now. */
  occurredAt: Instant.optional(),
  /** The event that this one corrects. */
  supersedes: z.string().min(1).optional(),
  data: z.record(z.string(), z.unknown()),
});
export type FactRequest = z.infer<typeof FactRequest>;

export type Understood =
  | { readonly ok: true; readonly fact: Fact }
  | {
      readonly ok: false;
      readonly status: 403 | 404 | 422;
      readonly reason: string;
      readonly detail: string;
      readonly issues?: readonly Issue[];
    };

export interface PersonSaying {
  readonly request: FactRequest;
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly now: Instant;
  /** The engagement's stream that a reference leads to; undefined where it leads nowhere. */
  readonly engagementOf: (reference: ExternalId) => Promise<string | undefined>;
}

const refused = (status: 403 | 404 | 422, reason: string, detail: string, issues?: readonly Issue[]): Understood => ({
  ok: false,
  status,
  reason,
  detail,
  ...(issues !== undefined && { issues }),
});

const text = (data: FactRequest['data'], field: string): string | undefined => {
  const value = data[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const partyStream = (tenantId: string, reference: unknown): string | undefined => {
  const parsed = Reference.safeParse(reference);
  return parsed.success ? derivedPartyOf(tenantId, parsed.data) : undefined;
};

/** The stream of a fact that names its own subject in its data; undefined where it must name an engagement. */
const ownStream = (tenantId: string, { type, data }: FactRequest): string | undefined => {
  const offerId = text(data, 'offerId');
  const campaignId = text(data, 'campaignId');
  const connectionId = text(data, 'connectionId');
  const external = Reference.safeParse(data.external);
  switch (type) {
    case 'OfferPublished':
      return offerId === undefined ? undefined : streamIdOf(tenantId, 'offer', offerId);
    case 'CampaignLaunched':
      return campaignId === undefined ? undefined : streamIdOf(tenantId, 'campaign', campaignId);
    case 'PartyRegistered':
      return partyStream(tenantId, data.party);
    case 'CustomerIdentified':
      return partyStream(tenantId, data.customer);
    case 'LedgerEntryRecorded':
      return partyStream(tenantId, data.party);
    case 'IdentityLinked':
      return external.success ? identityStreamOf(tenantId, external.data) : undefined;
    case 'ReconciliationRequested':
      return connectionId === undefined ? undefined : streamIdOf(tenantId, 'source', connectionId);
    case 'PolicyPublished':
      return streamIdOf(tenantId, 'policy', 'policy');
    default:
      return undefined;
  }
};

const streamOf = async ({
  request,
  caller,
  idempotencyKey,
  engagementOf,
}: PersonSaying): Promise<string | Understood> => {
  const { tenantId, subject } = caller;
  if (request.engagement !== undefined) return streamIdOf(tenantId, 'engagement', request.engagement);
  if (request.reference !== undefined) {
    const stream = await engagementOf({ system: 'reference', kind: 'engagement', id: request.reference });
    return stream ?? refused(404, 'engagementUnknown', `no engagement is known by the reference ${request.reference}`);
  }
  if (request.type === 'EngagementOpened') {
    return streamIdOf(tenantId, 'engagement', uuidOf('engagement', tenantId, 'people', subject, idempotencyKey));
  }
  return (
    ownStream(tenantId, request) ??
    refused(422, 'subjectMissing', `say what the ${request.type} is about: give its engagement's id, or its reference`)
  );
};

const earliest = '2000-01-01T00:00:00.000Z';

/**
 * Makes the fact that the caller's request says. 422 with issues where it is malformed or its time can't be believed, 403
 * where the caller may not say its type, 404 where its reference leads nowhere.
 */
export const understand = async (saying: PersonSaying): Promise<Understood> => {
  const { request, caller, idempotencyKey, now } = saying;
  const definition = definitionOf(request.type);
  if (definition === undefined) return refused(422, 'typeUnknown', `no event type ${request.type}`);
  const role: Sayer = caller.role;
  if (!definition.saidBy.includes(role)) return refused(403, 'notAllowed', `a ${role} may not say ${request.type}`);
  const occurredAt = request.occurredAt ?? now;
  if (occurredAt < earliest || occurredAt > addDays(now, 1)) {
    return refused(422, 'occurredAtNotBelievable', 'occurredAt lies before 2000, or more than 24 h ahead', [
      { path: 'occurredAt', message: `${occurredAt} is not believable at ${now}` },
    ]);
  }
  const streamId = await streamOf(saying);
  if (typeof streamId !== 'string') return streamId;
  const { tenantId, subject } = caller;
  const factId = factIdOf({
    tenantId,
    system: 'people',
    account: subject,
    sourceId: idempotencyKey,
    type: request.type,
  });
  const envelope = {
    factId,
    type: request.type,
    schemaVersion: definition.version,
    tenantId,
    streamId,
    occurredAt,
    source: `people:${subject}`,
    sourceEventId: idempotencyKey,
    causationId: factId,
    correlationId: streamId,
    actor: subject,
    ...(request.supersedes !== undefined && { supersedes: request.supersedes }),
  };
  const data = definition.data.safeParse(request.data);
  if (!data.success) {
    const issues = issuesOf(data.error).map((issue) => ({
      ...issue,
      path: ['data', issue.path].filter(Boolean).join('.'),
    }));
    return refused(422, 'dataInvalid', `the data is not that of a ${request.type}`, issues);
  }
  const fact = parseFact({ ...envelope, eventId: eventIdOf(factId, data.data), data: data.data });
  return fact.ok
    ? { ok: true, fact: fact.value }
    : refused(422, 'factInvalid', 'the fact is not well formed', fact.issues);
};
