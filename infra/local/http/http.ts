// Who answers on the HTTP API's port? The functions of its routes, after the checks that API Gateway makes; and the issuer's documents.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { JWTPayload } from 'jose';
import type { Clock } from '../core/clock.ts';
import type { JwtPlan, RoutePlan } from '../core/plan.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import { gatewayAnswer, type HttpAnswer, httpAnswer, httpEvent } from './httpEvent.ts';
import { type RouteMatch, routeFinder } from './httpRoutes.ts';
import type { Issuer } from './issuer.ts';

/** API Gateway refuses a larger body. */
const maxBodyBytes = 10 * 1024 * 1024;

export interface HttpApiOptions {
  readonly routes: () => readonly RoutePlan[];
  readonly issuer: Issuer;
  readonly clock: Clock;
  readonly invoke: (functionName: string, event: unknown) => Promise<InvocationResult>;
}

type Authorized =
  | { readonly ok: true; readonly claims: JWTPayload | undefined }
  | { readonly ok: false; readonly answer: HttpAnswer };

const unauthorized = (why: string): Authorized => ({
  ok: false,
  answer: gatewayAnswer(401, 'Unauthorized', { 'www-authenticate': why === '' ? 'Bearer' : `Bearer ${why}` }),
});

async function authorize(request: IncomingMessage, jwt: JwtPlan | undefined, issuer: Issuer): Promise<Authorized> {
  if (jwt === undefined) return { ok: true, claims: undefined };
  const [, token] = /^(?:Bearer\s+)?(\S+)$/i.exec(request.headers.authorization?.trim() ?? '') ?? [];
  if (token === undefined) return unauthorized('');
  if (jwt.issuer !== issuer.url) {
    return unauthorized(`error="invalid_token" error_description="the issuer ${jwt.issuer} is not known here"`);
  }
  try {
    return { ok: true, claims: await issuer.verify(token, jwt.audience) };
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll('"', "'") : 'the token is not valid';
    return unauthorized(`scope="" error="invalid_token" error_description="${why}"`);
  }
}

/** The whole body; undefined when it is larger than API Gateway allows. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBodyBytes) chunks.push(chunk);
    });
    request.on('end', () => resolve(length <= maxBodyBytes ? Buffer.concat(chunks) : undefined));
    request.on('error', reject);
  });
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  response.end(body);
}

/** Makes the listener of the HTTP API. */
export function createHttpApi({ routes, issuer, clock, invoke }: HttpApiOptions): RequestListener {
  let compiled: readonly RoutePlan[] | undefined;
  let find = routeFinder([]);

  async function call(request: IncomingMessage, url: URL, match: RouteMatch): Promise<HttpAnswer> {
    const body = await bodyOf(request);
    if (body === undefined) return gatewayAnswer(413, 'Request Too Long');
    const authorized = await authorize(request, match.route.jwt, issuer);
    if (!authorized.ok) return authorized.answer;
    const requestId = randomUUID();
    const { claims } = authorized;
    const event = httpEvent({ request, url, body, match, claims, requestId, now: clock.outside() });
    const result = await invoke(match.route.function, event);
    const answer = result.ok ? httpAnswer(result.value) : gatewayAnswer(500, 'Internal Server Error');
    return { ...answer, headers: { ...answer.headers, 'apigw-requestid': requestId } };
  }

  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const document = request.method === 'GET' ? issuer.documents[url.pathname] : undefined;
    if (document !== undefined) {
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
    }
    if (compiled !== routes()) {
      compiled = routes();
      find = routeFinder(compiled);
    }
    const match = find(request.method ?? 'GET', url.pathname);
    if (match === undefined) return gatewayAnswer(404, 'Not Found');
    return call(request, url, match);
  }

  return (request, response) => {
    answer(request).then(
      (result) => send(response, result),
      (error: unknown) => {
        if (!response.headersSent) send(response, gatewayAnswer(500, 'Internal Server Error'));
        else response.destroy(error instanceof Error ? error : undefined);
      },
    );
  };
}
