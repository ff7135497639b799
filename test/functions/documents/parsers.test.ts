// Do the standards' own parsers accept the OpenAPI, AsyncAPI and JSON Schema documents, and find the faults that a test puts in?
import { Parser } from '@asyncapi/parser';
import { validate } from '@readme/openapi-parser';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { catalog, eventTypes } from '../../../events/catalog.ts';
import type { Sayer } from '../../../events/definition.ts';
import { asyncApi } from '../../../functions/documents/asyncApi.ts';
import { eventSchemaDocuments } from '../../../functions/documents/eventSchemas.ts';
import { openApi } from '../../../functions/documents/openApi.ts';
import { tableSchemaDocuments } from '../../../functions/documents/tableSchemas.ts';
import { fixtures, messages } from '../../support/fixtures.ts';
import { componentsOf, strictAjv, wrongIn } from '../../support/jsonSchemas.ts';

// To parse a quarter of a million characters takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const version = '0.1.0';
const openApiText = JSON.stringify(openApi({ version, fixtures, messages }));
const asyncApiText = JSON.stringify(asyncApi({ version, fixtures }));

const broken = (text: string, what: string, by: string): string => {
  if (!text.includes(what)) throw new Error(`the document holds no ${what}`);
  return text.replace(what, by);
};

describe('openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await validate(JSON.parse(openApiText));
    expect(result).toMatchObject({ valid: true, warnings: [], specification: 'OpenAPI' });
    expect(JSON.parse(openApiText).openapi).toMatch(/^3\.1\./);
  });

  it.each([
    ['a reference to a missing schema', '"#/components/schemas/Problem"', '"#/components/schemas/Absent"'],
    ['the id of another operation', '"operationId":"listFlags"', '"operationId":"readFlag"'],
    ['a keyword that OpenAPI does not know', '"operationId":"listFlags"', '"operationid":"listFlags"'],
    ['a path whose parameter is not declared', '"/v1/flags/{flag}"', '"/v1/flags/{flagId}"'],
  ])('would not be valid with %s', async (_, what, by) => {
    expect(await validate(JSON.parse(broken(openApiText, what, by)))).toMatchObject({ valid: false });
  });

  it('has components that are valid JSON Schemas; one with an unknown type would not be', () => {
    expect(() => componentsOf(JSON.parse(openApiText))).not.toThrow();
    expect(() =>
      componentsOf(JSON.parse(broken(openApiText, '"Route":{"type":"string"', '"Route":{"type":"text"'))),
    ).toThrow();
  });
});

describe('asyncapi.json', () => {
  it('is valid AsyncAPI 3', async () => {
    const { document, diagnostics } = await new Parser().parse(asyncApiText);
    expect(diagnostics).toEqual([]);
    expect(document?.version()).toMatch(/^3\./);
  });

  it.each([
    ['a reference to a missing message', '"#/components/messages/OrderPlacedFact"', '"#/components/messages/Absent"'],
    ['a schema of an unknown type', '"Route":{"type":"string"', '"Route":{"type":"text"'],
    ['an operation without a channel', '"channel":{"$ref":"#/channels/recorded"},', ''],
  ])('would not be valid with %s', async (_, what, by) => {
    const { diagnostics } = await new Parser().parse(broken(asyncApiText, what, by));
    expect(diagnostics.filter(({ severity }) => severity === 0)).not.toEqual([]);
  });
});

describe('the messages of asyncapi.json', () => {
  const Messages = z.record(
    z.string(),
    z.object({ payload: z.looseObject({}), examples: z.tuple([z.object({ payload: z.looseObject({}) })]) }),
  );
  const { messages, schemas } = z
    .object({ components: z.object({ messages: Messages, schemas: z.looseObject({}) }) })
    .parse(JSON.parse(asyncApiText)).components;
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addKeyword('components');
  ajv.addSchema({ $id: 'kept', components: { schemas } });
  const compile = (payload: object) =>
    ajv.compile(JSON.parse(JSON.stringify(payload).replaceAll('"#/components/', '"kept#/components/')));

  it('are each fact, each recorded event, and each CloudEvent that a connection may be allowed', () => {
    const said = (sayer: Sayer) => eventTypes.filter((type) => catalog[type].saidBy.includes(sayer));
    expect(Object.keys(messages).sort()).toEqual(
      [
        ...eventTypes.map((type) => `${type}Recorded`),
        'Facts',
        ...eventTypes.filter((type) => type !== 'StageEntered').map((type) => `${type}Fact`),
        ...said('system').map((type) => `${type}CloudEvent`),
      ].sort(),
    );
  });

  it.each(Object.entries(messages))(
    '%s has an example that matches its payload; an example without the data does not',
    (_, message) => {
      const validate = compile(message.payload);
      const [{ payload }] = message.examples;
      expect(wrongIn(validate, payload)).toEqual([]);
      const renamed = JSON.parse(JSON.stringify(payload).replaceAll('"data":', '"dada":'));
      expect(wrongIn(validate, renamed)).not.toEqual([]);
    },
  );
});

describe('JSON Schemas', () => {
  it.each([...eventSchemaDocuments(fixtures), ...tableSchemaDocuments()])(
    '%s is valid by the 2020-12 meta-schema, strictly',
    (_, schema) => {
      expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(() => strictAjv().compile(schema)).not.toThrow();
    },
  );
});
