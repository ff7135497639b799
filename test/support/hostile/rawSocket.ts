// What does a server answer to exact bytes? A socket that sends them piece by piece, and tells all that came back until it was closed.
import { connect, type Socket } from 'node:net';

export interface RawSocket {
  readonly socket: Socket;
  /** All that has come so far. */
  received(): string;
  send(bytes: string | Buffer): void;
  /** Resolves with all that has come when it matches, or when the server has closed the connection. */
  until(expression: RegExp): Promise<string>;
  /** Resolves with all that has come when the connection is closed. */
  closed(): Promise<string>;
  /** Ends the connection at once, with a reset. */
  reset(): void;
}

/** Opens a connection to a URL's port. */
export const openRaw = async (url: string): Promise<RawSocket> => {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  let isOver = false;
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const each of [...waiting]) each();
  };
  const over = (): void => {
    isOver = true;
    look();
  };
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    look();
  });
  // A reset by the server is an end too.
  socket.on('error', over);
  socket.on('end', () => {
    socket.end();
    over();
  });
  socket.on('close', over);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const when = (is: () => boolean): Promise<string> =>
    new Promise((resolve) => {
      const each = (): void => {
        if (!is() && !isOver) return;
        waiting.delete(each);
        resolve(text);
      };
      waiting.add(each);
      each();
    });
  return {
    socket,
    received: () => text,
    send: (bytes) => void socket.write(bytes, typeof bytes === 'string' ? 'latin1' : undefined),
    until: (expression) => when(() => expression.test(text)),
    closed: () => when(() => false),
    reset: () => socket.resetAndDestroy(),
  };
};
