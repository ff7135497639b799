// How does API Gateway give an HTTP request to a function, and read the answer? In payload format 2.0.

import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { JWTPayload } from 'jose';
import { place } from '../core/awsNames.ts';
import { isObject } from '../core/json.ts';
import type { RouteMatch } from './httpRoutes.ts';

export interface ReceivedRequest {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: Buffer;
  readonly match: RouteMatch;
  readonly claims: JWTPayload | undefined;
  readonly requestId: string;
  readonly now: number;
}

const isText = (contentType: string): boolean =>
  /^(text\/|application\/(json|javascript|xml)\b|application\/[\w.+-]+\+(json|xml)\b)/i.test(contentType);

/** API Gateway passes claims on as text, and lists in brackets. */
const claimText = (claim: unknown): string =>
  Array.isArray(claim)
    ? `[${claim.map(claimText).join(' ')}]`
    : isObject(claim)
      ? JSON.stringify(claim)
      : String(claim);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2026:19:03:58 +0000`, as access logs write it. */
function logTime(epochMilliseconds: number): string {
  const [date = '', time = ''] = new Date(epochMilliseconds).toISOString().split(/[T.]/);
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${time} +0000`;
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined || name === 'cookie' ? [] : [[name, Array.isArray(value) ? value.join(',') : value] as const],
  );
  return Object.fromEntries(headers);
}

function queryOf(url: URL): Record<string, string> | undefined {
  const names = [...new Set(url.searchParams.keys())];
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name).join(',')]));
}

/** The event that a function gets. */
export function httpEvent(received: ReceivedRequest): unknown {
  const { request, url, body, match, claims, requestId, now } = received;
  const headers = headersOf(request);
  const query = queryOf(url);
  const cookies = request.headers.cookie?.split('; ');
  const asText = isText(headers['content-type'] ?? '') && isUtf8(body);
  const authorizer =
    claims === undefined
      ? {}
      : {
          authorizer: {
            jwt: {
              claims: Object.fromEntries(Object.entries(claims).map(([name, claim]) => [name, claimText(claim)])),
              scopes: null,
            },
          },
        };
  return {
    version: '2.0',
    routeKey: match.route.key,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookies === undefined ? {} : { cookies }),
    headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: place.account,
      apiId: 'local',
      ...authorizer,
      domainName: headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: match.route.key,
      stage: '$default',
      time: logTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(match.pathParameters).length === 0 ? {} : { pathParameters: match.pathParameters }),
    ...(body.length === 0 ? {} : { body: asText ? body.toString('utf8') : body.toString('base64') }),
    isBase64Encoded: body.length > 0 && !asText,
  };
}
