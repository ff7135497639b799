// Which link follows from a message that names both a primary id and the reference of an engagement?
// `resolveStreams.ts` calls it; it reads identity and engagement streams through the resolver.
import { catalog, type FactOf } from '../../events/catalog.ts';
import { canonicalJson, derivedEngagementOf, type ExternalId, identityStreamOf } from '../../events/identifiers.ts';
import { engagementReference, isPrimary } from '../../events/sources/externalIds.ts';
import type { SourceFact } from '../../events/sources/source.ts';
import type { IdentityResolver, Look } from './identityResolver.ts';

/** What a message says by naming a reference beside a primary id. */
export interface ReferenceClaim {
  readonly reference: ExternalId;
  readonly primary: ExternalId;
  /** Whether the opportunity renews the engagement of the reference; it then opens no engagement itself. */
  readonly renews: boolean;
  /** The fact that carries both. */
  readonly about: SourceFact;
  /** The path of its event in the message. */
  readonly part: string;
}

/**
 * The links to put, or the merge of two engagements; none where both ids already lead to one. `needsMerge` where they would have to be
 * merged, and who says so may not, or where it is not known yet with which.
 */
export type Claimed =
  | { readonly links: readonly SourceFact[] }
  | {
      readonly needsMerge: string;
      /** A link of this id, from any source, decides the claim. */
      readonly until: ExternalId;
    };

export interface ClaimAsked {
  readonly tenantId: string;
  readonly identities: IdentityResolver;
  readonly look: Look;
  /** Whether who says it may merge engagements: a partner's connection may not. */
  readonly mayMerge: boolean;
}

type Merge = FactOf<'EngagementMerged'>['data'];

const same = (a: ExternalId, b: ExternalId): boolean => canonicalJson(a) === canonicalJson(b);

/** Whether the fact is the adapter's own link of a reference. It is then only a claim, and not a fact to put. */
export const isReferenceLink = (fact: SourceFact): boolean =>
  pairOf(fact) !== undefined && fact.reference === undefined;

const pairOf = (fact: SourceFact): { readonly reference: ExternalId; readonly primary: ExternalId } | undefined => {
  if (fact.reference !== undefined) {
    return 'primary' in fact.subject ? { reference: fact.reference, primary: fact.subject.primary } : undefined;
  }
  if (fact.type !== 'IdentityLinked' || fact.derived !== true) return undefined;
  const link = catalog.IdentityLinked.data.safeParse(fact.data);
  if (!link.success || !('external' in link.data.to) || !isPrimary(link.data.to.external)) return undefined;
  const { external, to } = link.data;
  return same(external, engagementReference(external.id)) ? { reference: external, primary: to.external } : undefined;
};

/** The claims of a message's facts, each pair once in an event. */
export const claimsOf = (facts: readonly SourceFact[]): readonly ReferenceClaim[] => {
  const claims = new Map<string, ReferenceClaim>();
  for (const fact of facts) {
    const pair = pairOf(fact);
    if (pair === undefined) continue;
    const { part = '' } = fact;
    const key = canonicalJson([part, pair]);
    const known = claims.get(key);
    const renews = fact.type === 'RenewalProposed' || known?.renews === true;
    claims.set(key, { ...pair, about: known?.about ?? fact, part, renews });
  }
  return [...claims.values()];
};

/**
 * A link whose id is made from the pair. It has no place in the source's order, so that repetitions are one event. Of two pairs
 * the first in fold order stands.
 */
const linkFact = (external: ExternalId, to: ExternalId, { about, part, reference }: ReferenceClaim, tenantId: string) =>
  ({
    type: 'IdentityLinked',
    data: { external, to: { external: to }, reason: `named beside ${reference.kind} ${reference.id}` },
    occurredAt: about.occurredAt,
    sourceId: `${external.kind}:${external.id}>${to.kind}:${to.id}`,
    subject: { stream: identityStreamOf(tenantId, external) },
    derived: true,
    part,
  }) satisfies SourceFact;

/**
 * The merge of the opportunity's own engagement into that of its reference. Its id is made from the pair, as that of a link is. Whoever knows
 * that the opportunity renews knows more than who doesn't, whenever it is said.
 */
const mergeFact = (own: string, data: Merge, { about, part, reference, primary, renews }: ReferenceClaim) =>
  ({
    type: 'EngagementMerged',
    data,
    occurredAt: about.occurredAt,
    sourceId: `${primary.kind}:${primary.id}>${reference.kind}:${reference.id}`,
    sourceSeq: renews ? 'renews' : 'apart',
    subject: { stream: own },
    derived: true,
    part,
  }) satisfies SourceFact;

/**
 * Decides a claim. The first opportunity with a reference gives the reference its engagement. An opportunity that renews is
 * linked to the reference, and so to that engagement; if it has begun an engagement of its own, such as by a change that came before its
 * creation, the two are merged as duplicates. Another opportunity that does not renew is a second deal of the same sale: its engagement is
 * combined with that of the reference. A partner's connection merges nothing: its receipt waits until somebody of the vendor does. Where
 * people have linked the reference to a stream, or have opened an engagement by it, the opportunity follows that link. Links name ids and not streams, so that they
 * do not depend on what has arrived so far.
 */
export const decideClaim = async (
  claim: ReferenceClaim,
  { tenantId, identities, look, mayMerge }: ClaimAsked,
): Promise<Claimed> => {
  const { reference, primary, renews } = claim;
  const sayReference: Claimed = { links: [linkFact(reference, primary, claim, tenantId)] };
  const sayPrimary: Claimed = { links: [linkFact(primary, reference, claim, tenantId)] };
  const [ofPrimary, ofReference] = await Promise.all([
    identities.linkOf(tenantId, primary, look),
    identities.linkOf(tenantId, reference, look),
  ]);
  if (ofPrimary !== undefined && 'external' in ofPrimary && same(ofPrimary.external, reference)) return sayPrimary;
  if (ofReference !== undefined && 'external' in ofReference && same(ofReference.external, primary))
    return sayReference;
  if (ofPrimary !== undefined) return ofReference === undefined ? sayReference : { links: [] };
  if (ofReference === undefined && !renews) return sayReference;
  const own = derivedEngagementOf(tenantId, primary);
  const led = await identities.resolve(tenantId, { secondary: reference }, look);
  if ('stream' in led && led.stream === own) return { links: [] };
  const begun = await identities.hasBegun(own);
  const isSecond = !renews && ofReference !== undefined && 'external' in ofReference;
  if (!begun && !isSecond) return sayPrimary;
  if (mayMerge && 'stream' in led) {
    return { links: [mergeFact(own, { into: led.stream, how: isSecond ? 'combined' : 'duplicate' }, claim)] };
  }
  const what = begun ? `has begun ${own}` : 'is not known to renew';
  const elsewhere = 'stream' in led ? led.stream : 'an engagement that is not known yet';
  const needsMerge = `${primary.kind} ${primary.id} ${what}; ${reference.kind} ${reference.id} leads to ${elsewhere}`;
  return { needsMerge, until: primary };
};
