// How does the OpenAPI document describe the paths by which people record facts, and say names?
import type { Fixtures } from './eventSchemas.ts';
import { postedTypes } from './factComponents.ts';
import { factExamples } from './factExamples.ts';
import type { JsonObject } from './jsonSchema.ts';
import { jsonContent, refusedWith, schemaRef } from './openApiAnswers.ts';

const idempotencyKey: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'The sender chooses it for this fact. The same key with the same data gets the first events again; the same key with other data is refused.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  example: 'handoff-417',
};

/** The path of the record API. */
export const recordPaths = (fixtures: Fixtures): JsonObject => ({
  '/v1/facts': {
    post: {
      operationId: 'recordFact',
      summary: 'Records a fact that no system knows',
      description:
        'The fact is decided and appended within the request. A correction is a new key with `supersedes`. A fact names people only by references. A partner records on the engagements that it leads.',
      tags: ['record'],
      parameters: [idempotencyKey],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaRef('Fact'), examples: factExamples(postedTypes, fixtures) } },
      },
      responses: {
        200: {
          description: 'The events of the fact: those just recorded, or those of the first request with this key.',
          content: jsonContent(schemaRef('RecordedAnswer')),
        },
        ...refusedWith(400, 401, 403, 404, 409, 413, 422, 429, 503),
      },
    },
  },
});

/** The path by which vendors say who a person is; it stands beside the list of names. */
export const putNamesOperation: JsonObject = {
  operationId: 'putNames',
  summary: 'Says who the persons are to whom facts refer',
  description:
    "Names stand in a table of their own, from which they can be erased; no event, row or file holds them. Only the tenant's own people may say and see them.",
  tags: ['record'],
  requestBody: {
    required: true,
    content: {
      'application/json': { schema: schemaRef('Names'), example: { names: { 'crm:user/42': 'Anna Schmidt' } } },
    },
  },
  responses: {
    200: {
      description: 'The references that have names now, and those that have none any more.',
      content: jsonContent(schemaRef('NamedAnswer')),
    },
    ...refusedWith(401, 403, 422, 429, 503),
  },
};
