// Is a Stripe message verified as Stripe defines it: any v1, any secret in force, five minutes, nothing weaker?
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { instantOf } from '../../../events/instant.ts';
import { stripe } from '../../../events/sources/stripe.ts';
import { messageOf, samplesAreHere, sampleText } from './reading.ts';

describe('signatures', () => {
  const secret = 'whsec_one';
  const body = '{"id":"evt_1"}';
  const sign = (time: number, by = secret) => createHmac('sha256', by).update(`${time}.${body}`).digest('hex');
  const verify = (header: string | undefined, secrets = [secret], now = 1000) =>
    stripe.delivery.verify({
      message: messageOf(body, header === undefined ? {} : { 'stripe-signature': header }),
      secrets,
      now: instantOf(now * 1000),
    });
  const refusal = (reason: string) => ({ ok: false, reason: expect.stringContaining(`${reason}:`) });

  it('are valid within 300 s of now, before and after', () => {
    for (const time of [700, 1000, 1300]) expect(verify(`t=${time},v1=${sign(time)}`)).toEqual({ ok: true });
    for (const time of [699, 1301]) expect(verify(`t=${time},v1=${sign(time)}`)).toEqual(refusal('signatureOutOfTime'));
  });

  it('are valid under either of two secrets, and with either of two v1', () => {
    expect(verify(`t=1000,v1=${sign(1000, 'whsec_two')}`, [secret, 'whsec_two'])).toEqual({ ok: true });
    expect(verify(`t=1000,v1=${'0'.repeat(64)},v1=${sign(1000)}`)).toEqual({ ok: true });
  });

  it('are not valid without a v1, without a secret, or for another text', () => {
    expect(verify(undefined)).toEqual(refusal('signatureMissing'));
    expect(verify(`t=1000,v0=${sign(1000)}`)).toEqual(refusal('signatureMalformed'));
    expect(verify(`v1=${sign(1000)}`)).toEqual(refusal('signatureMalformed'));
    expect(verify(`t=1000,v1=${sign(1000)}`, [])).toEqual(refusal('signatureWrong'));
    expect(verify(`t=1000,v1=${createHmac('sha256', '').update(`1000.${body}`).digest('hex')}`, [''])).toEqual(
      refusal('signatureWrong'),
    );
    expect(verify(`t=1001,v1=${sign(1000)}`)).toEqual(refusal('signatureWrong'));
  });

  it.skipIf(!samplesAreHere)('agree with the test vectors beside the repository', () => {
    const Vectors = z.looseObject({
      secret: z.string(),
      nowEpochSeconds: z.int(),
      rawBody: z.string(),
      cases: z.array(z.object({ name: z.string(), header: z.string(), valid: z.boolean() })),
    });
    const vectors = Vectors.parse(JSON.parse(sampleText('stripe/_signature-vectors.json')));
    for (const { name, header, valid } of vectors.cases) {
      const message = messageOf(vectors.rawBody, { 'stripe-signature': header });
      const now = instantOf(vectors.nowEpochSeconds * 1000);
      expect([name, stripe.delivery.verify({ message, secrets: [vectors.secret], now }).ok]).toEqual([name, valid]);
    }
  });
});
