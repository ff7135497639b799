// Into which engagement does a person merge another one, and does it exist?
// `personFact.ts` and `recordPersonFact.ts` call it; it reads identity and engagement streams through what it is given.
import type { Fact, FactOf } from '../../events/catalog.ts';
import { derivedEngagementOf, eventIdOf, factIdOf, streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { isPrimary } from '../../events/sources/externalIds.ts';
import type { Problem } from '../http/problem.ts';
import { createKnownIds } from '../intake/knownIds.ts';
import { linkedStream } from '../intake/linkRules.ts';
import type { SubjectSought } from './factSubject.ts';
import type { LeadPartnerReader } from './leadPartner.ts';

/** The data of a merge with the survivor's stream, where the person names it by its id, its reference or an external id. */
export const withSurvivor = async (
  type: string,
  data: Readonly<Record<string, unknown>>,
  { tenantId, resolve }: { readonly tenantId: string; readonly resolve: SubjectSought['resolve'] },
): Promise<Readonly<Record<string, unknown>>> => {
  const { into } = data;
  const begin = streamIdOf(tenantId, 'engagement', '');
  if (type !== 'EngagementMerged' || typeof into !== 'string' || into.startsWith(begin)) return data;
  const known = await createKnownIds({ resolve, hasBegun: async () => false }).engagement(tenantId, into);
  return { ...data, into: streamIdOf(tenantId, 'engagement', known ?? into) };
};

/** The problem of a merge into what is no engagement of ours; undefined for other facts. */
export const survivorProblem = async (
  { exists }: Pick<LeadPartnerReader, 'exists'>,
  fact: Fact,
): Promise<Problem | undefined> => {
  if (fact.type !== 'EngagementMerged' || (await exists(fact.data.into))) return undefined;
  const detail = `no engagement ${fact.data.into}; name the survivor by its id, its reference or an external id`;
  return { status: 404, reason: 'engagementUnknown', detail, issues: [{ path: 'data.into', message: detail }] };
};

/**
 * The merge that follows from a person's link of an opportunity to another engagement than its own: what its own holds by then, and every
 * late writer, goes there. Undefined for other facts, and while the link leads nowhere.
 */
export const mergeByLink = async (
  fact: Fact,
  { resolve, recordedAt }: { readonly resolve: SubjectSought['resolve']; readonly recordedAt: Instant },
): Promise<FactOf<'EngagementMerged'> | undefined> => {
  if (fact.type !== 'IdentityLinked' || !isPrimary(fact.data.external)) return undefined;
  const { tenantId } = fact;
  const own = derivedEngagementOf(tenantId, fact.data.external);
  const led = await resolve(tenantId, { primary: fact.data.external });
  if (!('stream' in led) || led.stream === own || linkedStream(tenantId, led.stream)?.kind !== 'engagement')
    return undefined;
  const data = { into: led.stream, how: 'duplicate' as const };
  // One fact for each opportunity: of several links the one that was recorded last decides.
  const origin = { tenantId, system: 'throughline', account: 'links', sourceId: own };
  const factId = factIdOf({ ...origin, type: 'EngagementMerged' });
  const sourceSeq = recordedAt;
  const { actor: _, supersedes: __, ...said } = fact;
  return {
    ...said,
    ...{ eventId: eventIdOf({ factId, sourceSeq, data }), factId, sourceSeq },
    ...{ type: 'EngagementMerged', schemaVersion: 1, data },
    ...{ streamId: own, correlationId: own, causationId: fact.eventId },
  };
};
