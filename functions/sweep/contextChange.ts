// Which recorded events change the context of a tenant's engagements, and in which streams?
import { changesContext } from '../../domain/lifecycle.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { engagementReference, isPartOfEngagement, isPrimary } from '../../events/sources/externalIds.ts';
import { linkedStream } from '../intake/linkRules.ts';

/** The streams of a tenant that have changed, each with its new version. */
export interface ContextChange {
  readonly tenantId: string;
  readonly changed: Readonly<Record<string, number>>;
}

/** Most links lead to an engagement. Such a link, or a link that leads out of the tenant, concerns no party. */
const leadsToNoParty = (event: RecordedEvent): boolean => {
  if (event.type !== 'IdentityLinked') return false;
  const { external, to } = event.data;
  if ('stream' in to) return linkedStream(event.tenantId, to.stream)?.kind !== 'party';
  const isReference = (id: string, system: string, kind: string): boolean => {
    const reference = engagementReference(id);
    return system === reference.system && kind === reference.kind;
  };
  return (
    [external, to.external].some((id) => isPrimary(id) || isPartOfEngagement(id)) ||
    isReference(external.id, external.system, external.kind) ||
    isReference(to.external.id, to.external.system, to.external.kind)
  );
};

/** A customer of a tenant that an event describes. */
export interface CustomerWord {
  readonly tenantId: string;
  readonly partyId: string;
}

/** A CustomerIdentified on a party's stream concerns only the engagements of that customer, so it needs no rebuild of the tenant. */
const isOfCustomer = (event: RecordedEvent): boolean =>
  event.type === 'CustomerIdentified' && parseStreamId(event.streamId).kind === 'party';

/** The customers that these events describe, each once. */
export const customersOf = (events: readonly RecordedEvent[]): readonly CustomerWord[] => {
  const words = events.filter(isOfCustomer).map(({ tenantId, streamId }) => {
    return { tenantId, partyId: parseStreamId(streamId).id };
  });
  return [...new Map(words.map((word) => [`${word.tenantId} ${word.partyId}`, word])).values()];
};

/** Combines events into one change per tenant. */
export const contextChanges = (events: readonly RecordedEvent[]): readonly ContextChange[] => {
  const changes = new Map<string, Record<string, number>>();
  for (const event of events) {
    if (!changesContext(event) || leadsToNoParty(event) || isOfCustomer(event)) continue;
    const changed = changes.get(event.tenantId) ?? {};
    changed[event.streamId] = Math.max(event.version, changed[event.streamId] ?? 0);
    changes.set(event.tenantId, changed);
  }
  return [...changes].map(([tenantId, changed]) => ({ tenantId, changed }));
};
