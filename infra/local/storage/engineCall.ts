// How does the runtime itself call a DynamoDB-compatible engine? With plain JSON over a kept connection, without the SDK.
import { Agent, type AgentOptions, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import { isObject, type JsonObject } from '../core/json.ts';

/** A refusal of the engine, with DynamoDB's name for it (`ResourceNotFoundException`). */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

export type EngineCall = (operation: string, input: JsonObject) => Promise<JsonObject>;

const streamOperations = new Set(['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords']);

// Local engines require a signature in the right form, but don't check it.
const headersFor = (operation: string, length: number) => ({
  'content-type': 'application/x-amz-json-1.0',
  'content-length': length,
  'x-amz-date': '20260101T000000Z',
  'x-amz-target': `${streamOperations.has(operation) ? 'DynamoDBStreams' : 'DynamoDB'}_20120810.${operation}`,
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0',
});

/** An unchanged answer of the engine. */
export interface EngineAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends a call to the engine as JSON; rejects with the connection's error. */
export type EnginePass = (operation: string, body: string | Buffer) => Promise<EngineAnswer>;

/** The ways to call an engine: `call` rejects with an `EngineError` where it refuses. */
export interface EngineCaller {
  readonly call: EngineCall;
  readonly pass: EnginePass;
  readonly close: () => void;
}

/** Opens a connection to an engine that no address leads to. */
export type Connect = () => Promise<Socket>;

/** Keeps the connections that `connect` opens. */
class ConnectingAgent extends Agent {
  readonly #connect: Connect;

  constructor(options: AgentOptions, connect: Connect) {
    super(options);
    this.#connect = connect;
  }

  override createConnection(_options: unknown, done?: (error: Error | null, stream: Duplex) => void): undefined {
    this.#connect().then(
      (socket) => done?.(null, socket),
      // Node reads no stream where there is an error.
      (error: unknown) => Reflect.apply(done ?? (() => undefined), undefined, [error]),
    );
  }
}

const kept = { keepAlive: true, maxSockets: 16 } as const;

/** Makes the functions that call an engine, over kept connections: to the endpoint, or those that `connect` opens. */
export function engineCaller(endpoint: string, connect?: Connect): EngineCaller {
  const agent = connect === undefined ? new Agent(kept) : new ConnectingAgent(kept, connect);
  const place = urlToHttpOptions(new URL(endpoint));
  const pass: EnginePass = (operation, body) =>
    new Promise((resolve, reject) => {
      const headers = headersFor(operation, Buffer.byteLength(body));
      const sent = request({ ...place, method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 500, body: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const call: EngineCall = async (operation, input) => {
    const { status, body } = await pass(operation, JSON.stringify(input));
    const found = parsed(body, `${endpoint} answered ${operation} with something that isn't JSON.`);
    if (status === 200) return found;
    const code = String(found.__type ?? status).replace(/^.*#/, '');
    // Some engines put the whole request into their error message.
    throw new EngineError(code, String(found.message ?? found.Message ?? '').slice(0, 500));
  };
  return { call, pass, close: () => agent.destroy() };
}

function parsed(body: string, complaint: string): JsonObject {
  try {
    const answer: unknown = JSON.parse(body || '{}');
    return isObject(answer) ? answer : {};
  } catch (error) {
    throw new Error(complaint, { cause: error });
  }
}
