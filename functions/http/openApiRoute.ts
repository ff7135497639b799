// What does the API say of itself? Its OpenAPI document, to anyone who asks, read where the bundle lies.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type HttpAnswer, problemAnswer } from './problem.ts';

/** Where the document is asked for. */
export const documentPath = '/openapi.json';

export interface OpenApiRouteSettings {
  /** Reads the document's text. */
  readonly read: () => Promise<string>;
  /** Answers everything else. */
  readonly others: (event: APIGatewayProxyEventV2) => Promise<HttpAnswer>;
  /** Told why the document could not be read. */
  readonly report: (error: unknown) => void;
}

/** Answers the document without a token: it is the same for all, and holds nobody's data. */
export const withOpenApiRoute =
  ({ read, others, report }: OpenApiRouteSettings) =>
  async (event: APIGatewayProxyEventV2): Promise<HttpAnswer> => {
    if (event.rawPath !== documentPath) return await others(event);
    try {
      const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' };
      return { statusCode: 200, headers, body: await read() };
    } catch (error) {
      report(error);
      const detail = 'the document is not here: the bundle was made without it';
      return problemAnswer({ status: 503, reason: 'documentAbsent', detail });
    }
  };
