// To which streams do a receipt's facts belong, or for which links must the receipt wait?
// `translateReceipts.ts` and `settleReceipt.ts` call it; it reads identity streams through the resolver.
import { definitionOf, type Fact } from '../../events/catalog.ts';
import { canonicalJson, derivedEngagementOf, type ExternalId, parseStreamId } from '../../events/identifiers.ts';
import { type Draft, placed } from './factDraft.ts';
import type { IdentityResolver, Look } from './identityResolver.ts';
import { linkedStream } from './linkRules.ts';
import { openingLink, openingReference } from './openedByReference.ts';
import type { PartEnding } from './partEndings.ts';
import { draftsOf, linksAmong, type Understood } from './readReceipt.ts';
import { decideClaim } from './referenceClaim.ts';
import { externalIdText } from './waitingIndex.ts';

/** A receipt whose claims are decided; the drafts include the links that follow. */
export interface Claimed extends Understood {
  /** The parts that must wait although every id may be linked: why, and the id whose link ends the wait. */
  readonly merges: ReadonlyMap<string, { readonly reason: string; readonly until: ExternalId }>;
}

/** What is known of a receipt's parts by the links that were read. */
export interface Placed {
  /** What can be put already: the facts of placed parts, and links, for which other receipts may wait. */
  readonly facts: readonly Fact[];
  readonly parts: readonly PartEnding[];
  /** Absent where no part waits. */
  readonly waits?: { readonly reason: string; readonly missing: readonly ExternalId[] };
}

interface Asked {
  readonly identities: IdentityResolver;
  readonly look: Look;
}

/**
 * An opening by a reference that leads nowhere yet begins an engagement, and links the reference to it. The link is said each
 * time: it may not have been put before, and a repeated link adds no event.
 */
const openingLinkOf = async (draft: Draft, { identities, look }: Asked): Promise<readonly Draft[]> => {
  const { fact, subject, part } = draft;
  const reference = openingReference(fact, subject);
  if (reference === undefined) return [];
  const link = openingLink(fact, reference);
  const to = await identities.linkOf(fact.tenantId, reference, look);
  const isElsewhere = to !== undefined && canonicalJson(to) !== canonicalJson(link.data.to);
  return isElsewhere ? [] : [{ fact: link, subject: { stream: link.streamId }, part, unknownKeys: [], freeTexts: [] }];
};

/**
 * Decides the receipt's claims about references. It announces the receipt's links to the resolver at once, so that messages
 * that follow closely see them before they are recorded.
 */
export const claim = async (understood: Understood, identities: IdentityResolver, look: Look): Promise<Claimed> => {
  const { receipt, connection, claims } = understood;
  const links: Draft[] = [];
  const announce = (drafts: readonly Draft[]): void => {
    for (const { data } of linksAmong(drafts)) identities.announce(receipt.tenantId, data.external, data.to);
  };
  const say = (drafts: readonly Draft[]): void => {
    announce(drafts);
    links.push(...drafts);
  };
  announce(understood.drafts);
  const merges = new Map<string, { readonly reason: string; readonly until: ExternalId }>();
  for (const each of claims) {
    const claimed = await decideClaim(each, { tenantId: receipt.tenantId, identities, look });
    if ('needsMerge' in claimed) merges.set(each.part, { reason: claimed.needsMerge, until: claimed.until });
    else {
      const drafted = draftsOf(claimed.links, receipt, connection);
      if ('refused' in drafted)
        throw new Error(`a link of receipt ${receipt.id} is malformed: ${JSON.stringify(drafted)}`);
      say(drafted.drafts);
    }
  }
  for (const draft of understood.drafts) say(await openingLinkOf(draft, { identities, look }));
  return { ...understood, drafts: [...links, ...understood.drafts], merges };
};

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

/** A fact with its stream (none where nothing is to be recorded), or why it has none. */
type DraftPlaced =
  | { readonly facts: readonly Fact[] }
  | { readonly missing: readonly ExternalId[] }
  | { readonly misled: string };

const placeDraft = async (draft: Draft, { identities, look }: Asked): Promise<DraftPlaced> => {
  const { fact, subject } = draft;
  const { tenantId } = fact;
  const resolved = await identities.resolve(tenantId, subject, look);
  if ('missing' in resolved) return resolved;
  const { stream } = resolved;
  // A stream that an adapter names is always valid; a link may name anything.
  const kind = 'stream' in subject ? parseStreamId(stream).kind : linkedStream(tenantId, stream)?.kind;
  if (kind === undefined) {
    const misled = `linkInvalid: the subject of ${fact.type} is linked to ${stream}, to which no id of ${tenantId} may lead`;
    return { misled };
  }
  if (definitionOf(fact.type)?.streams.includes(kind) !== true) {
    return { misled: `linkedElsewhere: ${fact.type} can't be recorded on ${stream}, to which its subject is linked` };
  }
  return { facts: isOfLinkedOnly(draft, stream) ? [] : [placed(draft, stream)] };
};

interface Waits {
  merge?: string | undefined;
  readonly missing: Map<string, ExternalId>;
  misled?: string | undefined;
}

const reasonOf = ({ merge, missing, misled }: Waits): string | undefined => {
  if (merge !== undefined) return `needsMerge: ${merge}`;
  return missing.size > 0 ? `notLinked: ${[...missing.keys()].join(', ')}` : misled;
};

/** Finds the streams of the facts by the links that `look` has read, each part for itself. */
export const place = async (claimed: Claimed, identities: IdentityResolver, look: Look): Promise<Placed> => {
  const { drafts, claims, merges } = claimed;
  const byPart = Map.groupBy(drafts, ({ part }) => part);
  const facts: Fact[] = [];
  const parts: PartEnding[] = [...claimed.parts];
  const all: Waits = { missing: new Map() };
  for (const path of new Set([...claims.map(({ part }) => part), ...byPart.keys()])) {
    const merge = merges.get(path);
    const waits: Waits = { missing: new Map() };
    if (merge !== undefined) {
      waits.merge = merge.reason;
      waits.missing.set(externalIdText(merge.until), merge.until);
    }
    const own: Fact[] = [];
    for (const draft of byPart.get(path) ?? []) {
      const at = await placeDraft(draft, { identities, look });
      if ('facts' in at) own.push(...at.facts);
      else if ('misled' in at) waits.misled = at.misled;
      else for (const external of at.missing) waits.missing.set(externalIdText(external), external);
    }
    const reason = reasonOf(waits);
    facts.push(...own.filter(({ type }) => reason === undefined || type === 'IdentityLinked'));
    parts.push({ path, ...(reason === undefined ? { status: 'translated' } : { status: 'waiting', reason }) });
    all.merge ??= waits.merge;
    all.misled ??= waits.misled;
    for (const [name, external] of waits.missing) all.missing.set(name, external);
  }
  const waiting = parts.find(({ status }) => status === 'waiting');
  if (waiting === undefined) return { facts, parts };
  const reason = reasonOf(all) ?? waiting.reason ?? '';
  return { facts, parts, waits: { reason, missing: [...all.missing.values()] } };
};
