// Which recorded events change what engagements of a tenant conclude, and by which stream?
import { changesContext } from '../../domain/lifecycle.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { engagementReference, isPrimary } from '../../events/sources/externalIds.ts';
import { linkedStream } from '../intake/linkRules.ts';

/** The streams of a tenant that have changed, with the version that they have reached. */
export interface ContextChange {
  readonly tenantId: string;
  readonly changed: Readonly<Record<string, number>>;
}

/** A link that leads to an engagement, as most do, or out of the tenant says nothing of a party. */
const leadsToNoParty = (event: RecordedEvent): boolean => {
  if (event.type !== 'IdentityLinked') return false;
  const { external, to } = event.data;
  if ('stream' in to) return linkedStream(event.tenantId, to.stream)?.kind !== 'party';
  const isReference = (id: string, system: string, kind: string): boolean => {
    const reference = engagementReference(id);
    return system === reference.system && kind === reference.kind;
  };
  return (
    isPrimary(external) ||
    isPrimary(to.external) ||
    isReference(external.id, external.system, external.kind) ||
    isReference(to.external.id, to.external.system, to.external.kind)
  );
};

/** A customer of a tenant of which something was said. */
export interface CustomerWord {
  readonly tenantId: string;
  readonly partyId: string;
}

/** What a message says of an account concerns only the engagements of that customer: no run over all of the tenant's. */
const isOfCustomer = (event: RecordedEvent): boolean =>
  event.type === 'CustomerIdentified' && parseStreamId(event.streamId).kind === 'party';

/** The customers that these events say something of, each once. */
export const customersOf = (events: readonly RecordedEvent[]): readonly CustomerWord[] => {
  const words = events.filter(isOfCustomer).map(({ tenantId, streamId }) => {
    return { tenantId, partyId: parseStreamId(streamId).id };
  });
  return [...new Map(words.map((word) => [`${word.tenantId} ${word.partyId}`, word])).values()];
};

/** Several events as one change a tenant. */
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
