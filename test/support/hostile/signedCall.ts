// Which bytes does a client send that may call the AWS endpoints, but calls them oddly? Headers and a body of the caller's own, with a true signature.
import { createHmac, hash } from 'node:crypto';
import type { Credentials } from '../../../infra/local/core/accessKeys.ts';

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** A call with these headers beside those of the signature (`name: value`, in lower case) and this body. */
export function signedCall(
  { accessKeyId, secretAccessKey }: Credentials,
  { headers, body }: { readonly headers: readonly string[]; readonly body: string },
): string {
  const [day, at] = ['20260304', '20260304T050607Z'];
  const all = ['host: localhost', `x-amz-date: ${at}`, ...headers].map((line) => line.split(/: */, 2));
  const lines = all.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value}\n`);
  const names = all.map(([name]) => name).join(';');
  const bytes = Buffer.from(body, 'latin1');
  const canonical = ['POST', '/', '', lines.join(''), names, hash('sha256', bytes, 'hex')].join('\n');
  const scope = [day, 'us-east-1', 'any', 'aws4_request'];
  const key = scope.reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  const text = `AWS4-HMAC-SHA256\n${at}\n${scope.join('/')}\n${hash('sha256', canonical, 'hex')}`;
  const signature = hmac(key, text).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`;
  const sent = [`authorization: ${authorization}`, ...all.map(([name, value]) => `${name}: ${value}`)];
  return `POST / HTTP/1.1\r\n${[...sent, `content-length: ${bytes.length}`, 'connection: close'].join('\r\n')}\r\n\r\n${body}`;
}
