// Which attributes does a CloudEvent need, and what does its data hold?
import * as z from 'zod';
import { catalog, type EventType, eventTypes } from '../../catalog.ts';

const attributes = {
  specversion: z.literal('1.0'),
  id: z.string().min(1).describe('The id, unique in its source: the same id again adds nothing.'),
  source: z.string().regex(/^\S+$/).describe('The sender, as a URI reference.'),
  type: z
    .string()
    .min(1)
    .describe(
      "`throughline.` and a type of the catalog, or one of the sender's own types that the connection's mapping names.",
    ),
  subject: z
    .string()
    .optional()
    .describe(
      'What it is about: `engagement/<reference>` (an EngagementOpened opens it), `campaign/<id>`, or `<system>/<kind>/<id>`; absent if the data names it.',
    ),
  time: z
    .string()
    .meta({ format: 'date-time' })
    .optional()
    .describe('When it happened, RFC 3339 with any offset and precision; absent: when it is received.'),
  sequence: z
    .union([z.string(), z.number()])
    .optional()
    .describe(
      "The place in the source's own order: the last restatement in it stands. Digits alone are compared as a number, any other text as text.",
    ),
  sequencetype: z
    .string()
    .optional()
    .describe('`Integer`: the sequence is a number. Any other type: it is compared as text.'),
  datacontenttype: z.string().optional().describe('The media type of the data: JSON, if it is given.'),
  data: z.unknown().describe('What the event says.'),
};

/** One event in structured mode. It may have other attributes too. */
export const CloudEvent = z.looseObject(attributes).describe('A CloudEvent 1.0 in structured mode.');

/** The types that a connection may be allowed to say. */
export const systemTypes: readonly EventType[] = eventTypes.filter((type) => catalog[type].saidBy.includes('system'));

/** The schema of the event that says one fact of the catalog. */
export const cloudEventOf = (type: EventType): z.ZodObject =>
  z.looseObject({
    ...attributes,
    type: z.literal(`throughline.${type}`).describe('The type of our catalog.'),
    data: catalog[type].data,
  });
