// Did the caller sign this request with the secret of its access key? This checks AWS's signature, version 4, as AWS does.
// The AWS endpoints call it before anything else.
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AccessKeys } from '../core/accessKeys.ts';
import { AwsRefusal } from './awsCall.ts';

const algorithm = 'AWS4-HMAC-SHA256';

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`, with or without a space after each comma. */
const form =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, *SignedHeaders=([\w;-]+), *Signature=([0-9a-f]{64})$/;

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** The path, encoded once more, and the parameters in order, as every service but S3 signs them. */
function canonicalTarget(url: string): string {
  if (url === '/') return '/\n';
  const cut = url.indexOf('?');
  const [path, query] = cut < 0 ? [url, ''] : [url.slice(0, cut), url.slice(cut + 1)];
  const pairs = [...new URLSearchParams(query)].map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  return `${path.split('/').map(encoded).join('/')}\n${pairs.sort().join('&')}`;
}

const headerOf = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const found = headers[name];
  const text = Array.isArray(found) ? found.join(',') : found;
  return text?.trim().replace(/ +/g, ' ');
};

/** What a caller must do, in the words of the error. */
const mend = "Sign with the key in the data directory's file credentials, which only its owner can read.";

const refused = (code: string, message: string, queryCode?: string): AwsRefusal =>
  new AwsRefusal(code, `${message} ${mend}`, queryCode);

/** How many derived keys are kept: more than there are callers, times services. */
const mostDerived = 500;

/** Answers the access key that signed a request with this body; refuses a request that nobody, or somebody else, signed. */
export type SignatureCheck = (request: IncomingMessage, body: Buffer) => string;

/**
 * Makes the check. The instant of the signature is signed but not compared with a clock: that would only keep out one who has seen a signed
 * request, so who reads this process's memory; and the runtime's own clock may be a set one.
 */
export function signatureCheck(keys: AccessKeys): SignatureCheck {
  const derived = new Map<string, Buffer>();

  return (request, body) => {
    const given = request.headers.authorization;
    if (given === undefined) throw refused('MissingAuthenticationTokenException', 'The request is not signed.');
    const [, caller = '', day = '', region = '', service = '', names = '', signature = ''] = form.exec(given) ?? [];
    const at = headerOf(request, 'x-amz-date') ?? '';
    const signed = names.split(';');
    if (signature === '' || !signed.includes('host') || !signed.includes('x-amz-date') || !at.startsWith(`${day}T`)) {
      throw refused('IncompleteSignatureException', `Authorization is no complete signature in the form ${algorithm}.`);
    }
    // What chooses the operation must not be exchangeable.
    if (request.headers['x-amz-target'] !== undefined && !signed.includes('x-amz-target')) {
      throw refused('IncompleteSignatureException', 'X-Amz-Target is not among the signed headers.');
    }
    const canonical = [
      request.method ?? '',
      canonicalTarget(request.url ?? '/'),
      ...signed.map((name) => `${name}:${headerOf(request, name) ?? ''}`),
      '',
      names,
      hash('sha256', body, 'hex'),
    ].join('\n');
    const scope = `${day}/${region}/${service}/aws4_request`;
    const asked = `${caller} ${scope}`;
    const key =
      derived.get(asked) ??
      [day, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${keys.secretOf(caller)}`));
    const text = `${algorithm}\n${at}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
    if (!timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'))) {
      const message = `The signature is not that of the access key ${caller} of this instance.`;
      throw refused('InvalidSignatureException', message, 'SignatureDoesNotMatch');
    }
    // Only now: who can't sign must not fill it. The day is in it, so that it is emptied now and then.
    if (derived.size >= mostDerived) derived.clear();
    derived.set(asked, key);
    return caller;
  };
}
