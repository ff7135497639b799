// Which links may a connection say that is bound to a partner?
// `resolveStreams.ts` calls it before anybody hears of a link; it reads identity streams through the resolver.
import { canonicalJson, type ExternalId } from '../../events/identifiers.ts';
import { engagementReference, isPrimary } from '../../events/sources/externalIds.ts';
import type { Connection } from '../../events/sources/source.ts';
import type { Draft } from './factDraft.ts';
import type { IdentityResolver, Look } from './identityResolver.ts';
import { openingReference, streamOpenedBy } from './openedByReference.ts';
import { createPartnerScope, type NotYours } from './partnerScope.ts';
import { externalIdText } from './waitingIndex.ts';

interface Reading {
  readonly connection: Connection & { readonly partner: string };
  readonly identities: IdentityResolver;
  readonly look: Look;
}

const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** Whether the id is one of the connection's own account, or a reference: ids of other systems are for those to link. */
const isOwnId = (external: ExternalId, { source, account }: Connection): boolean =>
  external.system === source ||
  external.system === `${source}:${account}` ||
  same(external, engagementReference(external.id));

/** The engagements that the drafts of a part open: those that the partner may open, and why it may not open the others. */
export interface Openings {
  readonly opened: ReadonlySet<string>;
  readonly refused: ReadonlyMap<string, NotYours>;
}

export const openingsOf = async (
  drafts: readonly Draft[],
  { connection, identities, look }: Reading,
): Promise<Openings> => {
  const scope = createPartnerScope(connection, { identities, look });
  const opened = new Set<string>();
  const refused = new Map<string, NotYours>();
  for (const { fact, subject } of drafts) {
    if (fact.type !== 'EngagementOpened') continue;
    const reference = openingReference(fact, subject);
    const led = await identities.resolve(fact.tenantId, subject, look);
    const byReference = reference === undefined ? undefined : streamOpenedBy(fact.tenantId, reference);
    const stream = 'stream' in led ? led.stream : byReference;
    if (stream === undefined) continue;
    const notYours = await scope.ofFact({ ...fact, streamId: stream }, stream, opened);
    if (notYours === undefined) opened.add(stream);
    else refused.set(stream, notYours);
  }
  return { opened, refused };
};

/**
 * Why the partner may not say the link; undefined where it may: of an id of its own account, or a reference, that leads nowhere else
 * yet, to an engagement that it leads or that the same part opens, to its own offer, or to itself.
 */
export const linkOfOthers = async (
  { fact }: Draft,
  { opened, refused }: Openings,
  { connection, identities, look }: Reading,
): Promise<NotYours | undefined> => {
  if (fact.type !== 'IdentityLinked') return undefined;
  const { tenantId, data } = fact;
  const { external, to } = data;
  const speaks = `notYours: the connection speaks for partner ${connection.partner}`;
  if (!isOwnId(external, connection)) {
    return { reason: `${speaks}, which may not link ${externalIdText(external)}, an id of another system` };
  }
  const stands = await identities.linkOf(tenantId, external, look);
  if (stands !== undefined && !same(stands, to)) {
    return { reason: `${speaks}, which may not link ${externalIdText(external)}: it leads elsewhere already` };
  }
  const subject = 'stream' in to ? to : isPrimary(to.external) ? { primary: to.external } : { secondary: to.external };
  const led = await identities.resolve(tenantId, subject, look);
  if ('missing' in led) {
    const [until] = led.missing;
    return {
      reason: `${speaks}, and ${led.missing.map(externalIdText).join(', ')} leads to no engagement yet`,
      ...(until !== undefined && { until }),
    };
  }
  if (opened.has(led.stream)) return undefined;
  const notOpened = refused.get(led.stream);
  if (notOpened !== undefined) return notOpened;
  return await createPartnerScope(connection, { identities, look }).ofStream(undefined, led.stream);
};
