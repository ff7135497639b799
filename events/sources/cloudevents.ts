// How does any other system send facts, as signed CloudEvents over HTTP?
import * as z from 'zod';
import { CloudEvent, systemTypes } from './cloudevents/cloudEventSchema.ts';
import { readEvents } from './cloudevents/envelope.ts';
import { factsOfEvent, type Said } from './cloudevents/facts.ts';
import { CloudEventsMapping } from './cloudevents/mapping.ts';
import { signedSample } from './cloudevents/sample.ts';
import { verifyStandardWebhook } from './cloudevents/signature.ts';
import { anyAccount, defineSource, factsOr, type Part, type SourceFact } from './source.ts';

/** An event that says no facts, as a part of its message. */
const partOf = (path: string, said: Exclude<Said, { readonly facts: unknown }>): Part => {
  if ('ignored' in said) return { path, outcome: 'ignored', reason: said.ignored, issues: [] };
  const inMessage = [path, said.issue.path].filter((part) => part !== '').join('.');
  return { path, outcome: 'refused', reason: said.reason, issues: [{ path: inMessage, message: said.issue.message }] };
};

/**
 * The contract for every other sender: one CloudEvent (`application/cloudevents+json`) or a batch of them. `source` and
 * `id` identify an event: the same pair again adds nothing. Each event of a batch ends by itself. `subject` names what an event is about:
 * `engagement/<reference>`, `campaign/<id>`, or `<system>/<kind>/<id>`.
 */
export const cloudevents = defineSource({
  name: 'cloudevents',
  title: 'CloudEvents',
  isCrm: false,
  accountIs: 'sender',
  accountOf: anyAccount,
  delivery: {
    way: 'webhook',
    contract: {
      description: 'CloudEvents 1.0 in structured mode, one or a batch, signed as Standard Webhooks.',
      headers: {
        'webhook-id': 'The id of the message.',
        'webhook-timestamp': 'Seconds since 1970, within 300 of now.',
        'webhook-signature':
          '`v1,` and the HMAC-SHA256 in base64. While a secret is rotated there are several, with spaces between.',
      },
      bodies: {
        'application/cloudevents+json': CloudEvent,
        'application/cloudevents-batch+json': z.array(CloudEvent),
      },
      shapes: { CloudEvent },
    },
    acceptedStatus: 202,
    secretOf: (random) => `whsec_${Buffer.from(random).toString('base64')}`,
    sampleOf: signedSample,
    verify: verifyStandardWebhook,
    // The web hook binding asks whether we want this sender's events; the gateway limits the rate anyway.
    handshake: (headers) => ({
      status: 200,
      headers: {
        allow: 'POST',
        ...(headers['webhook-request-origin'] === undefined
          ? {}
          : { 'webhook-allowed-origin': headers['webhook-request-origin'], 'webhook-allowed-rate': '*' }),
      },
    }),
  },
  says: systemTypes,
  mapping: () => CloudEventsMapping,
  translate: ({ message, connection, mapping }) => {
    const read = readEvents(message);
    if (!read.ok) return { outcome: 'refused', reason: read.reason, issues: read.issues };
    const facts: SourceFact[] = [];
    const parts: Part[] = [...read.parts];
    for (const event of read.events) {
      const said = factsOfEvent({ event, connection, receivedAt: message.receivedAt }, mapping);
      if ('facts' in said)
        facts.push(...said.facts.map((fact) => (read.isBatch ? { ...fact, part: event.path } : fact)));
      else parts.push(partOf(event.path, said));
    }
    if (read.isBatch) return parts.length === 0 ? factsOr('emptyBatch', facts) : { outcome: 'facts', facts, parts };
    const [whole] = parts;
    if (whole === undefined) return { outcome: 'facts', facts };
    const { outcome, reason, issues } = whole;
    return outcome === 'ignored' ? { outcome, reason } : { outcome, reason, issues };
  },
});
