// On which stream is a person's fact recorded?
// `personFact.ts` calls it; it reads identity streams through the resolver that it gets.
import type { EventDefinition } from '../../events/definition.ts';
import { Reference } from '../../events/envelope.ts';
import {
  canonicalJson,
  type ExternalId,
  fxStreamOf,
  identityStreamOf,
  idTooLong,
  parseStreamId,
  type StreamKind,
  streamIdOf,
  uuidOf,
} from '../../events/identifiers.ts';
import { engagementReference } from '../../events/sources/externalIds.ts';
import type { Subject } from '../../events/sources/source.ts';
import type { Caller } from '../http/caller.ts';
import type { Problem } from '../http/problem.ts';
import type { Resolved } from '../intake/identityResolver.ts';
import { createKnownIds } from '../intake/knownIds.ts';
import { linkedStream } from '../intake/linkRules.ts';
import { streamOpenedBy } from '../intake/openedByReference.ts';
import type { FactRequest } from './factRequest.ts';

export type SubjectFound =
  | {
      readonly stream: string;
      /** The reference by which the fact opens the stream; it is not linked yet. */
      readonly opens?: ExternalId;
    }
  | { readonly problem: Problem };

export interface SubjectSought {
  readonly request: FactRequest;
  readonly definition: EventDefinition;
  /** The fact's data, parsed, with normalised external ids. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly idempotencyKey: string;
  /** Follows the links of an external id, read consistently. */
  readonly resolve: (tenantId: string, subject: Subject) => Promise<Resolved>;
}

/** The form of an engagement's own id. Longer text, or text with a slash, can only be a reference or an external id. */
const ownId = /^[^/]{1,128}$/;

const wrongSubject = (path: string, detail: string): SubjectFound => ({
  problem: { status: 422, reason: 'subjectInvalid', detail, issues: [{ path, message: detail }] },
});

const unknownEngagement = (detail: string): SubjectFound => ({
  problem: { status: 404, reason: 'engagementUnknown', detail },
});

/** The engagement or campaign that the request itself names; undefined where it names none. */
const namedSubject = async (sought: SubjectSought): Promise<SubjectFound | undefined> => {
  const { request, definition, caller, resolve } = sought;
  const { type, engagement, reference, campaign } = request;
  const { tenantId } = caller;
  const mayBeOf = (kind: 'engagement' | 'campaign'): boolean => definition.streams.includes(kind);
  if (campaign !== undefined) {
    return mayBeOf('campaign') && mayBeOf('engagement')
      ? { stream: streamIdOf(tenantId, 'campaign', campaign) }
      : wrongSubject('campaign', `the request of a ${type} may not name a campaign`);
  }
  if (engagement === undefined && reference === undefined) return undefined;
  if (!mayBeOf('engagement')) {
    const path = engagement === undefined ? 'reference' : 'engagement';
    return wrongSubject(path, `a ${type} is not about an engagement; leave ${path} out`);
  }
  if (engagement !== undefined) {
    const known = await createKnownIds({ resolve, hasBegun: async () => false }).engagement(tenantId, engagement);
    if (known === undefined && !ownId.test(engagement)) return unknownEngagement(`no engagement is ${engagement}`);
    return { stream: streamIdOf(tenantId, 'engagement', known ?? engagement) };
  }
  const external = engagementReference(reference ?? '');
  const led = await resolve(tenantId, { secondary: external });
  if ('missing' in led && type === 'EngagementOpened' && canonicalJson(led.missing) === canonicalJson([external])) {
    return { stream: streamOpenedBy(tenantId, external), opens: external };
  }
  return 'stream' in led && linkedStream(tenantId, led.stream)?.kind === 'engagement'
    ? { stream: led.stream }
    : unknownEngagement(
        `no engagement has the reference ${reference}; open it with EngagementOpened and this reference, or link the reference with IdentityLinked`,
      );
};

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const partyStream = async ({ caller, resolve }: SubjectSought, value: unknown): Promise<string | undefined> => {
  const party = Reference.safeParse(value);
  if (!party.success) return undefined;
  const led = await resolve(caller.tenantId, { party: party.data });
  return 'stream' in led && linkedStream(caller.tenantId, led.stream)?.kind === 'party' ? led.stream : undefined;
};

/** The stream of a fact whose data names its subject; undefined where the request must name the subject. */
const ownStream = async (sought: SubjectSought): Promise<string | undefined> => {
  const { request, data, caller, idempotencyKey } = sought;
  const { tenantId, subject } = caller;
  const offerId = text(data.offerId);
  const campaignId = text(data.campaignId);
  const connectionId = text(data.connectionId);
  const external = Reference.safeParse(data.external);
  switch (request.type) {
    case 'EngagementOpened':
      return streamIdOf(tenantId, 'engagement', uuidOf('engagement', tenantId, 'people', subject, idempotencyKey));
    case 'OfferPublished':
    case 'OfferRetired':
      return offerId === undefined ? undefined : streamIdOf(tenantId, 'offer', offerId);
    case 'CampaignLaunched':
    case 'EnablementCompleted':
    case 'CampaignClosed':
      return campaignId === undefined ? undefined : streamIdOf(tenantId, 'campaign', campaignId);
    case 'PartyRegistered':
    case 'PartyRolesChanged':
    case 'CapacityDeclared':
    case 'FlagDismissed':
    case 'LedgerEntryRecorded':
      return await partyStream(sought, data.party);
    case 'ErasureRequested':
      return await partyStream(sought, data.subject);
    case 'CustomerIdentified':
      return await partyStream(sought, data.customer);
    case 'IdentityLinked':
      return external.success ? identityStreamOf(tenantId, external.data) : undefined;
    case 'ReconciliationRequested':
      return connectionId === undefined ? undefined : streamIdOf(tenantId, 'source', connectionId);
    case 'FxRatePublished': {
      const base = text(data.base);
      const quote = text(data.quote);
      return base === undefined || quote === undefined ? undefined : fxStreamOf(tenantId, base, quote);
    }
    case 'PolicyPublished':
      return streamIdOf(tenantId, 'policy', 'policy');
    default:
      return undefined;
  }
};

/** The field of the request that gives the id of a stream of this kind. */
const fieldOf = ({ request: { engagement, campaign } }: SubjectSought, kind: StreamKind): string => {
  if (kind === 'engagement' && engagement !== undefined) return 'engagement';
  if (kind === 'campaign' && campaign !== undefined) return 'campaign';
  return kind === 'source' ? 'data.connectionId' : `data.${kind}Id`;
};

/** The subject, unless its id is too long for a stream. */
const fitting = (sought: SubjectSought, found: SubjectFound): SubjectFound => {
  if ('problem' in found) return found;
  const { kind, id } = parseStreamId(found.stream);
  const message = idTooLong(kind, id);
  if (message === undefined) return found;
  const issues = [{ path: fieldOf(sought, kind), message }];
  return { problem: { status: 422, reason: 'idTooLong', detail: message, issues } };
};

/**
 * The stream to record on. 422 where the fact has no subject, one of the wrong kind, or one whose id is too long; 404 where no
 * engagement has its reference.
 */
export const subjectOf = async (sought: SubjectSought): Promise<SubjectFound> => {
  const named = await namedSubject(sought);
  if (named !== undefined) return fitting(sought, named);
  const stream = await ownStream(sought);
  if (stream !== undefined) return fitting(sought, { stream });
  const detail = `say what the ${sought.request.type} is about: give its engagement's id, or its reference`;
  return {
    problem: {
      status: 422,
      reason: 'subjectMissing',
      detail,
      issues: [{ path: 'engagement', message: 'engagement and reference are both missing' }],
    },
  };
};
