// What would a hostile client send to the port of the AWS endpoints and commands? Exact bytes of who can't sign, and calls of who can.
import { close, head, megabyte, type Row } from './hostileRequests.ts';

const aws = (...more: readonly string[]): string => head('POST / HTTP/1.1', ...more);
const target = 'x-amz-target: AmazonSQS.SendMessage';
export const services: readonly Row[] = [
  ['no target', aws('content-length: 0', close), 400],
  ['a body that is no JSON', `${aws(target, 'content-length: 1', close)}{`, 400],
  ['nested beyond the stack', `${aws(target, 'content-length: 400000', close)}${'['.repeat(400_000)}`, 400],
  ['a list in place of an object', `${aws(target, 'content-length: 2', close)}[]`, 400],
  [
    'a content type that can’t be echoed',
    `${aws(target, 'content-type: \xff\xfe"', 'content-length: 2', close)}{}`,
    400,
  ],
  ['a body that is too large', aws(target, `content-length: ${17 * megabyte}`, close), 400],
  [
    'a form that is never finished',
    `${aws('content-type: application/x-www-form-urlencoded', 'content-length: 100')}a=`,
    408,
  ],
  [
    'a form that is too large',
    aws('content-type: application/x-www-form-urlencoded', 'content-length: 100000', close),
    413,
  ],
  ['a call that is never finished', `${aws(target, 'content-length: 100')}{`, 408],
  ['a command without the secret', head('POST /_throughline/token HTTP/1.1', 'content-length: 2', close), 401],
  [
    'a command that is never finished',
    head('POST /_throughline/token HTTP/1.1', 'authorization: Bearer SECRET', 'content-length: 100'),
    408,
  ],
  [
    'a command that is no JSON',
    `${head('POST /_throughline/token HTTP/1.1', 'authorization: Bearer SECRET', 'content-length: 1', close)}{`,
    500,
  ],
  ['two slashes', head('GET // HTTP/1.1', close), 400],
  [
    'a form that nobody signed',
    `${aws('content-type: application/x-www-form-urlencoded', 'content-length: 1', close)}a`,
    403,
  ],
  [
    'a signature that is none',
    `${aws(target, 'authorization: AWS4-HMAC-SHA256 \xff', 'content-length: 2', close)}{}`,
    400,
  ],
];

/** A call that is signed: its headers, its body, and the status of the answer. */
export type Call = readonly [name: string, headers: readonly string[], body: string, answered: number];

const form = 'content-type: application/x-www-form-urlencoded';
const put = 'x-amz-target: DynamoDB_20120810.PutItem';
export const calls: readonly Call[] = [
  ['no target', [], '', 400],
  ['a service that nobody knows', ['x-amz-target: __proto__.constructor'], '{}', 400],
  ['an operation that nobody knows', ['x-amz-target: AmazonSQS.constructor'], '{}', 400],
  ['a body that is no JSON', [target], '{', 400],
  ['lists nested beyond the stack', [target], '['.repeat(400_000), 400],
  ['objects nested beyond the stack', [target], `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 400],
  ['a list in place of an object', [target], '[]', 400],
  ['members of another kind', [target], '{"QueueUrl":{},"MessageBody":[]}', 400],
  ['a content type that can’t be echoed', [target, 'content-type: \xff\xfe"'], '{}', 400],
  ['a call of the engine that is no JSON', [put], '{', 400],
  ['an operation that the engine doesn’t know', ['x-amz-target: DynamoDB_20120810.../x'], '{}', 400],
  ['a call of the engine, nested beyond the stack', [put], '['.repeat(400_000), 400],
  ['a form without an action', [form], '&&&=%zz', 400],
  ['a form that is no form', [form], '\0\xff', 400],
];
