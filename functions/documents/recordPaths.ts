// How does the OpenAPI document describe the one path by which people record facts?
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
