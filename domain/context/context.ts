// What do an engagement's rows depend on beside its own stream?
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import { derivedPartyOf, parseStreamId } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { Offer } from './offer.ts';
import type { Outage } from './outages.ts';
import type { Party } from './party.ts';
import type { Policy, PolicyInForce } from './policy.ts';
import { referenceKey } from './references.ts';

/** Everything outside the stream that rows depend on, at one instant. */
export interface Context {
  readonly tenantId: string;
  /** The policy in force now. */
  readonly policy: Policy;
  /** The policies up to now, by when they came into force. If `policy` is not the last of them, as when another is tried, it has always held. */
  readonly policies?: readonly PolicyInForce[] | undefined;
  /** By offer id. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** By party id. */
  readonly parties: ReadonlyMap<string, Party>;
  /**
   * Party ids by `referenceKey`, for references that an identity stream links. The party of any other reference is
   * derived.
   */
  readonly links: ReadonlyMap<string, string>;
  /** The silences of the tenant's connections, also those that are known only later. */
  readonly outages?: readonly Outage[] | undefined;
  /**
   * Instants after now at which the context itself changes: a policy comes into force, or one of its facts is dated
   * ahead.
   */
  readonly turns: readonly Instant[];
}

type Parties = Pick<Context, 'tenantId' | 'links'>;

/** The derived party ids of each context, cached: rows name the same few parties thousands of times. */
const derived = new WeakMap<Parties, Map<string, string>>();

/** The party that a reference means: the linked one, else the one derived from it. */
export const partyIdOf = (context: Parties, reference: Reference): string => {
  const key = referenceKey(reference);
  const linked = context.links.get(key);
  if (linked !== undefined) return linked;
  const known = derived.get(context) ?? new Map<string, string>();
  derived.set(context, known);
  const id = known.get(key) ?? parseStreamId(derivedPartyOf(context.tenantId, reference)).id;
  known.set(key, id);
  return id;
};

/** Every offer that the engagement's events name, each once. */
export const offerIdsOf = (events: readonly RecordedEvent[]): readonly string[] =>
  [
    ...new Set(
      events.flatMap((event) =>
        (event.type === 'EngagementOpened' || event.type === 'SolutionProposed') && event.data.offerId !== undefined
          ? [event.data.offerId]
          : [],
      ),
    ),
  ].sort();
