// Who answers on the HTTP API's port? The functions of its routes, after the checks that API Gateway makes; and the issuer's documents.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWTPayload } from 'jose';
import type { Clock } from '../core/clock.ts';
import type { Answering } from '../core/listen.ts';
import type { JwtPlan, RoutePlan } from '../core/plan.ts';
import { bodyOf, createBodyRoom } from '../core/requestBody.ts';
import type { Caller } from '../lambda/functionHost.ts';
import { type InvocationResult, isThrottled } from '../lambda/invocation.ts';
import { gatewayAnswer, type HttpAnswer, httpAnswer, send } from './httpAnswer.ts';
import { httpEvent } from './httpEvent.ts';
import { type RouteMatch, routeFinder } from './httpRoutes.ts';
import type { Issuer } from './issuer.ts';

/** API Gateway refuses a larger body. */
const maxBodyBytes = 10 * 1024 * 1024;
/** What the bodies of all requests may take together, beside a small share that each may always have. */
const maxBodiesBytes = 32 * 1024 * 1024;
/** How many requests are worked on at once, in all functions together. */
const maxInFlight = 1_000;

export interface HttpApiOptions {
  readonly routes: () => readonly RoutePlan[];
  readonly issuer: Issuer;
  readonly clock: Clock;
  /** Whether one more caller of a function would be answered soon. */
  readonly takes: (functionName: string) => boolean;
  readonly invoke: (functionName: string, event: unknown, caller: Caller) => Promise<InvocationResult>;
  /** Whether the disk has no room for what a request would store. */
  readonly isFull: () => boolean;
}

type Authorized =
  | { readonly ok: true; readonly claims: JWTPayload | undefined }
  | { readonly ok: false; readonly answer: HttpAnswer };

const unauthorized = (why: string): Authorized => ({
  ok: false,
  answer: gatewayAnswer(401, 'Unauthorized', { 'www-authenticate': why === '' ? 'Bearer' : `Bearer ${why}` }),
});

/** The answer to one more request than can be worked on; senders of webhooks send it again. */
const busy = gatewayAnswer(503, 'Service Unavailable', { 'retry-after': '1' });
const full = gatewayAnswer(507, 'There is no room to store this now. Send it again later.', { 'retry-after': '30' });

/** A reason as the text between the quotes of a header: it may hold whatever a token's own header says. */
const quotable = (text: string): string =>
  text
    .replaceAll(/["\\]/g, "'")
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 300);

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
    const why = error instanceof Error ? quotable(error.message) : 'the token is not valid';
    return unauthorized(`scope="" error="invalid_token" error_description="${why}"`);
  }
}

/** The URL that a request names by path or in full; undefined where it names none. */
function urlOf({ url = '' }: IncomingMessage): URL | undefined {
  // A path that begins with two slashes would be read as the name of a host.
  const given = url.startsWith('/') ? `http://localhost${url}` : url;
  return URL.canParse(given) ? new URL(given) : undefined;
}

/** Whether a request may store something. */
const stores = ({ method }: IncomingMessage): boolean => method !== 'GET' && method !== 'HEAD';

/** Makes the handler of the HTTP API. */
export function createHttpApi({ routes, issuer, clock, takes, invoke, isFull }: HttpApiOptions): Answering {
  const room = createBodyRoom(maxBodiesBytes);
  let compiled: readonly RoutePlan[] | undefined;
  let find = routeFinder([]);
  let inFlight = 0;

  async function work(event: unknown, match: RouteMatch, caller: Caller): Promise<InvocationResult> {
    inFlight += 1;
    try {
      return await invoke(match.route.function, event, caller);
    } finally {
      inFlight -= 1;
    }
  }

  /** Whether a request can be worked on now. It is asked before the body is read, and again when there may be others. */
  const isBusy = ({ route }: RouteMatch): boolean => inFlight >= maxInFlight || !takes(route.function);

  async function call(
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
    url: URL,
    match: RouteMatch,
  ): Promise<HttpAnswer> {
    if (isBusy(match)) return busy;
    if (stores(request) && isFull()) return full;
    const authorized = await authorize(request, match.route.jwt, issuer);
    if (!authorized.ok) return authorized.answer;
    const received = await bodyOf({ request, response, most: maxBodyBytes, room });
    if (!received.ok) return received.why === 'tooLarge' ? gatewayAnswer(413, 'Request Too Long') : busy;
    if (isBusy(match)) return busy;
    const requestId = randomUUID();
    const { claims } = authorized;
    const event = httpEvent({ request, url, body: received.body, match, claims, requestId, now: clock.outside() });
    const result = await work(event, match, { isGone: () => response.destroyed });
    if (isThrottled(result)) return busy;
    const answer = result.ok ? httpAnswer(result.value) : gatewayAnswer(500, 'Internal Server Error');
    return { ...answer, headers: { ...answer.headers, 'apigw-requestid': requestId } };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<HttpAnswer> {
    const url = urlOf(request);
    if (url === undefined) return gatewayAnswer(400, 'Bad Request');
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
    return call({ request, response }, url, match);
  }

  return async (request, response) => send(response, await answer(request, response));
}
