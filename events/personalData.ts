// Does data hold a person's e-mail address or telephone number, which no event may hold?
// It is no proof against somebody who hides an address on purpose; it finds what systems and people write.
import { plainText } from './plainText.ts';

/** Why an event with an address is refused. */
export const addressRefusal =
  'it holds an e-mail address, or a telephone number as a link; an event may name people only by references';

/** What may stand right before the `@` of an address. After a slash, a colon or a bracket it is a name of another kind: `@acme/pkg`. */
const endsLocalPart = /[\p{L}\p{M}\p{N}_+~.-]/u;
/** `"ann smith"@example.com` */
const quotedLocalPart = /"[^"]{1,64}"$/;
const domainCharacter = /[\p{L}\p{M}\p{N}.-]/u;
/** An address of the internet in brackets: `[192.0.2.1]`, `[IPv6:2001:db8::1]`. */
const literalDomain = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9a-f:.]{2,45})\]/i;
const topLevel = /^(?:\p{L}[\p{L}\p{M}]{1,62}|xn--[a-z0-9-]{1,59})$/iu;
/** Endings of files, of which no top-level domain has the name: `logo@2x.png`, `react@18.2.0.tgz`. */
const fileEnding =
  /^(?:png|jpe?g|gif|webp|svg|avif|bmp|ico|js|mjs|css|html?|json|ya?ml|xml|csv|txt|pdf|docx?|xlsx?|pptx?|tgz|gz|jar|whl)$/i;
const longestDomain = 253;

/** A letter beyond the first plane is two units of UTF-16; the second one is enough to know it. */
const endsInLocalPart = (text: string, end: number): boolean => {
  const last = text.charAt(end - 1);
  return (
    endsLocalPart.test(last) ||
    /[\udc00-\udfff]/.test(last) ||
    quotedLocalPart.test(text.slice(Math.max(0, end - 66), end))
  );
};

/** The one local part that stands for no person: `git@github.com:acme/app.git`. */
const isGit = (text: string, end: number): boolean =>
  /(?:^|[^\p{L}\p{N}._%+-])git$/iu.test(text.slice(Math.max(0, end - 4), end));

const isDomain = (text: string, start: number): boolean => {
  if (text.charAt(start) === '[') return literalDomain.test(text.slice(start, start + 60));
  let end = start;
  while (end - start <= longestDomain) {
    const character = String.fromCodePoint(text.codePointAt(end) ?? 0);
    if (!domainCharacter.test(character)) break;
    end += character.length;
  }
  // A dot at the end belongs to the sentence, or to the root of all domains.
  const labels = text
    .slice(start, end)
    .replace(/[.-]+$/, '')
    .split('.');
  const top = labels.at(-1) ?? '';
  return labels.length > 1 && labels.every((label) => label !== '') && topLevel.test(top) && !fileEnding.test(top);
};

const isSpace = (character: string): boolean => /\s/.test(character) && character !== '';
/** `ann @ example.com`: people write so many spaces at the most. */
const mostSpaces = 2;

/** Each `@` looks at so many characters behind it at the most, none of which is a `@`, so that the time grows with the length. */
const holdsMailAddress = (text: string): boolean => {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let end = at;
    while (at - end < mostSpaces && isSpace(text.charAt(end - 1))) end -= 1;
    let start = at + 1;
    while (start - at <= mostSpaces && isSpace(text.charAt(start))) start += 1;
    if (endsInLocalPart(text, end) && isDomain(text, start) && !isGit(text, end)) return true;
  }
  return false;
};

/** Numbers are never refused, because ids are numbers; a link to call somebody is a telephone number by its own word. */
const callLink = /(?:^|[^\p{L}\p{N}])(?:tel|sms|callto|whatsapp):(?:\/\/)?(?:send\?phone=)?\+?[\d(][\d\s().-]{4,}/iu;

/** An address in quoted-printable: `ann=40example.com`. In a query, `=40` is a value. */
const quotedPrintable = /=40(?=[A-Za-z])/;
/**
 * A word, or a part of a path, that may be ASCII in base64, of either alphabet: then the first of each four characters is one of
 * these 24, so that hardly any id or name is decoded.
 */
const base64Word = /(?<![A-Za-z0-9+_-])(?:[I-Za-f][A-Za-z0-9+/_-]{3}){3}[A-Za-z0-9+/_-]{0,1988}/g;
const printable = /^[\x20-\x7e\r\n\t]+$/;

const isAddressInBase64 = (word: string): boolean => {
  const read = Buffer.from(word, 'base64').toString('latin1');
  return read.includes('@') && printable.test(read) && holdsMailAddress(read);
};

/** `a@bc.de`, in base64. */
const shortestInBase64 = 12;

/** A slash is a character of base64, and it parts the segments of a path. */
const holdsInBase64 = (text: string): boolean => {
  for (const [word] of text.matchAll(base64Word)) {
    if (isAddressInBase64(word) || (word.includes('/') && word.split('/').some(isAddressInBase64))) return true;
  }
  return false;
};

/** No text of an event is longer than 2,048 characters. Of a longer one, which its schema refuses, the beginning is looked at. */
const longestText = 8_192;

/** One class of characters is fast: hardly any id or code has one of these. */
const hasSign = /[@%&\\=+([{<:]|[^ -~]/;
const mayHold = /@|%[0-9a-f]{2}|%u00|&|\\[ux]|=40|\+AEA|[([{<]\s?at\s?[)\]}>]|(?:tel|sms|callto|whatsapp):|[^ -~]/i;

const holdsPlainOrEncoded = (text: string): boolean => {
  const plain = plainText(text);
  if (plain.includes('@') && holdsMailAddress(plain)) return true;
  if (callLink.test(plain)) return true;
  return (
    quotedPrintable.test(plain) &&
    !/[?&]/.test(plain) &&
    holdsMailAddress(plain.replace(/=40/g, '@').replace(/=2E/g, '.'))
  );
};

/** Whether a text holds an e-mail address, or a telephone number as a link, in whatever common encoding. */
export const holdsAddress = (given: string): boolean => {
  const text = given.length > longestText ? given.slice(0, longestText) : given;
  if (hasSign.test(text) && mayHold.test(text) && holdsPlainOrEncoded(text)) return true;
  return text.length >= shortestInBase64 && holdsInBase64(text);
};

/** The name of a member, for a path that a receipt keeps: an address would name a person there too. */
export const memberName = (member: string): string => (holdsAddress(member) ? '(an e-mail address)' : member);

/** The path to the first address in the data; undefined if it holds none. */
export const addressIn = (value: unknown): readonly string[] | undefined => {
  if (typeof value === 'string') return holdsAddress(value) ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Object.keys(value)) {
    const path = holdsAddress(member) ? [] : addressIn(Reflect.get(value, member));
    if (path !== undefined) return [memberName(member), ...path];
  }
  return undefined;
};
