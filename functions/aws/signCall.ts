// What does a service want to see in a call's headers? The action, and AWS's signature, version 4, by which it knows the caller.
import { createHmac, hash } from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface Signer {
  /** The service's name in a signature, such as `dynamodb`. */
  readonly service: string;
  readonly region: string;
}

export interface Call {
  /** With the port, where the endpoint's address has one. */
  readonly host: string;
  /** The service and the action, such as `DynamoDB_20120810.PutItem`. */
  readonly target: string;
  readonly contentType: string;
  readonly body: string;
}

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/**
 * Makes a function that returns the headers of calls, signed at an instant (milliseconds since 1970). Calls go by POST to the path `/`.
 * The key that is derived from the secret is kept for its day: it is four of the five digests by key that a signature takes.
 */
export const createSignCall = ({ service, region }: Signer) => {
  let kept: { readonly secret: string; readonly day: string; readonly key: Buffer } | undefined;

  const keyOf = (secret: string, day: string): Buffer => {
    if (kept?.secret !== secret || kept.day !== day) {
      kept = { secret, day, key: [day, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secret}`)) };
    }
    return kept.key;
  };

  return (
    { host, target, contentType, body }: Call,
    { accessKeyId, secretAccessKey, sessionToken }: Credentials,
    instant: number,
  ): Readonly<Record<string, string>> => {
    const at = new Date(instant).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const day = at.slice(0, 8);
    // In the order of their names, as they are signed.
    const headers: Record<string, string> = { 'content-type': contentType, host, 'x-amz-date': at };
    if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken;
    headers['x-amz-target'] = target;
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
    const canonical = `POST\n/\n\n${lines.join('')}\n${names}\n${hash('sha256', body, 'hex')}`;
    const scope = `${day}/${region}/${service}/aws4_request`;
    const text = `AWS4-HMAC-SHA256\n${at}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
    const signature = createHmac('sha256', keyOf(secretAccessKey, day)).update(text).digest('hex');
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return headers;
  };
};
