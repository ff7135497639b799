// Which schemas does the AsyncAPI document hold for its messages?
import * as z from 'zod';
import { catalog, eventTypes } from '../../events/catalog.ts';
import { factEnvelope, recordedEnvelope } from '../../events/envelope.ts';
import { type JsonObject, jsonSchemaOf } from './jsonSchema.ts';
import { componentForm, namedSchemas } from './namedShapes.ts';

/** AsyncAPI reads schemas as draft 7 unless told otherwise. */
export const asyncApiForm = componentForm('draft-7');

const EventBridgeEvent = z
  .looseObject({
    version: z.literal('0'),
    id: z.string().describe("EventBridge's own id of this delivery; it is not the event's id."),
    account: z.string().describe('The AWS account of the bus.'),
    region: z.string().describe('The region of the bus.'),
    time: z.string().describe('When it was put on the bus, to the second.'),
    resources: z.array(z.string()).describe('Always empty.'),
  })
  .describe('The fields that EventBridge adds to every event.');

/** The schemas that messages refer to. */
export const asyncApiSchemas = (): JsonObject => {
  const told = (schema: z.ZodType): JsonObject => jsonSchemaOf(schema, asyncApiForm);
  return {
    ...namedSchemas(asyncApiForm.target),
    EventBridgeEvent: told(EventBridgeEvent),
    FactEnvelope: told(
      z.object(factEnvelope()).describe('The fields around the data of a fact that is not recorded yet.'),
    ),
    RecordedEnvelope: told(z.object(recordedEnvelope()).describe('The fields around the data of a recorded event.')),
    ...Object.fromEntries(eventTypes.map((type) => [`${type}Data`, told(catalog[type].data)])),
  };
};
