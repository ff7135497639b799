// To which streams do a receipt's facts belong, or for which links must the receipt wait?
// `translateReceipts.ts` and `settleReceipt.ts` call it; it reads identity streams through the resolver.
import { isOpenedByPartnerAlone } from '../../domain/engagement/leads.ts';
import { definitionOf, type Fact } from '../../events/catalog.ts';
import { canonicalJson, derivedEngagementOf, type ExternalId, parseStreamId } from '../../events/identifiers.ts';
import type { Connection } from '../../events/sources/source.ts';
import { customerMoved } from './customerMoved.ts';
import { type Draft, placed } from './factDraft.ts';
import type { IdentityResolver, Look } from './identityResolver.ts';
import { linkedStream } from './linkRules.ts';
import { openingLink, openingReference } from './openedByReference.ts';
import type { PartEnding } from './partEndings.ts';
import { linkOfOthers, openingsOf } from './partnerLinks.ts';
import { createPartnerScope, type NotYours, partyIdOf } from './partnerScope.ts';
import { draftsOf, linksAmong, type Understood } from './readReceipt.ts';
import { decideClaim } from './referenceClaim.ts';
import { externalIdText } from './waitingIndex.ts';

/** A receipt whose claims are decided; the drafts include the links that follow. */
export interface Claimed extends Understood {
  /** The parts that must wait although every id may be linked: why, and the id whose link ends the wait. */
  readonly merges: ReadonlyMap<string, { readonly reason: string; readonly until: ExternalId }>;
  /** The parts whose links the connection's partner may not say. */
  readonly notYours: ReadonlyMap<string, NotYours>;
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

const isBound = (connection: Connection): connection is Connection & { readonly partner: string } =>
  connection.partner !== undefined;

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
 * that follow closely see them before they are recorded. Of a link that its partner may not say nobody hears.
 */
export const claim = async (understood: Understood, identities: IdentityResolver, look: Look): Promise<Claimed> => {
  const { receipt, connection, claims } = understood;
  const links: Draft[] = [];
  const notYours = new Map<string, NotYours>();
  const byPart = Map.groupBy(understood.drafts, ({ part }) => part);
  /** Announces the links among the drafts; answers the drafts without the links that may not be said. */
  const announced = async (drafts: readonly Draft[]): Promise<readonly Draft[]> => {
    const said: Draft[] = [];
    for (const draft of drafts) {
      if (draft.fact.type === 'IdentityLinked' && isBound(connection)) {
        const asked = { connection, identities, look };
        const openings = await openingsOf(byPart.get(draft.part) ?? [], asked);
        const refused = await linkOfOthers(draft, openings, asked);
        if (refused !== undefined) {
          notYours.set(draft.part, refused);
          continue;
        }
      }
      for (const { data } of linksAmong([draft])) identities.announce(receipt.tenantId, data.external, data.to);
      said.push(draft);
    }
    return said;
  };
  const own = await announced(understood.drafts);
  const merges = new Map<string, { readonly reason: string; readonly until: ExternalId }>();
  for (const each of claims) {
    const claimed = await decideClaim(each, {
      ...{ tenantId: receipt.tenantId, identities, look },
      mayMerge: !isBound(connection),
    });
    if ('needsMerge' in claimed) merges.set(each.part, { reason: claimed.needsMerge, until: claimed.until });
    else {
      const drafted = draftsOf(claimed.links, receipt, connection);
      if ('refused' in drafted)
        throw new Error(`a link of receipt ${receipt.id} is malformed: ${JSON.stringify(drafted)}`);
      links.push(...(await announced(drafted.drafts)));
    }
  }
  for (const draft of own) links.push(...(await announced(await openingLinkOf(draft, { identities, look }))));
  return { ...understood, drafts: [...links, ...own], merges, notYours };
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
  | { readonly misled: string }
  | { readonly notYours: NotYours };

interface Placing extends Asked {
  readonly connection: Connection;
  /** The engagements that the draft's part opens for the connection's partner. */
  readonly opened: ReadonlySet<string>;
}

/** Why the connection may not say the fact of that stream; undefined where it may. Its links were decided by `claim`. */
const refusalOf = async (
  draft: Draft,
  stream: string,
  { connection, opened, identities, look }: Placing,
): Promise<NotYours | undefined> => {
  const fact = placed(draft, stream);
  if (fact.type === 'IdentityLinked') return undefined;
  if (isBound(connection))
    return await createPartnerScope(connection, { identities, look }).ofFact(fact, stream, opened);
  if (fact.type !== 'CustomerIdentified' || connection.allowedTypes.includes('EngagementOpened')) return undefined;
  if (parseStreamId(stream).kind !== 'engagement') return undefined;
  const { tenantId } = fact;
  const partyOf = (party: ExternalId) => partyIdOf(tenantId, party, { identities, look });
  const moves = await customerMoved(fact, await identities.eventsOf(stream, look), partyOf);
  return moves === undefined ? undefined : { reason: `notAllowed: ${moves}, or allow the connection EngagementOpened` };
};

/** Whether the opening is the vendor's word on an engagement that only a partner has opened so far. */
const confirmsOpening = async (fact: Fact, stream: string, { connection, identities, look }: Placing) =>
  fact.type === 'EngagementOpened' &&
  !isBound(connection) &&
  isOpenedByPartnerAlone(await identities.eventsOf(stream, look));

const placeDraft = async (draft: Draft, placing: Placing): Promise<DraftPlaced> => {
  const { identities, look } = placing;
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
  const notYours = await refusalOf(draft, stream, placing);
  if (notYours !== undefined) return { notYours };
  const isLeftOut = isOfLinkedOnly(draft, stream) && !(await confirmsOpening(fact, stream, placing));
  return { facts: isLeftOut ? [] : [placed(draft, stream)] };
};

interface Waits {
  merge?: string | undefined;
  notYours?: string | undefined;
  readonly missing: Map<string, ExternalId>;
  misled?: string | undefined;
}

const reasonOf = ({ merge, notYours, missing, misled }: Waits): string | undefined => {
  if (merge !== undefined) return `needsMerge: ${merge}`;
  if (notYours !== undefined) return notYours;
  return missing.size > 0 ? `notLinked: ${[...missing.keys()].join(', ')}` : misled;
};

/** Finds the streams of the facts by the links that `look` has read, each part for itself. */
export const place = async (claimed: Claimed, identities: IdentityResolver, look: Look): Promise<Placed> => {
  const { drafts, claims, merges, connection } = claimed;
  const byPart = Map.groupBy(drafts, ({ part }) => part);
  const facts: Fact[] = [];
  const parts: PartEnding[] = [...claimed.parts];
  const all: Waits = { missing: new Map() };
  for (const path of new Set([...claims.map(({ part }) => part), ...claimed.notYours.keys(), ...byPart.keys()])) {
    const merge = merges.get(path);
    const waits: Waits = { missing: new Map() };
    const refuse = ({ reason, until }: NotYours): void => {
      waits.notYours ??= reason;
      if (until !== undefined) waits.missing.set(externalIdText(until), until);
    };
    const notYours = claimed.notYours.get(path);
    if (notYours !== undefined) refuse(notYours);
    if (merge !== undefined) {
      waits.merge = merge.reason;
      waits.missing.set(externalIdText(merge.until), merge.until);
    }
    const own: Fact[] = [];
    const ofPart = byPart.get(path) ?? [];
    const opened = isBound(connection)
      ? (await openingsOf(ofPart, { connection, identities, look })).opened
      : new Set<string>();
    for (const draft of ofPart) {
      const at = await placeDraft(draft, { identities, look, connection, opened });
      if ('facts' in at) own.push(...at.facts);
      else if ('notYours' in at) refuse(at.notYours);
      else if ('misled' in at) waits.misled = at.misled;
      else for (const external of at.missing) waits.missing.set(externalIdText(external), external);
    }
    const reason = reasonOf(waits);
    facts.push(...own.filter(({ type }) => reason === undefined || type === 'IdentityLinked'));
    parts.push({ path, ...(reason === undefined ? { status: 'translated' } : { status: 'waiting', reason }) });
    all.merge ??= waits.merge;
    all.notYours ??= waits.notYours;
    all.misled ??= waits.misled;
    for (const [name, external] of waits.missing) all.missing.set(name, external);
  }
  const waiting = parts.find(({ status }) => status === 'waiting');
  if (waiting === undefined) return { facts, parts };
  const reason = reasonOf(all) ?? waiting.reason ?? '';
  return { facts, parts, waits: { reason, missing: [...all.missing.values()] } };
};
