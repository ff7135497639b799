// How does a test send a request that no client would: with any header, twice the same, or with a target of its own?
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends these lines as they are, and reads the answer until the server closes. */
export async function rawRequest(url: string, lines: readonly string[], body = ''): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const length = `content-length: ${Buffer.byteLength(body)}`;
  socket.end(`${[...lines, length, 'connection: close'].join('\r\n')}\r\n\r\n${body}`);
  const answer = await text(socket);
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const [first = '', ...headers] = head.split('\r\n');
  const read = headers.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.replace(/^[^:]*: */, '')] as const);
  return { status: Number(first.split(' ')[1] ?? 0), headers: new Map(read), body: rest.join('\r\n\r\n') };
}
