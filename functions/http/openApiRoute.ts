// Where does the API describe itself to anyone, without a token?
// The query function calls it; it reads the document from the function's bundle.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type HttpAnswer, problemAnswer } from './problem.ts';

/** The path of the document. */
export const documentPath = '/openapi.json';

export interface OpenApiRouteSettings {
  /** Reads the document's text. */
  readonly read: () => Promise<string>;
  /** Answers all other requests. */
  readonly others: (event: APIGatewayProxyEventV2) => Promise<HttpAnswer>;
  /** Gets the error where the document could not be read. */
  readonly report: (error: unknown) => void;
}

/** Answers the document without a token, because it is the same for everyone and holds nobody's data. */
export const withOpenApiRoute =
  ({ read, others, report }: OpenApiRouteSettings) =>
  async (event: APIGatewayProxyEventV2): Promise<HttpAnswer> => {
    if (event.rawPath !== documentPath) return await others(event);
    try {
      const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' };
      return { statusCode: 200, headers, body: await read() };
    } catch (error) {
      report(error);
      const detail = "the function's bundle does not contain the document";
      return problemAnswer({ status: 503, reason: 'documentAbsent', detail });
    }
  };
