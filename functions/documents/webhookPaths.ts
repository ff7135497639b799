// How does OpenAPI tell the doors of outside systems? A path for each source that sends over HTTP, with its own signature and statuses.
import { sources } from '../../events/sources/catalog.ts';
import type { Source } from '../../events/sources/source.ts';
import { bodyBytesLimit } from '../intake/webhook.ts';
import type { JsonObject } from './jsonSchema.ts';
import { jsonContent, refusedWith, schemaRef } from './openApiAnswers.ts';

interface Contract {
  readonly description: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: JsonObject;
}

const anyJson = jsonContent({ type: 'object' });

/** What each source's senders keep to; a source that is not named here is told without it. */
export const contracts: Readonly<Record<string, Contract>> = {
  stripe: {
    description: "Stripe's events: give Stripe this URL as a webhook endpoint.",
    headers: { 'Stripe-Signature': 'The time and HMAC-SHA256 that Stripe signs with.' },
    content: anyJson,
  },
  cloudevents: {
    description: 'CloudEvents 1.0 in structured mode, one or a batch, signed as Standard Webhooks.',
    headers: {
      'webhook-id': 'The id of the message.',
      'webhook-timestamp': 'Seconds since 1970, within 300 of now.',
      'webhook-signature': '`v1,` and the HMAC-SHA256 in base64; several while a secret is rolled, a space between.',
    },
    content: {
      'application/cloudevents+json': { schema: schemaRef('CloudEvent') },
      'application/cloudevents-batch+json': { schema: { type: 'array', items: schemaRef('CloudEvent') } },
      ...anyJson,
    },
  },
};

const refusals = {
  401: 'The signature, or its time, does not hold: nothing was kept.',
  404: 'There is no such connection.',
  413: `The body is over ${bodyBytesLimit / 1024} KB.`,
};

const refused = (): JsonObject =>
  Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: schemaRef('Problem') } } },
    ]),
  );

const greeting = (source: Source): JsonObject =>
  source.handshake === undefined
    ? {}
    : {
        options: {
          operationId: `greet_${source.name}`,
          summary: `The handshake of ${source.name}`,
          tags: ['receive'],
          security: [],
          responses: { 200: { description: 'Send on: the headers say so.' }, ...refusedWith(404, 503) },
        },
      };

const pathOf = (source: Source): JsonObject => {
  const contract = contracts[source.name];
  return {
    parameters: [
      {
        name: 'connection',
        in: 'path',
        required: true,
        description: "The connection's id, as connecting printed it.",
        schema: { type: 'string' },
      },
    ],
    post: {
      operationId: `receive_${source.name}`,
      summary: `Takes a message of ${source.name}`,
      description:
        `${contract?.description ?? ''} A message whose signature holds is kept before it is understood.`.trim(),
      tags: ['receive'],
      security: [],
      parameters: Object.entries(contract?.headers ?? {}).map(([name, description]) => ({
        name,
        in: 'header',
        required: true,
        description,
        schema: { type: 'string' },
      })),
      requestBody: { required: true, content: contract?.content ?? anyJson },
      responses: {
        [source.acceptedStatus]: {
          description: 'The message is kept.',
          content: jsonContent(schemaRef('ReceiptAnswer')),
        },
        ...refused(),
        ...refusedWith(429, 503),
      },
    },
    ...greeting(source),
  };
};

/** The paths of every source that sends over HTTP. */
export const webhookPaths = (): JsonObject =>
  Object.fromEntries(
    sources
      .filter(({ verify }) => verify !== undefined)
      .map((source) => [`/webhooks/${source.name}/{connection}`, pathOf(source)]),
  );
