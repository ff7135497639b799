// Which request can somebody try who has connected a Stripe account, before Stripe sends its first event?
import { createHmac } from 'node:crypto';
import { epochOf } from '../../instant.ts';
import type { SampleRequest } from '../delivery.ts';

/** A signed event of a type that Stripe doesn't have: it is kept, and then ignored. */
export const signedSample = (input: {
  readonly secret: string;
  readonly id: string;
  readonly now: string;
}): SampleRequest => {
  const created = Math.floor(epochOf(input.now) / 1000);
  const body = JSON.stringify({
    id: `evt_${input.id}`,
    object: 'event',
    type: 'throughline.hello',
    created,
    livemode: true,
    data: { object: {} },
  });
  const signature = createHmac('sha256', input.secret).update(`${created}.${body}`).digest('hex');
  return {
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${created},v1=${signature}` },
    body,
  };
};
