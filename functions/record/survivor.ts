// Into which engagement does a person merge another one, and does it exist?
// `personFact.ts` and `recordPersonFact.ts` call it; it reads identity and engagement streams through what it is given.
import type { Fact } from '../../events/catalog.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import type { Problem } from '../http/problem.ts';
import { createKnownIds } from '../intake/knownIds.ts';
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
