// Who answers the functions' AWS SDK clients when they speak to EventBridge, SQS and SSM?
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsRefusal, callInput, type Operation } from './awsCall.ts';
import { eventsOperations } from './awsEvents.ts';
import { parameterOperations } from './awsParameters.ts';
import { queueOperations } from './awsQueues.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import type { QueueStore } from './queueStore.ts';

/** A call before it is carried out, as IAM would look at it. */
export interface AwsCall {
  /** The IAM action, for example `sqs:SendMessage` (also of a batch). */
  readonly permission: string;
  /** The ARNs of the queues, buses or parameters that it touches. */
  readonly resources: readonly string[];
  /** The access key that the caller signed with, by which a runtime knows its functions; the signature isn't checked. */
  readonly accessKeyId: string | undefined;
}

/** The calls that are answered: by the X-Amz-Target that names them. */
type Services = ReadonlyMap<string, ReadonlyMap<string, readonly [readonly string[], Operation]>>;

const maxRequestBytes = 16 * 1_048_576;

/**
 * Makes the request listener that answers EventBridge (PutEvents), SQS and SSM in the AWS JSON protocols. `onCall` sees
 * each call before it is carried out; when it answers a text, the call is refused with it as AccessDenied.
 */
export function createAwsEndpoints(options: {
  readonly bus: Bus;
  readonly queueStore: QueueStore;
  readonly clock: Clock;
  readonly onCall?: (call: AwsCall) => string | undefined;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const { bus, queueStore, clock, onCall } = options;
  const { account, region } = bus;
  const services: Services = new Map([
    ['AWSEvents', eventsOperations(bus)],
    ['AmazonSQS', queueOperations({ queueStore, account, region })],
    ['AmazonSSM', parameterOperations({ parameters: queueStore.parameters, account, region })],
  ]);

  function answer(request: IncomingMessage, body: string): Readonly<Record<string, unknown>> {
    const target = request.headers['x-amz-target'];
    const [service = '', action = ''] = typeof target === 'string' ? target.split('.') : [];
    const found = services.get(service)?.get(action);
    if (found === undefined) throw unknownAction(request, target);
    const [members, operation] = found;
    const call = operation(callInput(parse(body), members), request.headers.host ?? 'localhost');
    const { permission, resources } = call;
    const denied = onCall?.({ permission, resources, accessKeyId: accessKeyOf(request) });
    if (denied !== undefined) throw new AwsRefusal('AccessDeniedException', denied);
    return call.run();
  }

  return (request, response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxRequestBytes) chunks.push(chunk);
    });
    request.on('end', () => {
      // The callers live in this clock's time: clients that see another date shift their own.
      response.setHeader('date', new Date(clock.now()).toUTCString());
      response.setHeader('content-type', request.headers['content-type'] ?? 'application/x-amz-json-1.0');
      try {
        if (bytes > maxRequestBytes)
          throw new AwsRefusal('RequestTooLarge', `A request may be ${maxRequestBytes} bytes.`);
        response.end(JSON.stringify(answer(request, Buffer.concat(chunks).toString('utf8'))));
      } catch (error) {
        refuse(response, error);
      }
    });
  };
}

function refuse(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof AwsRefusal ? error : undefined;
  const code = refusal?.code ?? 'InternalFailure';
  const message = error instanceof Error ? error.message : String(error);
  response.statusCode = refusal === undefined ? 500 : 400;
  response.setHeader('x-amzn-errortype', code);
  if (refusal?.queryCode !== undefined) response.setHeader('x-amzn-query-error', `${refusal.queryCode};Sender`);
  // EventBridge and SSM read `message` as well as `Message`; SQS only the former.
  response.end(JSON.stringify({ __type: code, message }));
}

function unknownAction(request: IncomingMessage, target: string | readonly string[] | undefined): AwsRefusal {
  const asked =
    target === undefined ? `a request without X-Amz-Target (${request.method} ${request.url})` : `${target}`;
  return new AwsRefusal('UnknownOperationException', `The local runtime doesn't answer ${asked}.`);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch (error) {
    throw new AwsRefusal('SerializationException', `The request's body is no JSON: ${String(error)}`);
  }
}

function accessKeyOf(request: IncomingMessage): string | undefined {
  return /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1];
}
