// Which schemas does the AsyncAPI document keep? Named shapes, both envelopes, what each type says, and what EventBridge puts around it.
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
    id: z.string().describe("EventBridge's own id of this delivery: not the event's."),
    account: z.string().describe('The AWS account of the bus.'),
    region: z.string().describe('Its region.'),
    time: z.string().describe('When it was put on the bus, to the second.'),
    resources: z.array(z.string()).describe('Always empty.'),
  })
  .describe('What EventBridge puts around every event.');

/** The schemas that messages refer to. */
export const asyncApiSchemas = (): JsonObject => {
  const told = (schema: z.ZodType): JsonObject => jsonSchemaOf(schema, asyncApiForm);
  return {
    ...namedSchemas(asyncApiForm.target),
    EventBridgeEvent: told(EventBridgeEvent),
    FactEnvelope: told(z.object(factEnvelope).describe('What surrounds a fact before it is recorded.')),
    RecordedEnvelope: told(z.object(recordedEnvelope).describe('What surrounds a recorded event.')),
    ...Object.fromEntries(eventTypes.map((type) => [`${type}Data`, told(catalog[type].data)])),
  };
};
