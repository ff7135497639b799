// How does the OpenAPI document describe the webhook of each source that sends over HTTP?
import type * as z from 'zod';
import { sources } from '../../events/sources/catalog.ts';
import type { SenderContract, Webhook } from '../../events/sources/delivery.ts';
import { bodyBytesLimit } from '../intake/webhook.ts';
import type { Messages } from './eventSchemas.ts';
import { type JsonObject, jsonSchemaOf } from './jsonSchema.ts';
import { componentForm } from './namedShapes.ts';
import { jsonContent, refusedWith, schemaRef } from './openApiAnswers.ts';
import { parameterExample } from './parameterExamples.ts';

interface Door extends Webhook {
  readonly name: string;
}

const doors: readonly Door[] = sources.flatMap(({ name, delivery }) =>
  delivery.way === 'webhook' ? [{ name, ...delivery }] : [],
);

/** The address of a source's messages, with a parameter for the connection. */
export const webhookPath = ({ name }: { readonly name: string }): string => `/webhooks/${name}/{connection}`;

const ownShapes = doors.flatMap(({ contract }) => Object.entries(contract.shapes ?? {}));

const form = componentForm('draft-2020-12', ownShapes);

/** The shapes of senders' messages that have a name, as components. */
export const webhookComponents = (): JsonObject =>
  Object.fromEntries(ownShapes.map(([name, schema]) => [name, jsonSchemaOf(schema, form)]));

const shapeOf = (schema: z.ZodType): JsonObject => {
  const name = ownShapes.find(([, shape]) => shape === schema)?.[0];
  return name === undefined ? jsonSchemaOf(schema, form) : schemaRef(name);
};

const contentOf = ({ bodies = {} }: SenderContract, examples: JsonObject): JsonObject => {
  const schemas = {
    ...Object.fromEntries(Object.entries(bodies).map(([type, schema]) => [type, shapeOf(schema)])),
    'application/json': { type: 'object' },
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([type, schema]) => [
      type,
      { schema, ...(examples[type] !== undefined && { example: examples[type] }) },
    ]),
  );
};

const refusals = {
  400: 'The body is not UTF-8; nothing was stored.',
  401: 'The signature or its time is not valid; nothing was stored.',
  404: 'There is no such connection.',
  413: `The body is over ${bodyBytesLimit / 1024} KB.`,
};

/** From the pipeline, or from API Gateway before it. */
const tooMany: JsonObject = {
  description:
    'Too many messages at once, of this connection or of all, or too many without a valid signature; nothing was stored: send the same message again.',
  headers: { 'retry-after': { description: 'After how many seconds to send again.', schema: { type: 'integer' } } },
  content: {
    'application/problem+json': { schema: schemaRef('Problem') },
    ...jsonContent(schemaRef('GatewayMessage')),
  },
};

const refused = (): JsonObject =>
  Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: schemaRef('Problem') } } },
    ]),
  );

const greeting = ({ name, handshake }: Door): JsonObject =>
  handshake === undefined
    ? {}
    : {
        options: {
          operationId: `greet_${name}`,
          summary: `The handshake of ${name}`,
          tags: ['receive'],
          security: [],
          responses: {
            200: { description: 'The handshake is accepted, as the headers say.' },
            ...refusedWith(404, 503),
          },
        },
      };

const pathOf = (door: Door, messages: Messages): JsonObject => ({
  parameters: [
    {
      name: 'connection',
      in: 'path',
      required: true,
      description: "The connection's id, as `npm run connect` printed it.",
      schema: { type: 'string' },
      ...parameterExample('connection', {}),
    },
  ],
  post: {
    operationId: `receive_${door.name}`,
    summary: `Receives a message of ${door.name}`,
    description: `${door.contract.description} A message with a valid signature is stored before its content is read.`,
    tags: ['receive'],
    security: [],
    parameters: Object.entries(door.contract.headers).map(([name, description]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: contentOf(door.contract, messages.get(door.name) ?? {}) },
    responses: {
      [door.acceptedStatus]: {
        description: 'The message is stored.',
        content: jsonContent(schemaRef('ReceiptAnswer')),
      },
      ...refused(),
      429: tooMany,
      ...refusedWith(503),
    },
  },
  ...greeting(door),
});

/** The paths of every source that sends over HTTP. */
export const webhookPaths = (messages: Messages): JsonObject =>
  Object.fromEntries(doors.map((door) => [webhookPath(door), pathOf(door, messages)]));
