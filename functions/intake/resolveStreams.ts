// To which streams do a receipt's facts belong, or for which links must the receipt wait?
// `translateReceipts.ts` and `settleReceipt.ts` call it; it reads identity streams through the resolver.
import { definitionOf, type Fact } from '../../events/catalog.ts';
import { derivedEngagementOf, type ExternalId, parseStreamId } from '../../events/identifiers.ts';
import { type Draft, placed } from './factDraft.ts';
import type { IdentityResolver, Look } from './identityResolver.ts';
import { linkedStream } from './linkRules.ts';
import { draftsOf, linksAmong, type Understood } from './readReceipt.ts';
import { decideClaim } from './referenceClaim.ts';

/** A receipt whose claims are decided; the drafts include the links that follow. */
export interface Claimed extends Understood {
  /** Why the receipt must wait although every id may be linked, and the id whose link ends the wait. */
  readonly needsMerge?: { readonly reason: string; readonly until: ExternalId };
}

export type Placed =
  | { readonly outcome: 'placed'; readonly facts: readonly Fact[]; readonly streams: readonly string[] }
  | {
      readonly outcome: 'waits';
      readonly reason: string;
      readonly missing: readonly ExternalId[];
      /** Facts that can be put already: links, for which other receipts may wait. */
      readonly facts: readonly Fact[];
    };

/**
 * Decides the receipt's claims about references. It announces the receipt's links to the resolver at once, so that messages
 * that follow closely see them before they are recorded.
 */
export const claim = async (understood: Understood, identities: IdentityResolver, look: Look): Promise<Claimed> => {
  const { receipt, connection, claims } = understood;
  const announce = (drafts: readonly Draft[]): void => {
    for (const { data } of linksAmong(drafts)) identities.announce(receipt.tenantId, data.external, data.to);
  };
  announce(understood.drafts);
  const links: Draft[] = [];
  let needsMerge: Claimed['needsMerge'];
  for (const each of claims) {
    const claimed = await decideClaim(each, { tenantId: receipt.tenantId, identities, look });
    if ('needsMerge' in claimed) needsMerge = { reason: claimed.needsMerge, until: claimed.until };
    else {
      const drafted = draftsOf(claimed.links, receipt, connection);
      if ('refused' in drafted)
        throw new Error(`a link of receipt ${receipt.id} is malformed: ${JSON.stringify(drafted)}`);
      announce(drafted.drafts);
      links.push(...drafted.drafts);
    }
  }
  return {
    ...understood,
    drafts: [...links, ...understood.drafts],
    ...(needsMerge !== undefined && { needsMerge }),
  };
};

const named = ({ system, kind, id }: ExternalId): string => `${system}/${kind}/${id}`;

/** The facts that begin or end the engagement itself. */
const ofTheEngagement = ['EngagementOpened', 'EngagementWithdrawn', 'EngagementReinstated'];

/**
 * Whether an opportunity is linked to another engagement than its own, such as a renewal: it then opens none, and the
 * engagement stays when the opportunity is deleted.
 */
const isOfLinkedOnly = ({ fact, subject }: Draft, stream: string): boolean =>
  ofTheEngagement.includes(fact.type) &&
  'primary' in subject &&
  derivedEngagementOf(fact.tenantId, subject.primary) !== stream;

/** Finds the stream of each fact by the links that `look` has read. */
export const place = async (
  { receipt, drafts, needsMerge }: Claimed,
  identities: IdentityResolver,
  look: Look,
): Promise<Placed> => {
  const facts: Fact[] = [];
  const missing = new Map<string, ExternalId>();
  if (needsMerge !== undefined) missing.set(named(needsMerge.until), needsMerge.until);
  let misled: string | undefined;
  for (const draft of drafts) {
    const resolved = await identities.resolve(receipt.tenantId, draft.subject, look);
    if ('missing' in resolved) {
      for (const external of resolved.missing) missing.set(named(external), external);
      continue;
    }
    const { stream } = resolved;
    // A stream that an adapter names is always valid; a link may name anything.
    const kind = 'stream' in draft.subject ? parseStreamId(stream).kind : linkedStream(receipt.tenantId, stream)?.kind;
    if (kind === undefined) {
      misled = `linkInvalid: the subject of ${draft.fact.type} is linked to ${stream}, to which no id of ${receipt.tenantId} may lead`;
    } else if (definitionOf(draft.fact.type)?.streams.includes(kind) !== true) {
      misled = `linkedElsewhere: ${draft.fact.type} can't be recorded on ${stream}, to which its subject is linked`;
    } else if (!isOfLinkedOnly(draft, stream)) facts.push(placed(draft, stream));
  }
  const reason =
    needsMerge !== undefined
      ? `needsMerge: ${needsMerge.reason}`
      : missing.size > 0
        ? `notLinked: ${[...missing.keys()].join(', ')}`
        : misled;
  if (reason !== undefined) {
    const links = facts.filter(({ type }) => type === 'IdentityLinked');
    return { outcome: 'waits', reason, missing: [...missing.values()], facts: links };
  }
  return { outcome: 'placed', facts, streams: [...new Set(facts.map(({ streamId }) => streamId))] };
};
