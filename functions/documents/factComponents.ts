// Which request may people post for each event type?
import * as z from 'zod';
import { catalog, type EventType, eventTypes } from '../../events/catalog.ts';
import { FactRequest } from '../record/factRequest.ts';
import { saidByOffer } from '../record/offeredStages.ts';
import { saysOf } from './eventSchemas.ts';
import { type JsonObject, jsonSchemaOf, type SchemaForm } from './jsonSchema.ts';
import { schemaRef } from './openApiAnswers.ts';

/** The types that people may say. */
export const postedTypes: readonly EventType[] = eventTypes.filter((type) =>
  catalog[type].saidBy.some((sayer) => sayer !== 'system'),
);

const nameOf = (type: EventType): string => `Post${type}`;

/** The request of one type, with the subjects that the type's streams allow. */
const requestOf = (type: EventType): z.ZodObject => {
  const { streams, saidBy, because } = catalog[type];
  const { engagement, reference, campaign, ...others } = FactRequest.shape;
  const ofEngagement = streams.some((kind) => kind === 'engagement');
  const ofBoth = ofEngagement && streams.some((kind) => kind === 'campaign');
  return z
    .strictObject({
      ...others,
      type: z.literal(type),
      ...(ofEngagement && { engagement, reference }),
      ...(ofBoth && { campaign }),
    })
    .describe(`${saysOf(type)} Said by: ${saidBy.filter((sayer) => sayer !== 'system').join(', ')}. ${because}`);
};

/** The data as people may post it: what the offer of a handoff says is optional in its answer. */
const dataOf = (type: EventType, form: SchemaForm): JsonObject => {
  const left: readonly string[] = saidByOffer.get(type) ?? [];
  if (left.length === 0) return schemaRef(`${type}Data`);
  const { required, ...schema } = jsonSchemaOf(catalog[type].data, form);
  const needed = Array.isArray(required) ? required.filter((field) => !left.includes(field)) : [];
  return { ...schema, ...(needed.length > 0 && { required: needed }) };
};

const told = (type: EventType, form: SchemaForm): JsonObject => {
  const { properties, ...schema } = jsonSchemaOf(requestOf(type), form);
  return { ...schema, properties: { ...Object(properties), data: dataOf(type, form) } };
};

/** `Fact`, and a schema of the request of each type that people may say. */
export const factComponents = (form: SchemaForm): JsonObject => ({
  Fact: {
    description: 'One fact of one type. An engagement is named by its id or by the reference that people chose.',
    oneOf: postedTypes.map((type) => schemaRef(nameOf(type))),
    discriminator: {
      propertyName: 'type',
      mapping: Object.fromEntries(postedTypes.map((type) => [type, `#/components/schemas/${nameOf(type)}`])),
    },
  },
  ...Object.fromEntries(postedTypes.map((type) => [nameOf(type), told(type, form)])),
});
