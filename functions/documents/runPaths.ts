// How does the OpenAPI document describe runs: how they begin, and how they are cancelled?
import type { JsonObject } from './jsonSchema.ts';
import { jsonContent, refusedWith, schemaRef } from './openApiAnswers.ts';

/** The answer of a question that a run has taken over. */
export const begun: JsonObject = {
  202: {
    description:
      'Over 200 engagements must be folded, or fewer for which the request has no time: a run answers it. The same question within 10 minutes after its end is answered by the same run.',
    headers: {
      location: { description: 'Where the progress and the result are.', schema: { type: 'string' } },
      'retry-after': {
        description: 'After how many seconds to look; absent where the run is over.',
        schema: { type: 'integer' },
      },
    },
    content: jsonContent(schemaRef('RunBegun')),
  },
};

/** The operation that cancels a run. */
export const cancelRunOperation = (parameters: readonly JsonObject[]): JsonObject => ({
  operationId: 'cancelRun',
  summary: 'Cancels a run',
  description:
    'What is not folded yet will not be. A result that is there stays. A run for which several people asked goes on until each of them has cancelled it; who did not ask gets 409 while they wait. The tenant’s own people may cancel the run of a partner, which ends it at once.',
  tags: ['ask'],
  parameters: [...parameters],
  responses: {
    200: { description: 'The run as it is now.', content: jsonContent(schemaRef('RunAnswer')) },
    ...refusedWith(400, 401, 403, 404, 409, 429, 503),
  },
});

/** The path by which the vendor asks what other thresholds would have changed. */
export const whatIfPath: JsonObject = {
  '/v1/what-if': {
    post: {
      operationId: 'askWhatIf',
      summary: 'What other thresholds would have changed',
      description:
        "Which flags would have been added or gone, and which would have come earlier or later; how many days before each loss the first flag warned; precision, recall and acceptance of each rule. A loss: the anchor subscription ended (not where it was merged into another one), the recurring revenue fell by 20 % or more at a renewal, or, for the rules of P5, the deal was lost. Nothing live is touched. Only the tenant's own people may ask.",
      tags: ['ask'],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: schemaRef('WhatIf'),
            example: { set: { 'P4.1': { days: 60 } }, from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
          },
        },
      },
      responses: { ...begun, ...refusedWith(400, 401, 403, 413, 422, 429, 503) },
    },
  },
};
