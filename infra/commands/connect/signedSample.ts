// Which request can a sender run as it stands, to see that its messages are accepted? A line of curl with a real signature.
import { randomUUID } from 'node:crypto';
import type { Source } from '../../../events/sources/source.ts';
import { quoted } from '../quoted.ts';

/** The line; undefined where messages of the source aren't signed. It holds no secret, and works for five minutes. */
export function signedSample(
  { delivery }: Source,
  to: { readonly url: string; readonly secret: string },
): string | undefined {
  if (delivery.way !== 'webhook' || delivery.sampleOf === undefined) return undefined;
  const now = new Date().toISOString();
  const { headers, body } = delivery.sampleOf({ secret: to.secret, id: randomUUID(), now });
  const said = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return ['curl -i', ...said, `--data-raw ${quoted(body)}`, quoted(to.url)].join(' \\\n  ');
}
