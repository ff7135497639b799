// How are a Stripe event's ids read, and how are its facts made?
import { type ExternalId, identityStreamOf } from '../../identifiers.ts';
import { engagementReference } from '../externalIds.ts';
import type { Connection, SourceFact } from '../source.ts';
import { defined, type Json, type JsonObject, textAt } from '../sourceJson.ts';
import type { StripeMapping } from './mapping.ts';

/** A snapshot event of the Stripe API. */
export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  readonly createdAt: string;
  /** `created` itself: seconds since 1970. */
  readonly second: number;
  /** `created`, padded. Stripe orders its events by the second only. */
  readonly sourceSeq: string;
  readonly object: JsonObject;
  readonly previous: Json | undefined;
  readonly connection: Connection;
  readonly mapping: StripeMapping;
}

/** The external id of a Stripe object. Stripe's ids are unique over all accounts. */
export const stripeId = (kind: 'customer' | 'subscription' | 'invoice', id: string): ExternalId => ({
  system: 'stripe',
  kind,
  id,
});

/** The id at a path. If the path holds the whole (expanded) object, it is the object's `id`. */
export const idAt = (json: Json | undefined, path: string): string | undefined => {
  const own = textAt(json, `${path}.id`);
  return own ?? textAt(json, path);
};

/** The engagement that metadata names. */
export const namedEngagement = (event: StripeEvent, metadata: Json | undefined): ExternalId | undefined => {
  const id = textAt(metadata, event.mapping.metadata.engagement);
  return id === undefined ? undefined : engagementReference(id);
};

export interface StripeFact {
  readonly type: SourceFact['type'];
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * The object that can say this only once, such as an invoice that is paid. Stripe may send two events of different
   * ids for one happening; they are one fact then. Absent: each event is a fact of its own.
   */
  readonly once?: string | undefined;
}

/** A fact of this event about a secondary id: the reference that its metadata names, or the id of a Stripe object. */
export const sayAbout = (event: StripeEvent, secondary: ExternalId, fact: StripeFact): SourceFact => ({
  type: fact.type,
  data: defined(fact.data),
  occurredAt: event.createdAt,
  sourceId: fact.once ?? event.id,
  sourceSeq: event.sourceSeq,
  subject: { secondary },
});

/**
 * The link of a Stripe object, because later messages may carry its id alone. The fact is keyed on the object, so an
 * event that repeats the link adds nothing, and of different links the latest stands.
 */
export const linkTo = (
  event: StripeEvent,
  external: ExternalId,
  { to, reason }: { readonly to: ExternalId; readonly reason: string },
): SourceFact => ({
  type: 'IdentityLinked',
  data: { external, to: { external: to }, reason },
  occurredAt: event.createdAt,
  sourceId: external.id,
  sourceSeq: event.sourceSeq,
  subject: { stream: identityStreamOf(event.connection.tenantId, external) },
  derived: true,
});

/** The link of a subscription to the engagement that its metadata names. */
export const subscriptionLink = (event: StripeEvent, subscriptionId: string, to: ExternalId): SourceFact =>
  linkTo(event, stripeId('subscription', subscriptionId), {
    to,
    reason: `stripe metadata.${event.mapping.metadata.engagement}`,
  });
