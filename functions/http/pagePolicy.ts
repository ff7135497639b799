// What may a page of ours do in a browser? Run only the scripts and styles that stand in it, known by their digests, and ask only this API.
import { createHash } from 'node:crypto';

const digestsIn = (page: string, element: 'script' | 'style'): string => {
  const texts = [...page.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, 'g'))];
  const digests = texts.map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return digests.length === 0 ? "'none'" : digests.join(' ');
};

/** The content-security-policy of a page: nothing from elsewhere, nothing that is not written in the page itself. */
export const policyOf = (page: string): string =>
  [
    "default-src 'none'",
    `script-src ${digestsIn(page, 'script')}`,
    `style-src ${digestsIn(page, 'style')}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
