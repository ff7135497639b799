// Which engagement or party does a text name, by its id or by a reference that people know?
// Query and record call it for paths, filters and tokens; it reads identity and party streams through the resolver.
import { derivedPartyOf, type ExternalId } from '../../events/identifiers.ts';
import {
  engagementReference,
  isPrimary,
  normalExternalId,
  partnerReference,
} from '../../events/sources/externalIds.ts';
import type { Caller } from '../http/caller.ts';
import type { IdentityResolver } from './identityResolver.ts';
import { linkedStream } from './linkRules.ts';

export interface KnownIds {
  /**
   * The id of the engagement that a reference (`ENG-2026-000417`) or an external id (`system/kind/id`) leads to;
   * undefined where it leads to none.
   */
  engagement(tenantId: string, text: string): Promise<string | undefined>;
  /** The party id that a text means: a code (`NORTHWIND`), an external id (`system/kind/id`), or the id itself. */
  party(tenantId: string, text: string): Promise<string>;
}

/** Our own ids are UUIDs; nothing is read for them. */
const isOwnId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const externalIn = (text: string): ExternalId | undefined => {
  const [system = '', kind = '', ...rest] = text.split('/');
  const id = rest.join('/');
  return system === '' || kind === '' || id === '' ? undefined : normalExternalId({ system, kind, id });
};

/** What texts name, by the links that stand now. A reference or code may hold slashes too, so it is looked for first. */
export const createKnownIds = (identities: Pick<IdentityResolver, 'resolve' | 'hasBegun'>): KnownIds => {
  const engagementOf = async (tenantId: string, external: ExternalId): Promise<string | undefined> => {
    const subject = isPrimary(external) ? { primary: external } : { secondary: external };
    const led = await identities.resolve(tenantId, subject);
    const to = 'stream' in led ? linkedStream(tenantId, led.stream) : undefined;
    return to?.kind === 'engagement' ? to.id : undefined;
  };
  const partyOf = async (tenantId: string, party: ExternalId) => {
    const led = await identities.resolve(tenantId, { party });
    const to = 'stream' in led ? linkedStream(tenantId, led.stream) : undefined;
    return 'stream' in led && to?.kind === 'party' ? { id: to.id, stream: led.stream } : undefined;
  };

  return {
    engagement: async (tenantId, text) => {
      if (isOwnId(text)) return undefined;
      const byReference = await engagementOf(tenantId, engagementReference(text));
      const external = externalIn(text);
      return byReference ?? (external === undefined ? undefined : await engagementOf(tenantId, external));
    },
    party: async (tenantId, text) => {
      if (isOwnId(text)) return text;
      const code = partnerReference(text);
      const byCode = await partyOf(tenantId, code);
      // Every text leads somewhere as a code: it is one where it is linked, or where some fact named it.
      const isLinked = byCode !== undefined && byCode.stream !== derivedPartyOf(tenantId, code);
      if (byCode !== undefined && (isLinked || (await identities.hasBegun(byCode.stream)))) return byCode.id;
      const external = externalIn(text);
      return (external === undefined ? undefined : (await partyOf(tenantId, external))?.id) ?? text;
    },
  };
};

/** The caller with its party id: a partner's token may name the partner by its code or an external id. */
export const knownCaller = async (known: Pick<KnownIds, 'party'>, caller: Caller): Promise<Caller> =>
  caller.partnerId === undefined
    ? caller
    : { ...caller, partnerId: await known.party(caller.tenantId, caller.partnerId) };
