// Which request can a sender of CloudEvents try first, before it sends anything that counts?
import { Webhook } from 'standardwebhooks';
import { epochOf } from '../../instant.ts';
import type { SampleRequest } from '../delivery.ts';

/** A signed event of a type that no mapping names: it is kept, and then ignored. Throws if the secret has another form. */
export const signedSample = (input: {
  readonly secret: string;
  readonly id: string;
  readonly now: string;
}): SampleRequest => {
  const { secret, id, now } = input;
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: 'https://sender.example',
    type: 'com.example.hello',
    time: now,
    data: {},
  });
  const date = new Date(Math.floor(epochOf(now) / 1000) * 1000);
  return {
    headers: {
      'content-type': 'application/cloudevents+json',
      'webhook-id': id,
      'webhook-timestamp': String(date.getTime() / 1000),
      'webhook-signature': new Webhook(secret).sign(id, date, body),
    },
    body,
  };
};
