// Who notices whether we ask a stranger? A server that a token or a message names, which counts who comes.
import { createServer } from 'node:http';
import { foreign } from './tokenForge.ts';

export interface Stranger {
  readonly url: string;
  /** The paths that were asked for, by GET: other tests post to every port of this machine. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Starts a server that gives the forger's keys to whoever asks. */
export const startStranger = async (): Promise<Stranger> => {
  const asked: string[] = [];
  const jwk = { ...foreign.publicKey.export({ format: 'jwk' }), kid: 'stranger', alg: 'RS256', use: 'sig' };
  const server = createServer((request, response) => {
    if (request.method === 'GET') asked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stranger has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
