// Which JSON Schema does each recorded event have?
import * as z from 'zod';
import { catalog, type EventType, eventTypes } from '../../events/catalog.ts';
import { recordedEnvelope } from '../../events/envelope.ts';
import { type JsonObject, jsonSchemaOf } from './jsonSchema.ts';

/** The fixtures of `test/fixtures/events`, by type and version such as `OrderPlaced.v1`. */
export type Fixtures = ReadonlyMap<string, JsonObject>;

/** An example of the message of a source for each media type, by the source's name: `test/fixtures/messages`. */
export type Messages = ReadonlyMap<string, JsonObject>;

/** A type with its newest version, such as `OrderPlaced.v1`: the name of its schema and of its fixture. */
export const versionedName = (type: EventType): string => `${type}.v${catalog[type].version}`;

/** The meaning of the type, in a sentence. */
export const saysOf = (type: EventType): string => catalog[type].data.description ?? '';

/** A recorded event of the type, in its newest version. */
const recordedSchema = (type: EventType): z.ZodType =>
  z.object({
    ...recordedEnvelope(),
    type: z.literal(type),
    schemaVersion: z.literal(catalog[type].version).describe('The version of the data.'),
    data: catalog[type].data,
  });

/** Each event type's JSON Schema as a document of its own, by the name of its file without the extension. */
export const eventSchemaDocuments = (fixtures: Fixtures): ReadonlyMap<string, JsonObject> =>
  new Map(
    eventTypes.map((type) => {
      const name = versionedName(type);
      const fixture = fixtures.get(name);
      return [
        name,
        {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          $id: `urn:throughline:schema:event:${name}`,
          title: type,
          description: saysOf(type),
          ...jsonSchemaOf(recordedSchema(type), { target: 'draft-2020-12' }),
          ...(fixture !== undefined && { examples: [fixture] }),
        },
      ];
    }),
  );
