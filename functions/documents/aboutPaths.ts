// How does the OpenAPI document describe the pages and documents that need no token?
import { documentPath, homePath, pagePath } from '../http/documentRoutes.ts';
import type { JsonObject } from './jsonSchema.ts';

interface About {
  readonly operationId: string;
  readonly summary: string;
  readonly type: 'application/json' | 'text/html';
}

const about = ({ operationId, summary, type }: About): JsonObject => ({
  get: {
    operationId,
    summary,
    tags: ['about'],
    security: [],
    responses: {
      200: {
        description: `${summary}.`,
        content: { [type]: { schema: { type: type === 'text/html' ? 'string' : 'object' } } },
      },
    },
  },
});

/** The paths that the API has about itself. */
export const aboutPaths = (): JsonObject => ({
  [homePath]: about({ operationId: 'readHome', summary: 'A page that says where to go', type: 'text/html' }),
  [pagePath]: about({ operationId: 'readCatalog', summary: 'The catalog, to read', type: 'text/html' }),
  [documentPath]: about({ operationId: 'readDocument', summary: 'This document', type: 'application/json' }),
});
