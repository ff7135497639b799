// Is a message verified as Standard Webhooks defines it: any v1, any secret in force, within five minutes?
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { addMilliseconds, instantOf } from '../../../events/instant.ts';
import { cloudevents } from '../../../events/sources/cloudevents.ts';
import { messageOf, samplesAreHere, sampleText } from './reading.ts';

describe('signatures', () => {
  const secrets = [0, 1].map((byte) => cloudevents.delivery.secretOf?.(new Uint8Array(32).fill(byte)) ?? '');
  const body = '{"type":"x"}';
  const now = '2026-07-15T08:00:00.000Z';
  const signed = (secret: string, at: string, text = body) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Date.parse(at) / 1000),
    'webhook-signature': new Webhook(secret).sign('msg_1', new Date(at), text),
  });
  const verify = (headers: Record<string, string>, known = secrets) =>
    cloudevents.delivery.verify({ message: messageOf(body, headers), secrets: known, now });
  const refusal = (reason: string) => ({ ok: false, reason: expect.stringContaining(`${reason}:`) });

  it('are valid under either of two secrets, within 300 s of the given clock', () => {
    for (const secret of secrets) expect(verify(signed(secret, now))).toEqual({ ok: true });
    for (const [seconds, ok] of [
      [-300, true],
      [300, true],
      [-301, false],
      [301, false],
    ] as const) {
      const answer = verify(signed(secrets[0] ?? '', addMilliseconds(now, seconds * 1000)));
      expect(answer).toEqual(ok ? { ok: true } : refusal('signatureOutOfTime'));
    }
  });

  it('are not valid for another text, id or scheme, nor under an unusable secret', () => {
    const good = signed(secrets[0] ?? '', now);
    expect(verify(signed(secrets[0] ?? '', now, '{}'))).toEqual(refusal('signatureWrong'));
    expect(verify({ ...good, 'webhook-id': 'msg_2' })).toEqual(refusal('signatureWrong'));
    expect(verify({ ...good, 'webhook-signature': good['webhook-signature'].replace('v1,', 'v1a,') })).toEqual(
      refusal('signatureMalformed'),
    );
    expect(verify({ ...good, 'webhook-timestamp': 'now' })).toEqual(refusal('signatureMalformed'));
    expect(verify({})).toEqual(refusal('signatureMissing'));
    expect(verify(good, ['whsec_***'])).toEqual(refusal('secretUnusable'));
    expect(verify(good, ['whsec_***', ...secrets])).toEqual({ ok: true });
  });

  it.skipIf(!samplesAreHere)('agree with the test vectors beside the repository', () => {
    const Vectors = z.looseObject({
      secret: z.string(),
      nowEpochSeconds: z.int(),
      rawBody: z.string(),
      headersBase: z.record(z.string(), z.string()),
      cases: z.array(
        z.object({
          name: z.string(),
          timestamp: z.string(),
          signature: z.string(),
          valid: z.union([z.boolean(), z.string()]),
        }),
      ),
    });
    const vectors = Vectors.parse(JSON.parse(sampleText('generic/_signature-vectors.standard-webhooks.json')));
    for (const { name, timestamp, signature, valid } of vectors.cases) {
      const headers = { ...vectors.headersBase, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
      const message = messageOf(vectors.rawBody, headers);
      const answer = cloudevents.delivery.verify({
        message,
        secrets: [vectors.secret],
        now: instantOf(vectors.nowEpochSeconds * 1000),
      });
      // v1a is not taken: the vectors call it valid "only where v1a is supported".
      expect([name, answer.ok]).toEqual([name, valid === true]);
    }
  });
});
