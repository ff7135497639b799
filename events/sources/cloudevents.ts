// What does everyone else say? CloudEvents 1.0 over HTTP, signed by Standard Webhooks: facts of our catalog, or mapped to them.
import { catalog, eventTypes } from '../catalog.ts';
import { readEvents } from './cloudevents/envelope.ts';
import { factsOfEvent } from './cloudevents/facts.ts';
import { CloudEventsMapping } from './cloudevents/mapping.ts';
import { verifyStandardWebhook } from './cloudevents/signature.ts';
import type { SourceFact } from './source.ts';
import { defineSource, factsOr } from './source.ts';
import { digestOf } from './sourceJson.ts';

/** What only a CRM, or an adapter by itself, says unless the connection is allowed more (decision 19). */
const reserved: ReadonlySet<string> = new Set([
  'IdentityLinked',
  'ReconciliationRequested',
  'StageEntered',
  'DealClosed',
  'EngagementOpened',
]);

/**
 * The contract for every other sender. One event (`application/cloudevents+json`) or a batch of them; dedup by source and id.
 * `subject` names what an event is about: `engagement/<reference>`, `campaign/<id>`, or `<system>/<kind>/<id>`.
 */
export const cloudevents = defineSource({
  name: 'cloudevents',
  way: 'http',
  acceptedStatus: 202,
  defaultTypes: eventTypes.filter((type) => catalog[type].saidBy.includes('system') && !reserved.has(type)),
  mapping: CloudEventsMapping,
  systemOf: ({ account }) => `cloudevents:${account}`,
  accountOf: (account) => account,
  secretOf: (random) => `whsec_${Buffer.from(random).toString('base64')}`,
  verify: verifyStandardWebhook,
  messageId: (message) => {
    const read = readEvents(message);
    const first = read.ok && read.events.length === 1 ? read.events[0] : undefined;
    return first === undefined
      ? (message.headers['webhook-id'] ?? digestOf(message.body))
      : `${first.source} ${first.id}`;
  },
  // The web hook binding's question whether we want this sender's events; the gateway limits the rate anyway.
  handshake: (headers) => ({
    status: 200,
    headers: {
      allow: 'POST',
      ...(headers['webhook-request-origin'] === undefined
        ? {}
        : { 'webhook-allowed-origin': headers['webhook-request-origin'], 'webhook-allowed-rate': '*' }),
    },
  }),
  translate: ({ message, connection, mapping }) => {
    const read = readEvents(message);
    if (!read.ok) return { outcome: 'refused', reason: read.reason, issues: read.issues };
    const facts: SourceFact[] = [];
    const ignored: string[] = [];
    for (const event of read.events) {
      const said = factsOfEvent({ event, connection, receivedAt: message.receivedAt }, mapping);
      if ('ignored' in said) ignored.push(said.ignored);
      else if ('facts' in said) facts.push(...said.facts);
      else {
        const path = [event.path, said.issue.path].filter((part) => part !== '').join('.');
        return { outcome: 'refused', reason: said.reason, issues: [{ path, message: said.issue.message }] };
      }
    }
    return factsOr(ignored[0] ?? 'emptyBatch', facts);
  },
});
