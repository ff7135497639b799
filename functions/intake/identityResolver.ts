// To which stream do the links lead from a message's subject, or which external id is not linked yet?
// Translate and record call it; it reads identity and engagement streams of the events table, and caches found links.

import { linkOf } from '../../domain/context/identity.ts';
import { historyOf, standing } from '../../domain/history.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { LinkTarget } from '../../events/control.ts';
import { derivedEngagementOf, derivedPartyOf, type ExternalId, identityStreamOf } from '../../events/identifiers.ts';
import { isPrimary, normalExternalId } from '../../events/sources/externalIds.ts';
import type { Subject } from '../../events/sources/source.ts';
import { createTtlCache } from '../aws/ttlCache.ts';
import { type EventStore, emptyTip } from '../store/eventStore.ts';
import { BrokenStream } from '../store/readCommits.ts';
import type { StreamReads } from '../store/readOnce.ts';
import { standingInWhole, survivorOf } from '../store/wholeEngagement.ts';

/** A stream, or the external ids that must be linked first (several where links lead in a circle). */
export type Resolved = { readonly stream: string } | { readonly missing: readonly ExternalId[] };

/** The links that one piece of work has read, each identity once. A caller that must see later links makes a new look. */
export type Look = Map<string, Promise<LinkTarget | undefined>>;

/** The streams that a look has read whole. */
const readWhole = new WeakMap<Look, Map<string, Promise<readonly RecordedEvent[]>>>();

export interface IdentityResolver {
  /**
   * Reads the links of many external ids, and of those to which they lead, into a look: few calls, because most ids have no link.
   * An id whose links can't be read is left to `linkOf`, which says why.
   */
  lookAhead(tenantId: string, externals: readonly ExternalId[], look: Look): Promise<void>;
  /** The target of an external id's link; undefined where it has no link. Read consistently; only found links are cached. */
  linkOf(tenantId: string, external: ExternalId, look?: Look): Promise<LinkTarget | undefined>;
  /** Follows the links from a subject to its stream. */
  resolve(tenantId: string, subject: Subject, look?: Look): Promise<Resolved>;
  /**
   * The events that stand in a stream and have occurred, read consistently, each stream once a look. Of an engagement that is merged into
   * another one, the events that count there.
   */
  eventsOf(streamId: string, look: Look): Promise<readonly RecordedEvent[]>;
  /** Notes a link that this process puts on the bus. It counts until the store holds a link of this id. */
  announce(tenantId: string, external: ExternalId, to: LinkTarget): void;
  /** Drops the cached link of an id, because a new link was recorded. */
  forget(tenantId: string, external: ExternalId): void;
  /** Whether a stream holds commits, or this process has just sent it facts. */
  hasBegun(streamId: string): Promise<boolean>;
  /** Notes that this process sends facts to the stream. */
  begin(streamId: string): void;
}

export interface IdentityResolverSettings {
  readonly store: EventStore;
  readonly now: () => string;
}

const cacheBytes = 8 * 1024 ** 2;

/** The most links from an external id to its stream; a longer chain counts as a circle. */
const longestChain = 8;

/**
 * The identities of all tenants. Links and facts that this process puts on the bus are recorded a moment later. Until then they
 * are remembered here, so that messages that follow closely see them.
 */
export const createIdentityResolver = ({ store, now }: IdentityResolverSettings): IdentityResolver => {
  const found = createTtlCache<LinkTarget>({ forMs: 60_000, budgetBytes: cacheBytes, now });
  const announced = createTtlCache<LinkTarget>({ forMs: 300_000, budgetBytes: cacheBytes, now });
  const begun = createTtlCache<true>({ forMs: 300_000, budgetBytes: cacheBytes, now });

  const linkAmong = (stream: string, events: readonly RecordedEvent[]): LinkTarget | undefined => {
    const link = events.length === 0 ? undefined : linkOf(standing(historyOf(events)));
    if (link !== undefined) found.set(stream, link.data.to);
    return link?.data.to;
  };

  const read = async (stream: string): Promise<LinkTarget | undefined> =>
    linkAmong(stream, (await store.load(stream)).events);

  const holdsCommits = async (streamId: string): Promise<boolean> => {
    try {
      return (await store.load(streamId)).tip.version > 0;
    } catch (error) {
      // A stream that can't be read to its end holds something.
      if (error instanceof BrokenStream) return true;
      throw error;
    }
  };

  const linkedTo: IdentityResolver['linkOf'] = async (tenantId, external, look: Look = new Map()) => {
    const stream = identityStreamOf(tenantId, external);
    const known = found.get(stream);
    if (known !== undefined) return known;
    const answer = look.get(stream) ?? read(stream);
    look.set(stream, answer);
    return (await answer) ?? announced.get(stream);
  };

  /** Reads the links of these ids into the look; answers the ids to which they lead. */
  const lookTogether = async (
    tenantId: string,
    externals: readonly ExternalId[],
    look: Look,
  ): Promise<readonly ExternalId[]> => {
    const streams = new Set(externals.map((external) => identityStreamOf(tenantId, external)));
    const unseen = [...streams].filter((stream) => found.get(stream) === undefined && !look.has(stream));
    const loaded = await store.loadMany(new Map(unseen.map((stream) => [stream, emptyTip])));
    for (const [stream, { events }] of loaded) look.set(stream, Promise.resolve(linkAmong(stream, events)));
    const links = [...streams].map((stream) => found.get(stream) ?? announced.get(stream));
    return links.flatMap((to) => (to !== undefined && 'external' in to ? [normalExternalId(to.external)] : []));
  };

  const follow = async (tenantId: string, subject: Exclude<Subject, { stream: string }>, look?: Look) => {
    const isParty = 'party' in subject;
    const passed: ExternalId[] = [];
    let at = 'party' in subject ? subject.party : 'primary' in subject ? subject.primary : subject.secondary;
    while (passed.length < longestChain) {
      const link = await linkedTo(tenantId, at, look);
      if (link !== undefined && 'stream' in link) return { stream: link.stream };
      if (link === undefined) {
        if (isParty) return { stream: derivedPartyOf(tenantId, at) };
        const opensItself = isPrimary(at) || ('primary' in subject && passed.length === 0);
        return opensItself ? { stream: derivedEngagementOf(tenantId, at) } : { missing: [at] };
      }
      passed.push(at);
      at = normalExternalId(link.external);
    }
    return { missing: passed };
  };

  const streams: Pick<StreamReads, 'read'> = {
    read: async (streamIds) => {
      const loaded = [...streamIds].map(async (id) => {
        const { events, tip } = await store.load(id);
        return [id, { history: historyOf(events), tip }] as const;
      });
      return new Map(await Promise.all(loaded));
    },
  };

  const loadStanding = async (streamId: string): Promise<readonly RecordedEvent[]> => {
    const cuts = { occurredUntil: now() };
    const { events: own } = await store.load(streamId);
    return standingInWhole(await survivorOf(streams, { stream: streamId, own, cuts }), cuts);
  };

  return {
    lookAhead: async (tenantId, externals, look) => {
      let ahead = externals;
      for (let link = 0; link < longestChain && ahead.length > 0; link += 1) {
        ahead = await lookTogether(tenantId, ahead, look);
      }
    },
    linkOf: linkedTo,
    resolve: async (tenantId, subject, look) =>
      'stream' in subject ? { stream: subject.stream } : await follow(tenantId, subject, look),
    eventsOf: (streamId, look) => {
      const known = readWhole.get(look) ?? new Map<string, Promise<readonly RecordedEvent[]>>();
      readWhole.set(look, known);
      const answer = known.get(streamId) ?? loadStanding(streamId);
      known.set(streamId, answer);
      return answer;
    },
    announce: (tenantId, external, to) => announced.set(identityStreamOf(tenantId, external), to),
    forget: (tenantId, external) => found.delete(identityStreamOf(tenantId, external)),
    hasBegun: async (streamId) => {
      if (begun.get(streamId) === true) return true;
      if (!(await holdsCommits(streamId))) return false;
      // A stream never becomes empty again.
      begun.set(streamId, true);
      return true;
    },
    begin: (streamId) => begun.set(streamId, true),
  };
};
