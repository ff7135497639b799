// What do all of Stripe's events share? Their id, their time, the object that they are about, and the facts made of it.
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
  /** `created` padded: Stripe orders its events by the second only. */
  readonly sourceSeq: string;
  readonly object: JsonObject;
  readonly previous: Json | undefined;
  readonly connection: Connection;
  readonly mapping: StripeMapping;
}

/** Stripe makes its ids itself, unique over all accounts. */
export const stripeId = (kind: 'customer' | 'subscription' | 'invoice', id: string): ExternalId => ({
  system: 'stripe',
  kind,
  id,
});

/** The id at a path, where the object stands there itself (expanded) its `id`. */
export const idAt = (json: Json | undefined, path: string): string | undefined => {
  const own = textAt(json, `${path}.id`);
  return own ?? textAt(json, path);
};

/** The engagement that metadata names. */
export const namedEngagement = (event: StripeEvent, metadata: Json | undefined): ExternalId | undefined => {
  const id = textAt(metadata, event.mapping.metadata.engagement);
  return id === undefined ? undefined : engagementReference(id);
};

/** A fact of this event, about the engagement that its metadata names, else about what its own id is linked to. */
export const sayAbout = (
  event: StripeEvent,
  secondary: ExternalId,
  fact: { readonly type: SourceFact['type']; readonly data: Readonly<Record<string, unknown>> },
): SourceFact => ({
  type: fact.type,
  data: defined(fact.data),
  occurredAt: event.createdAt,
  sourceId: event.id,
  sourceSeq: event.sourceSeq,
  subject: { secondary },
});

/**
 * The link of a subscription to the engagement that its metadata names: later messages may carry its id alone. Keyed on the
 * subscription, so that every event that says the same adds nothing, and of links that differ the latest stands.
 */
export const subscriptionLink = (event: StripeEvent, subscriptionId: string, to: ExternalId): SourceFact => {
  const external = stripeId('subscription', subscriptionId);
  return {
    type: 'IdentityLinked',
    data: { external, to: { external: to }, reason: `stripe metadata.${event.mapping.metadata.engagement}` },
    occurredAt: event.createdAt,
    sourceId: subscriptionId,
    sourceSeq: event.sourceSeq,
    subject: { stream: identityStreamOf(event.connection.tenantId, external) },
    derived: true,
  };
};
