// Which engagement does a reference mean that people chose? The one to which its identity stream leads.
import { standing } from '../../domain/history.ts';
import { linkOf } from '../../domain/identity.ts';
import { derivedEngagementOf, type ExternalId, identityStreamOf } from '../../events/identifiers.ts';
import type { StreamCache } from './streamCache.ts';

const longestChain = 5;

/** Follows links, read consistently, from an external id to an engagement's stream; undefined where it is not linked. */
export const createLinkedEngagement =
  (cache: StreamCache) =>
  async (tenantId: string, external: ExternalId): Promise<string | undefined> => {
    let at = external;
    for (let step = 0; step < longestChain; step += 1) {
      const stream = identityStreamOf(tenantId, at);
      const history = (await cache.read([stream])).get(stream)?.history;
      const link = history === undefined ? undefined : linkOf(standing(history));
      // An id to which a link leads, itself unlinked, is primary: it derives its engagement.
      if (link === undefined) return step === 0 ? undefined : derivedEngagementOf(tenantId, at);
      if ('stream' in link.data.to) return link.data.to.stream;
      at = link.data.to.external;
    }
    return undefined;
  };
