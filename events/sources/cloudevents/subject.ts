// What is a CloudEvent about?
import { definitionOf, type EventType } from '../../catalog.ts';
import { Reference } from '../../envelope.ts';
import { type ExternalId, fxStreamOf, identityStreamOf, streamIdOf } from '../../identifiers.ts';
import { engagementReference, isPrimary, normalExternalId } from '../externalIds.ts';
import type { Connection, Subject } from '../source.ts';

/** The subject of an external id, in its system's spelling. */
export const aboutExternal = (external: ExternalId): Subject => {
  const normal = normalExternalId(external);
  return isPrimary(normal) ? { primary: normal } : { secondary: normal };
};

/** The expected form of a subject, for the sender who has to correct it. */
export const subjectForm =
  'expected `engagement/<reference>`, `campaign/<id>`, or an id of an outside system: `<system>/<kind>/<id>`';

/** Reads a subject attribute; undefined if it has none of the forms. A reference and an id may hold slashes. */
export const readSubject = (text: string, tenantId: string): Subject | undefined => {
  const [, first = '', named = ''] = /^([^/]+)\/(.+)$/s.exec(text) ?? [];
  if (named === '') return undefined;
  if (first === 'engagement') return { secondary: engagementReference(named) };
  if (first === 'campaign') return { stream: streamIdOf(tenantId, 'campaign', named) };
  const [, kind = '', id = ''] = /^([^/]+)\/(.+)$/s.exec(named) ?? [];
  return id === '' ? undefined : aboutExternal({ system: first, kind, id });
};

const member = (data: unknown, name: string): unknown =>
  typeof data === 'object' && data !== null ? Object.entries(data).find(([key]) => key === name)?.[1] : undefined;

const idIn = (data: unknown, name: string): string | undefined => {
  const id = member(data, name);
  return typeof id === 'string' && id !== '' ? id : undefined;
};

const externalIn = (data: unknown, name: string): ExternalId | undefined => {
  const parsed = Reference.safeParse(member(data, name));
  return parsed.success ? normalExternalId(parsed.data) : undefined;
};

/** The subject that the fact's own data names: an offer, a campaign, a party, a link, a connection or the policy. */
export const ownSubject = (type: EventType, data: unknown, connection: Connection): Subject | undefined => {
  const { tenantId } = connection;
  const streams = definitionOf(type)?.streams ?? [];
  const offerId = idIn(data, 'offerId');
  const campaignId = idIn(data, 'campaignId');
  const party = externalIn(data, 'party') ?? externalIn(data, 'customer');
  const external = externalIn(data, 'external');
  const base = idIn(data, 'base');
  const quote = idIn(data, 'quote');
  if (streams[0] === 'offer' && offerId !== undefined) return { stream: streamIdOf(tenantId, 'offer', offerId) };
  if (streams[0] === 'campaign' && campaignId !== undefined) {
    return { stream: streamIdOf(tenantId, 'campaign', campaignId) };
  }
  if (streams.includes('party') && party !== undefined) return { party };
  if (type === 'FxRatePublished') {
    return base === undefined || quote === undefined ? undefined : { stream: fxStreamOf(tenantId, base, quote) };
  }
  if (streams.includes('identity') && external !== undefined) return { stream: identityStreamOf(tenantId, external) };
  if (streams.includes('source')) return { stream: streamIdOf(tenantId, 'source', connection.connection) };
  return streams.includes('policy') ? { stream: streamIdOf(tenantId, 'policy', 'policy') } : undefined;
};

/** Whether facts of the type may have the subject: the catalog must name the kind of its stream. */
export const fits = (type: EventType, subject: Subject): boolean => {
  const streams = definitionOf(type)?.streams ?? [];
  if ('stream' in subject) return streams.some((kind) => subject.stream.split('/')[1] === kind);
  return 'party' in subject ? streams.includes('party') : streams.includes('engagement');
};
