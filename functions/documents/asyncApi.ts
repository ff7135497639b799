// What travels on the bus, and what do senders send? The AsyncAPI 3 document, made of the catalog and of the lifecycle table.
import { eventTypes } from '../../events/catalog.ts';
import { systemTypes } from '../../events/sources/cloudevents/cloudEventSchema.ts';
import { cloudevents } from '../../events/sources/cloudevents.ts';
import { intakeSource, recordedSource } from '../aws/eventBridge.ts';
import { asyncApiMessages, messageName } from './asyncApiMessages.ts';
import { asyncApiOperations } from './asyncApiOperations.ts';
import { asyncApiSchemas } from './asyncApiSchemas.ts';
import type { Fixtures } from './eventSchemas.ts';
import type { JsonObject } from './jsonSchema.ts';
import { webhookPath } from './webhookPaths.ts';

const onBus = [{ $ref: '#/servers/bus' }];

const channels = (): JsonObject => ({
  intake: {
    address: intakeSource,
    title: 'Facts on their way to their streams',
    description: `EventBridge events whose source is \`${intakeSource}\` and whose detail-type is the event type. The pipeline's own: only translate puts them.`,
    servers: onBus,
    messages: Object.fromEntries(
      eventTypes
        .filter((type) => type !== 'StageEntered')
        .map((type) => [type, { $ref: `#/components/messages/${messageName.fact(type)}` }]),
    ),
  },
  recorded: {
    address: recordedSource,
    title: 'Recorded events',
    description: `EventBridge events whose source is \`${recordedSource}\` and whose detail-type is the event type. At least once, in no promised order: know them by \`eventId\`, order them in a stream by \`version\`.`,
    servers: onBus,
    messages: Object.fromEntries(
      eventTypes.map((type) => [type, { $ref: `#/components/messages/${messageName.recorded(type)}` }]),
    ),
  },
  cloudevents: {
    address: webhookPath(cloudevents),
    title: 'CloudEvents of senders without an adapter of their own',
    description:
      'CloudEvents 1.0 in structured mode over HTTP, signed as Standard Webhooks. A connection may say the types that it is allowed.',
    servers: [{ $ref: '#/servers/api' }],
    parameters: { connection: { description: "The connection's id, as connecting printed it." } },
    messages: Object.fromEntries(
      systemTypes.map((type) => [type, { $ref: `#/components/messages/${messageName.cloudEvent(type)}` }]),
    ),
  },
});

const servers = {
  bus: {
    host: 'events.{region}.amazonaws.com',
    protocol: 'eventbridge',
    description: 'The EventBridge bus that the output BusName names: subscribe with a rule and a target of your own.',
    variables: { region: { description: 'Where the stack is deployed.', default: 'us-east-1' } },
  },
  api: {
    host: '{host}',
    protocol: 'https',
    description: 'The HTTP API that the output ApiUrl names.',
    variables: { host: { description: 'Its host.' } },
  },
};

/** The document of a version of the product; the fixtures stand in it as examples. */
export const asyncApi = ({
  version,
  fixtures,
}: {
  readonly version: string;
  readonly fixtures: Fixtures;
}): JsonObject => ({
  asyncapi: '3.1.0',
  id: 'urn:throughline',
  info: {
    title: 'Throughline',
    version,
    description:
      "The facts that outside systems say of a vendor's channel, and the events that are recorded of them, once each, for every system that wants to follow.",
  },
  defaultContentType: 'application/json',
  servers,
  channels: channels(),
  operations: asyncApiOperations(),
  components: { messages: asyncApiMessages(fixtures), schemas: asyncApiSchemas() },
});
