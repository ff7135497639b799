// What might a sender sign that nobody should have to read? Every kind of encoding, size and nesting.
import { gzipSync } from 'node:zlib';
import { bytesOf, type SenderKind } from './webhookSender.ts';

export interface BodyKind {
  readonly name: string;
  readonly body: (sender: SenderKind) => Buffer;
  /** The status of the answer; kept: the one that the source's senders expect, and a receipt. */
  readonly due: 'kept' | 400 | 413;
  readonly headers?: Readonly<Record<string, string>>;
}

export const mebibyte = 1024 * 1024;

const kind = (
  name: string,
  content: (sender: SenderKind) => unknown,
  due: BodyKind['due'] = 'kept',
  headers?: BodyKind['headers'],
): BodyKind => ({
  name,
  body: (sender) => {
    const made = content(sender);
    return Buffer.isBuffer(made) ? made : bytesOf(made);
  },
  due,
  ...(headers !== undefined && { headers }),
});

const text = (sender: SenderKind, id = 'odd'): string => JSON.stringify(sender.message(id));
/** The honest message with one more field, as text: JSON.parse would lose what is odd about it. */
const withField = (sender: SenderKind, field: string, id = 'odd'): string => `{${field},${text(sender, id).slice(1)}`;
const padded = (sender: SenderKind, bytes: number): string => {
  const made = withField(sender, '"pad":""');
  return made.replace('"pad":""', `"pad":"${'x'.repeat(bytes - made.length)}"`);
};
const type = (contentType: string): BodyKind =>
  kind(`the content type ${contentType}`, (sender) => text(sender, 'typed'), 'kept', { 'content-type': contentType });

const encodings: readonly BodyKind[] = [
  kind('a byte order mark', (sender) => `\ufeff${text(sender)}`),
  kind('UTF-16 with a byte order mark', (sender) => Buffer.from(`\ufeff${text(sender)}`, 'utf16le'), 400),
  kind('UTF-16 without one', (sender) => Buffer.from(text(sender), 'utf16le')),
  kind('a letter in Latin 1', (sender) => Buffer.from(withField(sender, '"name":"é"'), 'latin1'), 400),
  kind('bytes that are no text', () => Buffer.from([0xff, 0xfe, 0xfd, 0x00, 0x80]), 400),
  kind('an overlong encoding', (sender) => Buffer.concat([bytesOf(text(sender)), Buffer.from([0xc0, 0xaf])]), 400),
  kind(
    'half of a surrogate pair, in bytes',
    (sender) => Buffer.concat([bytesOf(text(sender)), Buffer.from([0xed, 0xa0, 0x80])]),
    400,
  ),
  kind('a cut letter', (sender) => Buffer.concat([bytesOf(text(sender)), Buffer.from([0xe6, 0xbc])]), 400),
  kind('gzip', (sender) => gzipSync(text(sender)), 400, { 'content-encoding': 'gzip' }),
  kind('gzip of a gigabyte of zeros, begun', () => gzipSync(Buffer.alloc(50 * mebibyte)), 400, {
    'content-encoding': 'gzip',
  }),
  kind('a content encoding that is not used', (sender) => text(sender), 'kept', { 'content-encoding': 'br' }),
  kind('base64', (sender) => Buffer.from(text(sender)).toString('base64'), 'kept', {
    'content-transfer-encoding': 'base64',
  }),
  kind('half of a surrogate pair, escaped', (sender) => withField(sender, '"name":"\\ud800","x\\udc00":1')),
  kind('nulls, escaped', (sender) => withField(sender, '"name":"a\\u0000b","\\u0000":1')),
  kind('nulls', (sender) => `${text(sender)}\u0000\u0000`),
  ...[
    'text/plain',
    'application/octet-stream',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json; charset="a b"',
    'x',
    '*/*',
    'application/cloudevents-batch+json',
    'application/x-www-form-urlencoded',
  ].map(type),
];

const nested = (sender: SenderKind, open: string, close: string, levels: number): string =>
  withField(sender, `"deep":${open.repeat(levels)}1${close.repeat(levels)}`);

const shapes: readonly BodyKind[] = [
  ...[
    '',
    ' ',
    'null',
    'true',
    '7',
    '"x"',
    '[]',
    '{}',
    '[[]]',
    '[{}]',
    '[null]',
    '{"id":null}',
    '{',
    '{"a":1}{"b":2}',
    "{'a':1}",
    'NaN',
    '// x\n{}',
  ].map((body) => kind(`the body ${JSON.stringify(body)}`, () => body)),
  kind('60 levels', (sender) => nested(sender, '[', ']', 60)),
  kind('10,000 levels of lists', (sender) => nested(sender, '[', ']', 10_000)),
  kind('10,000 levels of objects', (sender) => nested(sender, '{"a":', '}', 10_000)),
  kind('500,000 lists that are never closed', () => '['.repeat(500_000)),
  kind('500,000 objects that are never closed', () => '{"":'.repeat(200_000)),
  kind('a list of 200,000 numbers', (sender) => withField(sender, `"list":[${'1,'.repeat(200_000)}1]`)),
  kind('20,000 keys', (sender) =>
    withField(sender, Array.from({ length: 20_000 }, (_, index) => `"k${index}":1`).join()),
  ),
  kind('a key of 500,000 letters', (sender) => withField(sender, `"${'k'.repeat(500_000)}":1`)),
  kind('an id of 100,000 letters', (sender) => withField(sender, '"pad":1', 'i'.repeat(100_000))),
  kind('an id of 1,000 letters of three bytes', (sender) => text(sender, '漢'.repeat(1000))),
  kind('a number of 100,000 digits', (sender) => withField(sender, `"n":${'9'.repeat(100_000)}`)),
  kind('a fraction of 100,000 digits', (sender) => withField(sender, `"n":0.${'9'.repeat(100_000)}`)),
  kind('numbers beyond all numbers', (sender) => withField(sender, '"n":1e999,"m":-1e999,"z":-0,"e":1e-999')),
  kind('the same key twice', (sender) => withField(sender, '"id":"first","type":"first"')),
  kind('__proto__', (sender) =>
    withField(sender, '"__proto__":{"type":"x","active":true},"constructor":{"prototype":{"a":1}}'),
  ),
  kind('__proto__ in data', (sender) =>
    text(sender, 'proto').replace('"data":{', '"data":{"__proto__":{"result":"won"},"constructor":1,"toString":null,'),
  ),
  kind('fields of ours', (sender) =>
    withField(
      sender,
      '"tenantId":"rival","streamId":"rival/engagement/x","saidBy":{"role":"vendor"},"recordedAt":"2020-01-01T00:00:00Z","receiptId":"x"',
    ),
  ),
  kind('another tenant as its subject', (sender) =>
    text(sender, 'subject').replace('engagement/REF-subject', 'rival/engagement/x'),
  ),
  kind(
    'other types than text',
    () =>
      '{"specversion":1,"id":{},"source":[],"type":7,"object":"event","created":"x","livemode":"no","data":7,"time":false,"subject":{}}',
  ),
  kind('times that are none', (sender) =>
    text(sender, 'time')
      .replace('2026-03-01T09:00:00Z', '2026-02-30T25:61:61Z')
      .replace(/"created":\d+/, '"created":-1e308'),
  ),
];

const sizes: readonly BodyKind[] = [
  kind('1 MiB', (sender) => padded(sender, mebibyte)),
  kind('1 MiB and a byte', (sender) => padded(sender, mebibyte + 1), 413),
  kind('5 MiB', (sender) => padded(sender, 5 * mebibyte), 413),
  kind('11 MiB', (sender) => padded(sender, 11 * mebibyte), 413),
  kind('1 MiB that hardly compresses', (sender) => {
    const noise = Array.from({ length: 8000 }, (_, index) => (Math.sin(index) * 1e16).toString(36)).join('');
    return withField(sender, `"noise":"${noise.repeat(20).slice(0, 900_000)}"`);
  }),
];

export const bodyKinds: readonly BodyKind[] = [...encodings, ...shapes, ...sizes];
