// Which JSON Schema does a row of each table have, as its readers get it?
import * as z from 'zod';
import { askedTables } from '../../domain/rows/catalog.ts';
import type { Table } from '../../domain/rows/table.ts';
import { type JsonObject, jsonSchemaOf } from './jsonSchema.ts';

/** A row: its key, then its columns. */
export const rowSchema = ({ grain, key, columns }: Table): z.ZodObject =>
  z.strictObject({
    rowKey: z.string().describe(`The row's key within its tenant, made of the ${grain}'s ${key.join(', ')}.`),
    ...columns.shape,
  });

/** Each table's JSON Schema as a document of its own, by the table's name. */
export const tableSchemaDocuments = (): ReadonlyMap<string, JsonObject> =>
  new Map(
    askedTables.map((table) => [
      table.name,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `urn:throughline:schema:table:${table.name}`,
        title: table.name,
        description: table.describes,
        ...jsonSchemaOf(rowSchema(table), { target: 'draft-2020-12' }),
      },
    ]),
  );

/** The name of a table's row in documents, such as `OrderLegsRow`. */
export const rowName = (name: string): string =>
  `${name
    .split('_')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('')}Row`;
