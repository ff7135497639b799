// How does the API answer an error as a problem document (RFC 9457)?
import type { Issue } from '../../events/catalog.ts';

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Present where the body is bytes in base64. */
  readonly isBase64Encoded?: true;
}

export interface Problem {
  readonly status: number;
  /** camelCase and stable: clients match it. */
  readonly reason: string;
  readonly detail: string;
  readonly issues?: readonly Issue[];
  readonly headers?: Readonly<Record<string, string>>;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Service unavailable',
};

/** An answer whose body is JSON text. */
export const jsonTextAnswer = (
  statusCode: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body,
});

/** An answer with a JSON body. */
export const jsonAnswer = (statusCode: number, body: unknown, headers?: Readonly<Record<string, string>>): HttpAnswer =>
  jsonTextAnswer(statusCode, JSON.stringify(body), headers);

/** A body of 1 MiB may be wrong in a hundred thousand places, and Lambda answers at most 6 MB. */
const mostIssues = 100;

const firstOf = (issues: readonly Issue[]): readonly Issue[] =>
  issues.length <= mostIssues
    ? issues
    : [...issues.slice(0, mostIssues), { path: '', message: `and ${issues.length - mostIssues} more` }];

/** A problem as an answer; of very many issues it names the first. */
export const problemAnswer = ({ status, reason, detail, issues, headers }: Problem): HttpAnswer =>
  jsonAnswer(
    status,
    {
      type: `urn:throughline:problem:${reason}`,
      title: titles[status] ?? 'Error',
      status,
      reason,
      detail,
      ...(issues !== undefined && { issues: firstOf(issues) }),
    },
    { 'content-type': 'application/problem+json', ...headers },
  );
