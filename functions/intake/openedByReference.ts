// Which engagement does an opening by a reference begin, and which link follows from it?
import type { Fact, FactOf } from '../../events/catalog.ts';
import {
  canonicalJson,
  derivedEngagementOf,
  type ExternalId,
  eventIdOf,
  factIdOf,
  identityStreamOf,
} from '../../events/identifiers.ts';
import { engagementReference } from '../../events/sources/externalIds.ts';
import type { Subject } from '../../events/sources/source.ts';

/** The reference by which a fact opens an engagement; undefined for other facts, and for other subjects. */
export const openingReference = ({ type }: Pick<Fact, 'type'>, subject: Subject): ExternalId | undefined => {
  if (type !== 'EngagementOpened' || !('secondary' in subject)) return undefined;
  const reference = engagementReference(subject.secondary.id);
  return canonicalJson(reference) === canonicalJson(subject.secondary) ? reference : undefined;
};

/** The stream that an EngagementOpened by this reference begins, unless the reference is linked. Whoever opens it, it is the same. */
export const streamOpenedBy = (tenantId: string, { id }: ExternalId): string =>
  derivedEngagementOf(tenantId, { system: 'throughline', kind: 'engagement', id });

/** The link of the reference to that stream: one event, whoever opens the engagement, and however often. */
export const openingLink = (
  opening: Pick<Fact, 'tenantId' | 'occurredAt' | 'factId'>,
  reference: ExternalId,
): FactOf<'IdentityLinked'> => {
  const { tenantId, occurredAt } = opening;
  const sourceId = `engagement:${reference.id}`;
  const factId = factIdOf({ tenantId, system: 'throughline', account: '', sourceId, type: 'IdentityLinked' });
  const data = {
    external: reference,
    to: { stream: streamOpenedBy(tenantId, reference) },
    reason: 'an EngagementOpened names this reference',
  };
  const streamId = identityStreamOf(tenantId, reference);
  return {
    ...{ type: 'IdentityLinked', schemaVersion: 1, eventId: eventIdOf({ factId, data }), factId, tenantId, streamId },
    ...{ occurredAt, source: 'throughline', sourceEventId: sourceId, causationId: opening.factId },
    ...{ correlationId: streamId, data },
  };
};
