// Did the caller sign this request with the secret of its access key? This checks AWS's signature, version 4, as AWS does.
// The AWS endpoints call it before anything else.
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AccessKeys } from '../core/accessKeys.ts';
import { AwsRefusal } from './awsCall.ts';

const algorithm = 'AWS4-HMAC-SHA256';

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…`, with or without a space after the comma: what a client repeats in each of its requests. */
const form =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, *SignedHeaders=([\w;-]+), *Signature=$/;
const signatureForm = /^[0-9a-f]{64}$/;
const signatureLength = 64;

const hmac = (key: Buffer | KeyObject | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

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
  return text?.includes('  ') === true ? text.trim().replace(/ +/g, ' ') : text?.trim();
};

/** What a caller must do, in the words of the error. */
const mend = "Sign with the key in the data directory's file credentials, which only its owner can read.";

const refused = (code: string, message: string, queryCode?: string): AwsRefusal =>
  new AwsRefusal(code, `${message} ${mend}`, queryCode);

/** How many are kept: more than there are callers, times services. */
const mostKept = 500;

/** How a caller signs its requests to a service on one day. */
interface Signer {
  readonly caller: string;
  readonly day: string;
  readonly scope: string;
  /** The names of the signed headers. */
  readonly signed: readonly string[];
  /** Derived from its secret; as a key object, because Node takes long to make one of it each time. */
  readonly key: KeyObject;
}

/** Reads how a request says that it is signed; refuses what is incomplete, and a caller that has no secret here. */
function signerOf(keys: AccessKeys, said: string): Signer {
  const [, caller = '', day = '', region = '', service = '', names = ''] = form.exec(said) ?? [];
  const signed = names.split(';');
  if (caller === '' || !signed.includes('host') || !signed.includes('x-amz-date')) throw incomplete();
  const key = [day, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${keys.secretOf(caller)}`));
  return { caller, day, scope: `${day}/${region}/${service}/aws4_request`, signed, key: createSecretKey(key) };
}

const incomplete = (): AwsRefusal =>
  refused('IncompleteSignatureException', `Authorization is no complete signature in the form ${algorithm}.`);

/** Answers the access key that signed a request with this body; refuses a request that nobody, or somebody else, signed. */
export type SignatureCheck = (request: IncomingMessage, body: Buffer) => string;

/**
 * Makes the check. The instant of the signature is signed but not compared with a clock: that would only keep out one who has seen a signed
 * request, so who reads this process's memory; and the runtime's own clock may be a set one.
 */
export function signatureCheck(keys: AccessKeys): SignatureCheck {
  const signers = new Map<string, Signer>();

  return (request, body) => {
    const given = request.headers.authorization;
    if (given === undefined) throw refused('MissingAuthenticationTokenException', 'The request is not signed.');
    const [said, signature] = [given.slice(0, -signatureLength), given.slice(-signatureLength)];
    if (!signatureForm.test(signature)) throw incomplete();
    const signer = signers.get(said) ?? signerOf(keys, said);
    const { caller, day, scope, signed, key } = signer;
    const at = headerOf(request, 'x-amz-date') ?? '';
    if (!at.startsWith(`${day}T`)) throw incomplete();
    // What chooses the operation must not be exchangeable.
    if (request.headers['x-amz-target'] !== undefined && !signed.includes('x-amz-target')) {
      throw refused('IncompleteSignatureException', 'X-Amz-Target is not among the signed headers.');
    }
    const canonical = [
      request.method ?? '',
      canonicalTarget(request.url ?? '/'),
      ...signed.map((name) => `${name}:${headerOf(request, name) ?? ''}`),
      '',
      signed.join(';'),
      hash('sha256', body, 'hex'),
    ].join('\n');
    const text = `${algorithm}\n${at}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
    if (!timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'))) {
      const message = `The signature is not that of the access key ${caller} of this instance.`;
      throw refused('InvalidSignatureException', message, 'SignatureDoesNotMatch');
    }
    // Only now: who can't sign must not fill it. The day is in it, so that it is emptied now and then.
    if (signers.size >= mostKept) signers.clear();
    signers.set(said, signer);
    return caller;
  };
}
