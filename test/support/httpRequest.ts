// How does the HTTP API hand a request on to a function? As an event of payload format 2.0.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A request to the record and read API. */
export const requestOf = (
  method: string,
  path: string,
  given: { readonly headers: Record<string, string>; readonly body?: string; readonly asked?: Record<string, string> },
): APIGatewayProxyEventV2 => {
  const query = new URLSearchParams(given.asked ?? {}).toString();
  return {
    version: '2.0',
    routeKey: method === 'GET' ? 'GET /v1/{proxy+}' : `${method} /v1/${path}`,
    rawPath: `/v1/${path}`,
    rawQueryString: query,
    headers: given.headers,
    ...(query !== '' && { queryStringParameters: given.asked ?? {} }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'test',
      domainPrefix: 'test',
      http: { method, path: `/v1/${path}`, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'test',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    ...(given.body !== undefined && { body: given.body }),
    isBase64Encoded: false,
  };
};
