// What does a CloudEvent hold that a sender without an adapter of its own sends? The attributes that we read, and the fact as its data.
import * as z from 'zod';
import { catalog, type EventType, eventTypes } from '../../catalog.ts';

const attributes = {
  specversion: z.literal('1.0'),
  id: z.string().min(1).describe('Unique in its source: the same id again adds nothing.'),
  source: z.string().regex(/^\S+$/).describe('Who says it: a URI reference.'),
  type: z
    .string()
    .min(1)
    .describe(
      "`throughline.` and a type of the catalog, or a word of the sender's own that its connection's mapping names.",
    ),
  subject: z
    .string()
    .optional()
    .describe(
      'What it is about: `engagement/<reference>`, `campaign/<id>`, or `<system>/<kind>/<id>`; absent where the data says it.',
    ),
  time: z.string().optional().describe('When it happened, RFC 3339; absent: when it is received.'),
  sequence: z.string().optional().describe('Text that sorts as its source counts: of restatements the latest stands.'),
  datacontenttype: z.string().optional().describe('JSON, where it is given.'),
  data: z.unknown().describe('What it says.'),
};

/** One event in structured mode; other attributes may stand beside these. */
export const CloudEvent = z.looseObject(attributes).describe('A CloudEvent 1.0 in structured mode.');

/** The types that a connection can be allowed to say. */
export const systemTypes: readonly EventType[] = eventTypes.filter((type) => catalog[type].saidBy.includes('system'));

/** The event that says one fact of the catalog. */
export const cloudEventOf = (type: EventType): z.ZodObject =>
  z.looseObject({
    ...attributes,
    type: z.literal(`throughline.${type}`).describe('The type of our catalog.'),
    data: catalog[type].data,
  });
