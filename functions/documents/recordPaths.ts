// How does OpenAPI tell what people may record? One path, a fact of any type that people may say.
import type { JsonObject } from './jsonSchema.ts';
import { jsonContent, refusedWith, schemaRef } from './openApiAnswers.ts';

const idempotencyKey: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'Chosen by the sender for this fact: the same key and data answers the first events again, the same key with other data is refused.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

/** The path of the record API. */
export const recordPaths = (): JsonObject => ({
  '/v1/facts': {
    post: {
      operationId: 'recordFact',
      summary: 'Records a fact that no system knows',
      description:
        'Decided and appended in the request. A correction is a new key with `supersedes`. People enter a fact as references only. A partner records on the engagements that it leads.',
      tags: ['record'],
      parameters: [idempotencyKey],
      requestBody: { required: true, content: jsonContent(schemaRef('Fact')) },
      responses: {
        200: {
          description: 'The events that stand for the fact: those just recorded, or those of the first time.',
          content: jsonContent(schemaRef('RecordedAnswer')),
        },
        ...refusedWith(400, 401, 403, 404, 409, 413, 422, 429, 503),
      },
    },
  },
});
