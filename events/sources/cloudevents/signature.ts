// Did the sender sign the message, as Standard Webhooks defines it?
import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { epochOf } from '../../instant.ts';
import type { Message, Verified } from '../delivery.ts';

/** The seconds by which the message's time may differ from ours, earlier or later (the reference libraries use 300). */
const tolerance = 300;

const no = (reason: string): Verified => ({ ok: false, reason });

/** The signature under a secret; undefined if the secret does not have the form `whsec_` and base64. */
const signatureOf = (
  secret: string,
  message: { readonly id: string; readonly seconds: number; readonly body: string },
) => {
  try {
    return new Webhook(secret).sign(message.id, new Date(message.seconds * 1000), message.body);
  } catch {
    return undefined;
  }
};

const equal = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/**
 * Checks `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature` (`v1,…`, several while a secret is
 * rotated). The library's own verify reads the machine's clock, so only its signing is used. v1a (ed25519) is not
 * accepted.
 */
export const verifyStandardWebhook = (input: {
  readonly message: Message;
  readonly secrets: readonly string[];
  readonly now: string;
}): Verified => {
  const { headers, body } = input.message;
  const id = headers['webhook-id'] ?? '';
  const time = headers['webhook-timestamp'] ?? '';
  const signature = headers['webhook-signature'] ?? '';
  if (id === '' || time === '' || signature === '') {
    return no('signatureMissing: expected the headers webhook-id, webhook-timestamp and webhook-signature');
  }
  if (!/^[1-9]\d{0,11}$/.test(time)) return no('signatureMalformed: webhook-timestamp is not in seconds since 1970');
  const given = signature.split(' ').filter((part) => part.startsWith('v1,'));
  if (given.length === 0) return no('signatureMalformed: webhook-signature holds no v1 (HMAC-SHA256)');
  const expected = input.secrets
    .map((secret) => signatureOf(secret, { id, seconds: Number(time), body }))
    .filter((own) => own !== undefined);
  if (expected.length === 0) return no('secretUnusable: no secret of this connection has the form whsec_ and base64');
  if (!given.some((part) => expected.some((own) => equal(own, part)))) {
    return no('signatureWrong: no v1 of webhook-signature fits a secret of this connection');
  }
  const age = Math.floor(epochOf(input.now) / 1000) - Number(time);
  return Math.abs(age) <= tolerance
    ? { ok: true }
    : no(`signatureOutOfTime: it was made more than ${tolerance} s ${age > 0 ? 'ago' : 'ahead'}`);
};
