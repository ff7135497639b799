// Who answers the functions' AWS SDK clients? This listener answers EventBridge, SQS and SSM, and passes calls of DynamoDB on to the engine.
// The runtime calls it; it reads HTTP requests and uses the bus, the queues' file and the engine.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bus } from '../bus/bus.ts';
import { operatorKey } from '../core/awsNames.ts';
import {
  type CallInterceptor,
  cut,
  type ServiceAnswer,
  type ServiceCall,
  type ServiceName,
  throughInterceptors,
} from '../core/callInterceptor.ts';
import type { Clock } from '../core/clock.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { bodyOf } from '../core/requestBody.ts';
import type { EnginePass } from '../storage/engineCall.ts';
import type { QueueStore } from '../storage/queueStore.ts';
import { AwsRefusal, callInput, type Operations, type PreparedCall } from './awsCall.ts';
import { eventsOperations } from './awsEvents.ts';
import { parameterOperations } from './awsParameters.ts';
import { queueOperations } from './awsQueues.ts';
import { dynamoAccess } from './dynamoAccess.ts';
import type { SignatureCheck } from './signature.ts';

/** The services by their names in X-Amz-Target. */
const serviceNames: ReadonlyMap<string, ServiceName> = new Map([
  ['AWSEvents', 'events'],
  ['AmazonSQS', 'sqs'],
  ['AmazonSSM', 'ssm'],
  ['DynamoDB_20120810', 'dynamodb'],
]);

/** The call in a request; `what` names it in a refusal. */
interface Asked {
  readonly what: string;
  /** The host name that the caller used. */
  readonly host: string;
  /** The access key with which it signed. */
  readonly caller: string;
  readonly operation: string;
  readonly input: JsonObject;
}

const maxRequestBytes = 16 * 1_048_576;

export interface AwsEndpointsOptions {
  /** Who signed a request; it refuses what nobody signed. */
  readonly callerOf: SignatureCheck;
  readonly bus: Bus;
  readonly queueStore: QueueStore;
  readonly clock: Clock;
  /** The interceptors that each call passes, in this order, before it is carried out. */
  readonly interceptors?: readonly CallInterceptor[];
  /** Passes calls of DynamoDB to the engine; absent: they are refused. */
  readonly engine?: EnginePass;
}

interface Endpoints extends AwsEndpointsOptions {
  readonly operations: Readonly<Record<Exclude<ServiceName, 'dynamodb'>, Operations>>;
}

/** Reads a call of EventBridge, SQS or SSM; refuses an input that it doesn't understand. */
function prepare(
  { operations }: Endpoints,
  service: Exclude<ServiceName, 'dynamodb'>,
  { what, host, operation, input }: Asked,
): PreparedCall {
  const found = operations[service].get(operation);
  if (found === undefined) throw unknownAction(what);
  const [members, understand] = found;
  return understand(callInput(input, members), host);
}

/** What the interceptors see of a call: the caller, and what IAM would check. */
function callOf(endpoints: Endpoints, service: ServiceName, asked: Asked): ServiceCall {
  const { caller, operation, input } = asked;
  const prepared = service === 'dynamodb' ? undefined : prepare(endpoints, service, asked);
  // An operator's permissions are not looked up, so that a call which names no table (ListTables) needs none.
  const tableNeeds = () => (caller === operatorKey ? [] : dynamoAccess(operation, input));
  const needs =
    prepared === undefined
      ? tableNeeds()
      : prepared.resources.map((resource) => ({ action: prepared.permission, resource }));
  return { caller, service, operation, input, needs };
}

/** Passes a call of DynamoDB on as it came: no interceptor wants to see what it says. */
async function passedOn({ engine }: Endpoints, what: string, body: Buffer): Promise<ServiceAnswer> {
  if (engine === undefined) throw unknownAction(what);
  return { ...(await engine(what.slice(what.indexOf('.') + 1), body)), headers: {} };
}

async function carryOut(endpoints: Endpoints, service: ServiceName, asked: Asked): Promise<ServiceAnswer> {
  const { what, operation, input } = asked;
  if (service !== 'dynamodb') {
    return { status: 200, headers: {}, body: JSON.stringify(prepare(endpoints, service, asked).run()) };
  }
  if (endpoints.engine === undefined) throw unknownAction(what);
  return { ...(await endpoints.engine(operation, JSON.stringify(input))), headers: {} };
}

async function answer(
  endpoints: Endpoints,
  request: IncomingMessage,
  body: Buffer,
): Promise<ServiceAnswer | typeof cut> {
  const host = request.headers.host ?? 'localhost';
  const target = request.headers['x-amz-target'];
  const [name = '', operation = ''] = typeof target === 'string' ? target.split('.') : [];
  const service = serviceNames.get(name);
  const what = target === undefined ? `a request without X-Amz-Target (${request.method} ${request.url})` : `${target}`;
  try {
    const caller = endpoints.callerOf(request, body);
    if (service === undefined) throw unknownAction(what);
    const { interceptors = [] } = endpoints;
    if (service === 'dynamodb' && interceptors.length === 0) return await passedOn(endpoints, what, body);
    const asked = { what, host, caller, operation, input: parse(body.toString('utf8')) };
    return await throughInterceptors(interceptors, callOf(endpoints, service, asked), ({ input }) =>
      carryOut(endpoints, service, { ...asked, input }),
    );
  } catch (error) {
    return refusalOf(error);
  }
}

/** Makes the request listener for the AWS JSON protocols. It answers EventBridge (PutEvents), SQS and SSM, and passes on calls of DynamoDB. */
export function createAwsEndpoints(
  options: AwsEndpointsOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { bus, queueStore, clock } = options;
  const { account, region } = bus;
  const operations = {
    events: eventsOperations(bus),
    sqs: queueOperations({ queueStore, account, region }),
    ssm: parameterOperations({ parameters: queueStore.parameters, account, region }),
  };
  const tooLarge = new AwsRefusal('RequestTooLarge', `A request may have at most ${maxRequestBytes} bytes.`);

  return async (request, response) => {
    const received = await bodyOf({ request, response, most: maxRequestBytes });
    const found = received.ok ? await answer({ ...options, operations }, request, received.body) : refusalOf(tooLarge);
    if (found === cut) {
      request.socket.destroy();
      return;
    }
    response.statusCode = found.status;
    // Callers use this clock's time: an SDK client that sees another date in the answer shifts its own clock.
    response.setHeader('date', new Date(clock.now()).toUTCString());
    response.setHeader('content-type', contentTypeOf(request));
    for (const [name, value] of Object.entries(found.headers)) response.setHeader(name, value);
    response.end(found.body);
  };
}

/** The version of the JSON protocol that the caller speaks. */
function contentTypeOf({ headers }: IncomingMessage): string {
  const [version = '1.0'] = /(?<=^application\/x-amz-json-)1\.[01]$/.exec(headers['content-type'] ?? '') ?? [];
  return `application/x-amz-json-${version}`;
}

/** An error as AWS would answer it: any error that isn't a refusal becomes a failure of the service. */
function refusalOf(error: unknown): ServiceAnswer {
  const refusal = error instanceof AwsRefusal ? error : undefined;
  const code = refusal?.code ?? 'InternalFailure';
  const message = error instanceof Error ? error.message : String(error);
  return {
    status: refusal === undefined ? 500 : 400,
    headers: {
      'x-amzn-errortype': code,
      ...(refusal?.queryCode !== undefined && { 'x-amzn-query-error': `${refusal.queryCode};Sender` }),
    },
    // Clients of EventBridge and SSM read `message` or `Message`; clients of SQS read only `message`.
    body: JSON.stringify({ __type: code, message }),
  };
}

function unknownAction(what: string): AwsRefusal {
  return new AwsRefusal('UnknownOperationException', `The local runtime doesn't answer ${what}.`);
}

function parse(body: string): JsonObject {
  try {
    const input: unknown = JSON.parse(body === '' ? '{}' : body);
    return isObject(input) ? input : {};
  } catch (error) {
    throw new AwsRefusal('SerializationException', `The request's body is not JSON: ${String(error)}`);
  }
}
