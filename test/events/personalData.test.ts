// Is an address in data found, in whatever form it is written, and is its path told without the address itself?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressIn, holdsAddress } from '../../events/personalData.ts';
import { plainText } from '../../events/plainText.ts';

it.each([
  [{ a: [{ b: 'ask ann@example.com' }] }, ['a', '0', 'b']],
  [{ a: { 'ann@example.com': 1 } }, ['a', '(an e-mail address)']],
  [{ a: 'https://example.com/ann@example.com' }, ['a']],
  [{ a: 'https://example.com/people/7', b: 'at @ noon' }, undefined],
])('the path in %j', (data, path) => {
  expect(addressIn(data)).toEqual(path);
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('an address', () => {
  it.each([
    ['plain', 'ann@example.com'],
    ['in capitals', 'ANN.SMITH@EXAMPLE.COM'],
    ['with a tag', 'ann+crm@mail.example.co.uk'],
    ['with a name', 'Ann Smith <ann@example.com>'],
    ['in a list', 'a;ann@example.com,b'],
    ['at the end of a sentence', 'ask ann@example.com.'],
    ['with a quoted local part', '"ann smith"@example.com'],
    ['with a local part that ends in a sign', 'ann_@example.com'],
    ['of a domain with letters of another script', 'ann@bücher.example'],
    ['of another script', '安娜@例え.テスト'],
    ['in mathematical letters', '𝐚𝐧𝐧@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦'],
    ['with a combining mark', 'jose\u0301@example.com'],
    ['of a domain in punycode', 'ann@xn--e1afmkfd.xn--p1ai'],
    ['of an IP address', 'ann@[192.0.2.1]'],
    ['of an IPv6 address', 'ann@[IPv6:2001:db8::1]'],
    ['as a link', 'mailto:ann@example.com?subject=hi'],
    ['as an account', 'acct:ann@social.example'],
    ['as a name in an XMPP or SIP link', 'sip:ann@voice.example.com'],
    ['as userinfo of a URL', 'https://ann@example.com/files'],
    ['as userinfo with a password', 'https://ann:secret@crm.example.com'],
    ['in a path of a URL', 'https://example.com/users/ann@example.com/edit'],
    ['in a query', 'https://example.com/?user=ann@example.com&x=1'],
    ['in a query, with a percent sign', 'https://example.com/?user=ann%40example.com'],
    ['in a fragment', 'https://example.com/#ann@example.com'],
    ['with every letter percent-encoded', '%61%6e%6e%40%65%78%61%6d%70%6c%65%2e%63%6f%6d'],
    ['percent-encoded twice', 'ann%2540example.com'],
    ['percent-encoded many times', 'ann%25252540example%25252ecom'],
    ['percent-encoded, full width', 'ann%EF%BC%A0example.com'],
    ['percent-encoded in the old way of JavaScript', 'ann%u0040example.com'],
    ['with a numeric entity', 'ann&#64;example.com'],
    ['with a numeric entity with zeros', 'ann&#0064;example&#46;com'],
    ['with a hexadecimal entity', 'ann&#x40;example.com'],
    ['with an entity that does not end', 'ann&#64example.com'],
    ['with a named entity', 'ann&commat;example&period;com'],
    ['with an entity that was encoded again', 'ann&amp;#64;example.com'],
    ['with an escape of JSON', 'ann\\u0040example.com'],
    ['with an escape of JavaScript', 'ann\\x40example.com'],
    ['with a code point', 'ann\\u{40}example.com'],
    ['in quoted-printable', 'ann=40example.com'],
    ['in UTF-7', 'ann+AEA-example.com'],
    ['with a full-width sign', 'ann＠example.com'],
    ['in full width throughout', 'ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
    ['with a small sign', 'ann﹫example.com'],
    ['with ideographic dots', 'ann@example。com'],
    ['with zero-width characters inside', 'a\u200bnn\u200d@\u2060example\ufeff.com'],
    ['with soft hyphens', 'ann@exam\u00adple.c\u00adom'],
    ['with marks of direction', '\u202eann@example.com\u202c'],
    ['with a selector of variants', 'ann@\ufe0fexample.com'],
    ['with spaces around the sign', 'ann @ example.com'],
    ['with a no-break space', 'ann\u00a0@\u00a0example.com'],
    ['with words for the signs', 'ann (at) example (dot) com'],
    ['with words in brackets', 'ann[at]example.com'],
    ['in base64', base64('ann@example.com')],
    ['in base64 with a name', base64('Ann Smith <ann@example.com>')],
    ['in the payload of a token', `eyJhbGciOiJub25lIn0.${base64('{"email":"ann@example.com"}').replaceAll('=', '')}.`],
    ['in JSON', '{"mail":"ann@example.com"}'],
    ['behind a package', '@acme/pkg ann@example.com'],
    ['a telephone number as a link', 'tel:+47-22-12-34-56'],
    ['a telephone number in a query', 'https://example.com/?u=sms:+4722123456'],
  ])('is found: %s', (_, text) => {
    expect(holdsAddress(text)).toBe(true);
  });

  it.each([
    ['a package', '@acme/pkg'],
    ['a package with its version', '@acme/pkg@1.2.3'],
    ['a package with a version before release', 'react@18.2.0-rc.1'],
    ['a package of a URL', 'https://unpkg.com/react@18.2.0/umd/react.js'],
    ['a package URL', 'pkg:npm/%40acme/pkg@1.2.3'],
    ['an archive of a package', 'react@18.2.0.tgz'],
    ['an image for dense screens', 'user@2x.png'],
    ['an image in a path', '/img/logo@3x.webp'],
    ['a handle', '@acme'],
    ['a handle in a URL', 'https://medium.example/@ann/a-post'],
    ['a place on a map', 'https://maps.example/@59.91,10.75,15z'],
    ['a time', 'meet @ 9.30'],
    ['a price', '10 @ 4.99'],
    ['a host without a domain', 'root@localhost'],
    ['a digest of an image', 'registry.example/app@sha256:0a1b2c3d4e5f'],
    ['a repository', 'git@github.com:acme/app.git'],
    ['a repository as a URL', 'ssh://git@github.com/acme/app.git'],
    ['an instant', 'deploy@2026-01-05T10:00:00.000Z'],
    ['an amount in a query', 'https://example.com/?limit=40&sort=a.name'],
    ['forty at a query', 'https://example.com/?x=40acme.com&y=1'],
    ['an id of digits', '4722123456'],
    ['an id that looks like a telephone number', '+47 22 12 34 56'],
    ['a purchase order', 'PO-0047-2212-3456'],
    ['a UUID', '6f1c1d0e-6a2b-5d0c-9b1e-7f4e2a9c5d31'],
    ['an id of Salesforce', '006Aa00000XyZ12IAF'],
    ['an id in base64', 'Z2lkOi8vc2hvcGlmeS9Qcm9kdWN0LzE='],
    ['a company', 'Müller & Söhne GmbH'],
    ['a company with a sign', 'AT&T'],
    ['a share', '40% of 2.5'],
    ['an encoded space', 'https://example.com/Value%20Report%20Q1.pdf'],
    ['an ARN', 'arn:aws:sns:eu-north-1:123456789012:topic'],
    ['a word at a place', 'signed (at) noon'],
    ['a word that begins as a link to call', 'hotel:12345 tel:'],
    ['no text at all', ''],
  ])('is not found in %s', (_, text) => {
    expect(holdsAddress(text)).toBe(false);
  });

  const letters = (size: number) =>
    fc.string({ unit: fc.constantFrom(...'abcxyz0189'), minLength: 1, maxLength: size });
  const address = fc.tuple(letters(12), letters(12), fc.constantFrom('com', 'no', 'io', 'co.uk', 'example'));
  const signs = [
    '@',
    '＠',
    '﹫',
    '%40',
    '%2540',
    '&#64;',
    '&#x40;',
    '&commat;',
    '\\u0040',
    '\\x40',
    ' (at) ',
    '@\u200b',
    '\u2060@',
  ];
  const around = ['', 'https://a.example/?q=', 'mailto:', 'Ask ', '<', '"', '／', 'x/'];

  it('is found with every sign and in every surrounding', () => {
    fc.assert(
      fc.property(
        address,
        fc.constantFrom(...signs),
        fc.constantFrom(...around),
        ([local, name, top], sign, before) => {
          expect(holdsAddress(`${before}${local}${sign}${name}.${top}`)).toBe(true);
        },
      ),
    );
  });

  it('is never found in numbers, UUIDs, dates and codes', () => {
    const code = fc.string({ unit: fc.constantFrom(...'ABCabc019 -_/.:#'), maxLength: 40 });
    const plain = fc.oneof(
      fc.integer().map(String),
      fc.uuid(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      code,
    );
    fc.assert(
      fc.property(plain, (text) => {
        expect(holdsAddress(text)).toBe(false);
      }),
    );
  });
});

/** At a mebibyte of each, work that grows with the square of the length would not end within the time of a test. */
describe('a hostile text is read in time that grows with its length', () => {
  const mebibyte = 2 ** 20;
  it.each([
    '@',
    'a@',
    'a@b',
    'a@b.',
    'a@bb.c',
    'a @ ',
    '  ',
    '%',
    '%25',
    '25',
    '%40',
    '&#',
    '&#0',
    '&#64',
    '&amp;',
    '\\u00',
    '(at',
    '( at ) ',
    '(',
    '"',
    '"a',
    'tel:',
    'tel:1',
    'tel:(((((',
    'aB',
    'aB1',
    'aB ',
    'YW5uQGV4YW1wbGU',
    'aB/',
    'YW5uQGV4YW1wbGUu/',
    '=40',
    '＠',
    'a\u0301',
    '\u0316\u0301',
    '\u200b',
    '.',
    'git',
    '[IPv6:',
    '\u{1d41a}',
  ])('%j', (part) => {
    const text = part.repeat(Math.ceil(mebibyte / part.length));
    for (const hostile of [text, `${text}@`, `@${text}`, `%40${text}`]) {
      holdsAddress(hostile);
      plainText(hostile);
    }
  });
});
