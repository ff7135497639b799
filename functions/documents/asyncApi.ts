// How does the AsyncAPI 3 document describe the messages on the bus and those of senders?
import { eventTypes } from '../../events/catalog.ts';
import { systemTypes } from '../../events/sources/cloudevents/cloudEventSchema.ts';
import { cloudevents } from '../../events/sources/cloudevents.ts';
import { intakeSource, packType, recordedSource } from '../aws/eventBridge.ts';
import { asyncApiMessages, factTypes, messageName } from './asyncApiMessages.ts';
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
    description: `EventBridge events whose source is \`${intakeSource}\`. Internal to the pipeline: only translate puts them. Facts of one tenant go in packs whose detail-type is \`${packType}\`, to the \`owner\` that the detail names. A fact alone, whose detail-type is the event type, is of an earlier release, or nobody owns it.`,
    servers: onBus,
    messages: Object.fromEntries([
      [packType, { $ref: `#/components/messages/${packType}` }],
      ...factTypes.map((type) => [type, { $ref: `#/components/messages/${messageName.fact(type)}` }]),
    ]),
  },
  recorded: {
    address: recordedSource,
    title: 'Recorded events',
    description: `EventBridge events whose source is \`${recordedSource}\` and whose detail-type is the event type. Each arrives at least once, in no fixed order. Know them by \`eventId\`, and order the events of a stream by \`version\`. Every recorded event is sent, unless the stack was deployed with the context \`relayTypes\`: then its output RelayedTypes lists the types that are sent.`,
    servers: onBus,
    messages: Object.fromEntries(
      eventTypes.map((type) => [type, { $ref: `#/components/messages/${messageName.recorded(type)}` }]),
    ),
  },
  cloudevents: {
    address: webhookPath(cloudevents),
    title: 'CloudEvents of senders without an adapter of their own',
    description:
      'CloudEvents 1.0 in structured mode over HTTP, signed as Standard Webhooks. A connection may send only the types that it is allowed.',
    servers: [{ $ref: '#/servers/api' }],
    parameters: { connection: { description: "The connection's id, as `npm run connect` printed it." } },
    messages: Object.fromEntries(
      systemTypes.map((type) => [type, { $ref: `#/components/messages/${messageName.cloudEvent(type)}` }]),
    ),
  },
});

const servers = {
  bus: {
    host: 'events.{region}.amazonaws.com',
    protocol: 'eventbridge',
    description: 'The EventBridge bus in the stack output BusName. Subscribe with a rule and a target of your own.',
    variables: { region: { description: 'Where the stack is deployed.', default: 'us-east-1' } },
  },
  api: {
    host: '{host}',
    protocol: 'https',
    description: 'The HTTP API in the stack output ApiUrl.',
    variables: { host: { description: 'The host of the API.' } },
  },
};

/** The document for a version of the product, with the fixtures as examples. */
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
      "Outside systems say facts about a vendor's channel. Each fact is recorded once, as an event, and any system can subscribe to the events.",
  },
  defaultContentType: 'application/json',
  servers,
  channels: channels(),
  operations: asyncApiOperations(),
  components: { messages: asyncApiMessages(fixtures), schemas: asyncApiSchemas() },
});
