// How does the runtime itself speak to a DynamoDB-compatible engine? Bare JSON over one kept connection, without the SDK.
import { Agent, request } from 'node:http';
import { isObject, type JsonObject } from './properties.ts';

/** A refusal of the engine, by the name that DynamoDB gives it (`ResourceNotFoundException`). */
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

// Local engines want the form of a signature and check nothing of it.
const headersFor = (operation: string, length: number) => ({
  'content-type': 'application/x-amz-json-1.0',
  'content-length': length,
  'x-amz-date': '20260101T000000Z',
  'x-amz-target': `${streamOperations.has(operation) ? 'DynamoDBStreams' : 'DynamoDB'}_20120810.${operation}`,
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0',
});

/** Makes the function that calls an engine; it rejects with an `EngineError`, or with what the connection failed of. */
export function engineCaller(endpoint: string): { readonly call: EngineCall; readonly close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const call: EngineCall = (operation, input) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(input);
      const headers = headersFor(operation, Buffer.byteLength(body));
      const sent = request(endpoint, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          try {
            const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
            const found = isObject(answer) ? answer : {};
            if (response.statusCode === 200) return resolve(found);
            const code = String(found.__type ?? response.statusCode).replace(/^.*#/, '');
            // Some engines put the whole request into their message.
            reject(new EngineError(code, String(found.message ?? found.Message ?? '').slice(0, 500)));
          } catch (error) {
            reject(new Error(`${endpoint} answered ${operation} with something that isn't JSON.`, { cause: error }));
          }
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { call, close: () => agent.destroy() };
}
