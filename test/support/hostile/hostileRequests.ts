// What would a hostile client send? Exact bytes, and how each request must end.

/** A request's head: a first line, and headers beside `host`. */
export const head = (line: string, ...headers: readonly string[]): string =>
  `${[line, 'host: localhost', ...headers].join('\r\n')}\r\n\r\n`;
export const close = 'connection: close';

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenWith = (header: object, payload: object = {}): string =>
  `authorization: Bearer ${base64({ alg: 'RS256', kid: 'local', ...header })}.${base64(payload)}.AAAA`;

export const megabyte = 1024 * 1024;
const tooLarge = Buffer.alloc(11 * megabyte, 'x').toString('latin1');

/** What is sent, and the status of the answer; `closed` where the connection ends without one. */
export type Row = readonly [name: string, sent: string, answered: number | 'closed'];

export const targets: readonly Row[] = [
  ['two slashes', head('GET // HTTP/1.1', close), 404],
  ['two slashes and a colon', head('GET //: HTTP/1.1', close), 404],
  ['a path like a host with a bad port', head('GET //localhost:99999999/x HTTP/1.1', close), 404],
  ['a broken IPv6 address', head('GET http://[::1 HTTP/1.1', close), 403],
  ['a whole URL', head('POST http://localhost/odd/echo HTTP/1.1', 'content-length: 0', close), 200],
  [
    'a whole URL of another host',
    head('POST http://elsewhere.example/odd/echo HTTP/1.1', 'content-length: 0', close),
    403,
  ],
  ['a whole URL with another scheme', head('GET ftp://localhost/x HTTP/1.1', close), 404],
  ['a scheme without a host', head('GET http:// HTTP/1.1', close), 403],
  ['an asterisk', head('OPTIONS * HTTP/1.1', close), 400],
  ['a broken percent sequence', head('POST /odd/%zz HTTP/1.1', 'content-length: 0', close), 500],
  ['a percent sequence that is no UTF-8', head('GET /nowhere/%ff%fe%c0%80 HTTP/1.1', close), 404],
  ['a NUL in percent form', head('GET /nowhere/%00 HTTP/1.1', close), 404],
  ['a backslash', head('GET \\nowhere HTTP/1.1', close), 400],
  ['a path of 12 KB', head(`GET /${'a'.repeat(12_000)} HTTP/1.1`, close), 404],
  ['a path of 40 KB', head(`GET /${'a'.repeat(40_000)} HTTP/1.1`, close), 431],
  ['a query of broken parts', head('POST /odd/echo?%&&&=&a=%zz&__proto__=x HTTP/1.1', 'content-length: 0', close), 200],
  ['a path with the names of JavaScript', head('GET /__proto__/constructor HTTP/1.1', close), 404],
];

export const methods: readonly Row[] = [
  ['TRACE', head('TRACE /odd/echo HTTP/1.1', close), 404],
  ['CONNECT', head('CONNECT localhost:80 HTTP/1.1'), 'closed'],
  ['an upgrade to WebSocket', head('GET /nowhere HTTP/1.1', 'connection: upgrade', 'upgrade: websocket'), 404],
  ['an upgrade to HTTP/2', head('GET /nowhere HTTP/1.1', 'connection: upgrade, http2-settings', 'upgrade: h2c'), 404],
  ['HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['HTTP/1.0', 'POST /odd/echo HTTP/1.0\r\nhost: localhost\r\ncontent-length: 4\r\n\r\nwell', 200],
  ['HTTP/1.0 without a host', 'POST /odd/echo HTTP/1.0\r\ncontent-length: 4\r\n\r\nwell', 403],
  [
    'HTTP/1.0 that expects a continue',
    'POST /odd/echo HTTP/1.0\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\nwell',
    200,
  ],
  ['HTTP/9.9', head('GET / HTTP/9.9'), 400],
  ['HTTP/0.9', 'GET /\r\n\r\n', 403],
  ['a method that nobody knows', head('BEND / HTTP/1.1'), 400],
  ['a greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['noise', Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 197) % 256)).toString('latin1'), 400],
  ['HEAD', head('HEAD /odd/echo HTTP/1.1', close), 404],
];

export const headers: readonly Row[] = [
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two hosts', head('GET / HTTP/1.1', 'host: other', close), 400],
  [
    'both lengths',
    `${head('POST /odd/echo HTTP/1.1', 'content-length: 4', 'transfer-encoding: chunked')}0\r\n\r\n`,
    400,
  ],
  ['two lengths', `${head('POST /odd/echo HTTP/1.1', 'content-length: 4', 'content-length: 5')}wells`, 400],
  ['a length below zero', head('POST /odd/echo HTTP/1.1', 'content-length: -1'), 400],
  ['a length beyond any number', head('POST /odd/echo HTTP/1.1', `content-length: ${'9'.repeat(30)}`), 400],
  ['a transfer encoding that nobody knows', head('POST /odd/echo HTTP/1.1', 'transfer-encoding: gzip', close), 400],
  ['a header without a colon', head('GET / HTTP/1.1', 'nonsense'), 400],
  ['a header with a NUL', head('GET / HTTP/1.1', 'x: a\0b'), 400],
  ['a header with a bare line feed', 'GET / HTTP/1.1\nhost: localhost\nx: y\n\n', 400],
  ['a folded header', head('GET /nowhere HTTP/1.1', 'x: a\r\n b', close), 400],
  ['60 KB of one header', head('GET / HTTP/1.1', `x: ${'a'.repeat(60_000)}`), 431],
  ['201 headers', head('GET / HTTP/1.1', ...Array.from({ length: 200 }, (_, index) => `x${index}: y`)), 431],
  ['10,000 headers', head('GET / HTTP/1.1', ...Array.from({ length: 10_000 }, (_, index) => `x${index}: y`)), 431],
  [
    'the names of JavaScript as headers',
    head('POST /odd/echo HTTP/1.1', '__proto__: x', 'constructor: y', 'content-length: 0', close),
    200,
  ],
  [
    'an expectation that nobody knows',
    `${head('POST /odd/echo HTTP/1.1', 'expect: a-miracle', 'content-length: 4', close)}well`,
    417,
  ],
  ['broken cookies', head('POST /odd/echo HTTP/1.1', 'cookie: ;;;=;; a', 'content-length: 0', close), 200],
];

export const bodies: readonly Row[] = [
  [
    'a chunk size that is no number',
    `${head('POST /odd/echo HTTP/1.1', 'transfer-encoding: chunked')}zz\r\nwell\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a chunk size beyond any number',
    `${head('POST /odd/echo HTTP/1.1', 'transfer-encoding: chunked')}${'f'.repeat(20)}\r\n`,
    400,
  ],
  [
    'a chunk shorter than it says',
    `${head('POST /odd/echo HTTP/1.1', 'transfer-encoding: chunked')}2\r\nwell\r\n0\r\n\r\n`,
    400,
  ],
  [
    '30 KB of chunk extensions',
    `${head('POST /odd/echo HTTP/1.1', 'transfer-encoding: chunked')}4;${'a'.repeat(30_000)}\r\nwell\r\n0\r\n\r\n`,
    413,
  ],
  [
    '60 KB of trailers',
    head('POST /odd/echo HTTP/1.1', 'transfer-encoding: chunked') +
      `4\r\nwell\r\n0\r\nx: ${'a'.repeat(60_000)}\r\n\r\n`,
    431,
  ],
  [
    'an announced body that is too large',
    head('POST /odd/echo HTTP/1.1', `content-length: ${11 * megabyte}`, close),
    413,
  ],
  [
    'a body that turns out to be too large',
    head('POST /odd/echo HTTP/1.1', 'transfer-encoding: chunked', close) +
      `${(11 * megabyte).toString(16)}\r\n${tooLarge}\r\n0\r\n\r\n`,
    413,
  ],
  [
    'a large body that asks first',
    head('POST /odd/echo HTTP/1.1', 'expect: 100-continue', `content-length: ${11 * megabyte}`),
    413,
  ],
  [
    'a body that asks first on a route that is not there',
    head('POST /nowhere HTTP/1.1', 'expect: 100-continue', 'content-length: 4'),
    404,
  ],
  ['a head that is never finished', 'GET / HTTP/1.1\r\nhost: localhost\r\nx: ', 408],
  ['a body that is never finished', `${head('POST /odd/echo HTTP/1.1', 'content-length: 100')}begun`, 408],
  [
    'a chunked body that is never finished',
    `${head('POST /odd/echo HTTP/1.1', 'transfer-encoding: chunked')}4\r\nwell\r\n`,
    408,
  ],
  [
    'a form that is never finished',
    `${head('POST / HTTP/1.1', 'content-type: application/x-www-form-urlencoded', 'content-length: 100')}a=`,
    404,
  ],
];

export const tokens: readonly Row[] = [
  ['no token', head('GET /v1/x HTTP/1.1', close), 401],
  ['only dots', head('GET /v1/x HTTP/1.1', 'authorization: Bearer ..', close), 401],
  [
    'a header that can’t be echoed',
    head('GET /v1/x HTTP/1.1', tokenWith({ crit: ['中\r\nset-cookie: a=b'] }), close),
    401,
  ],
  ['a header with quotes', head('GET /v1/x HTTP/1.1', tokenWith({ crit: ['"\\"', '\u0000'] }), close), 401],
  ['an algorithm that can’t be echoed', head('GET /v1/x HTTP/1.1', tokenWith({ alg: '中\n' }), close), 401],
  ['no algorithm', head('GET /v1/x HTTP/1.1', tokenWith({ alg: 'none' }), close), 401],
  ['a key that nobody knows', head('GET /v1/x HTTP/1.1', tokenWith({ kid: '中\n'.repeat(50) }), close), 401],
  [
    'a header that is a list',
    head('GET /v1/x HTTP/1.1', `authorization: Bearer ${base64([])}.${base64({})}.AAAA`, close),
    401,
  ],
  [
    'claims that are no object',
    head('GET /v1/x HTTP/1.1', `authorization: Bearer ${base64({ alg: 'RS256' })}.${base64(null)}.AAAA`, close),
    401,
  ],
  ['bytes beyond ASCII', head('GET /v1/x HTTP/1.1', 'authorization: Bearer \xe4\xff.\xfe.\xfd', close), 401],
  ['a token of 12 KB', head('GET /v1/x HTTP/1.1', `authorization: Bearer ${'a'.repeat(12_000)}`, close), 401],
  ['two tokens', head('GET /v1/x HTTP/1.1', 'authorization: Bearer a', 'authorization: Bearer b', close), 401],
];

const fromFunctions = (path: string, status: number): Row => [
  `POST /odd/${path}`,
  head(`POST /odd/${path} HTTP/1.1`, 'content-length: 0', close),
  status,
];
export const functions: readonly Row[] = [
  fromFunctions('lineBreak', 500),
  fromFunctions('wideHeader', 500),
  fromFunctions('oddName', 500),
  fromFunctions('lengths', 200),
  fromFunctions('informs', 500),
  fromFunctions('noBody', 204),
  fromFunctions('cyclic', 500),
  fromFunctions('throws', 500),
  fromFunctions('nothing', 500),
  fromFunctions('rejectsLater', 500),
  fromFunctions('throwsLater', 500),
  fromFunctions('exits', 500),
  fromFunctions('eats', 500),
];
