// How does API Gateway read a function's result, and send it as an answer? What a function may not set is left out, and what can't be sent is a 500.
import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import { isObject } from '../core/json.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

const json = { 'content-type': 'application/json' };

/** A short answer of API Gateway's own. */
export const gatewayAnswer = (status: number, message: string, headers: HttpAnswer['headers'] = {}): HttpAnswer => ({
  status,
  headers: { ...json, ...headers },
  body: JSON.stringify({ message }),
});

/** The HTTP answer for a function's result; a result without `statusCode` is the body of a 200. */
export function httpAnswer(result: unknown): HttpAnswer {
  if (!isObject(result) || result.statusCode === undefined) {
    return { status: 200, headers: json, body: typeof result === 'string' ? result : JSON.stringify(result ?? null) };
  }
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return gatewayAnswer(500, 'Internal Server Error');
  const given = isObject(result.headers) ? result.headers : {};
  const headers = Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  const cookies = Array.isArray(result.cookies) ? { 'set-cookie': result.cookies.map(String) } : {};
  const text =
    typeof result.body === 'string' ? result.body : result.body === undefined ? '' : JSON.stringify(result.body);
  const body = result.isBase64Encoded === true ? Buffer.from(text, 'base64') : text;
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=utf-8', ...Object.fromEntries(headers), ...cookies },
    body,
  };
}

/** Headers of the connection and of the transport: the listener sets them, whatever a function says. */
const notTheFunctions = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'trailer',
  'te',
]);

const canBeSent = ({ headers }: HttpAnswer): boolean => {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      for (const each of Array.isArray(value) ? value : [value]) validateHeaderValue(name, each);
    }
    return true;
  } catch {
    return false;
  }
};

/** Sends an answer; one with a header that HTTP does not allow becomes a 500. */
export function send(response: ServerResponse, answer: HttpAnswer): void {
  const { status, headers, body } = canBeSent(answer) ? answer : gatewayAnswer(500, 'Internal Server Error');
  const ours = Object.entries(headers).filter(([name]) => !notTheFunctions.has(name));
  for (const [name, value] of ours) response.setHeader(name, value);
  response.statusCode = status;
  response.end(body);
}
