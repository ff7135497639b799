// What becomes of a signed body that is not UTF-8? It is refused, because as text it would be another message than the one that was signed.
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { stripeRequest, stripeSecret } from '../../support/intake/intakeRequests.ts';

let engine: TestEngine;
let intake: Intake;
beforeAll(async () => {
  engine = await startTestEngine();
  intake = await startIntake({ client: engine.client });
});
afterAll(() => engine.stop());

test.each([
  ['a letter in Latin 1', Buffer.from('{"name":"é"}', 'latin1')],
  ['UTF-16 with its mark', Buffer.from('\ufeff{}', 'utf16le')],
  ['compressed', gzipSync('{"id":"evt_1"}')],
  ['half of a surrogate pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
])('a body that is not UTF-8 is a 400 that says so, though its bytes are signed: %s', async (_, bytes) => {
  const { headers, ...rest } = stripeRequest('', intake.now());
  const [, time = ''] = /t=(\d+)/.exec(headers['stripe-signature'] ?? '') ?? [];
  const signature = createHmac('sha256', stripeSecret).update(`${time}.`).update(bytes).digest('hex');
  const answer = await intake.receive({
    ...rest,
    headers: { 'stripe-signature': `t=${time},v1=${signature}` },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  });
  expect(answer).toMatchObject({ statusCode: 400, body: expect.stringContaining('"bodyNotUtf8"') });
  expect(await intake.receiptRows()).toEqual([]);
});
