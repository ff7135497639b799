// Did Stripe sign the message, within five minutes of now?
import { createHmac, timingSafeEqual } from 'node:crypto';
import { epochOf } from '../../instant.ts';
import type { Message, Verified } from '../delivery.ts';

/**
 * The seconds by which the signature's time may differ from ours, earlier or later (Stripe's own libraries use 300).
 */
const tolerance = 300;

const no = (reason: string): Verified => ({ ok: false, reason });

const parts = (header: string): readonly (readonly [string, string])[] =>
  header.split(',').map((part): readonly [string, string] => {
    const [key = '', ...value] = part.split('=');
    return [key.trim(), value.join('=').trim()];
  });

/**
 * Checks `Stripe-Signature: t=…,v1=…[,v1=…]`: HMAC-SHA256 over `t.body`. There are several v1 while a secret is
 * rotated. v0 and any other scheme are ignored, so that nobody can choose a weaker one.
 */
export const verifyStripe = (input: {
  readonly message: Message;
  readonly secrets: readonly string[];
  readonly now: string;
}): Verified => {
  const header = input.message.headers['stripe-signature'];
  if (header === undefined || header === '') return no('signatureMissing: expected a Stripe-Signature header');
  const said = parts(header);
  const time = said.find(([key]) => key === 't')?.[1];
  if (time === undefined || !/^\d{1,12}$/.test(time))
    return no('signatureMalformed: Stripe-Signature holds no time (t=)');
  const signatures = said.filter(([key, value]) => key === 'v1' && /^[0-9a-f]{64}$/.test(value));
  if (signatures.length === 0) return no('signatureMalformed: Stripe-Signature holds no v1');
  const expected = input.secrets
    .filter((secret) => secret !== '')
    .map((secret) => createHmac('sha256', secret).update(`${time}.${input.message.body}`).digest());
  const holds = signatures
    .map(([, signature]) => Buffer.from(signature, 'hex'))
    .some((given) => expected.some((own) => timingSafeEqual(own, given)));
  if (!holds) return no('signatureWrong: no v1 of Stripe-Signature fits a secret of this connection');
  const age = Math.floor(epochOf(input.now) / 1000) - Number(time);
  return Math.abs(age) <= tolerance
    ? { ok: true }
    : no(`signatureOutOfTime: it was made more than ${tolerance} s ${age > 0 ? 'ago' : 'ahead'}`);
};
