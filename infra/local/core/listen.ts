// On which port does a server of the runtime listen, and how is it closed without waiting for idle connections?
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { refuse } from './refusal.ts';

/** What answers requests under a path of its own, beside the endpoints of AWS. */
export interface PathServer {
  takes(request: IncomingMessage): boolean;
  serve(request: IncomingMessage, response: ServerResponse): void;
  close(): void;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Replaces what answers requests. */
  serve(listener: RequestListener): void;
  close(): Promise<void>;
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Listens on a port of this machine alone; 0 takes a free one. Until something is served, requests are answered 503. */
export async function listen(port: number): Promise<Listening> {
  let current: RequestListener = (_, response) => {
    response.writeHead(503, { 'retry-after': '1' });
    response.end();
  };
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => current(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  }).catch((error: unknown) => {
    if (isTaken(error)) {
      refuse(
        `Port ${port} of this machine is taken. Start on another one with --port N, or on any with --port 0.`,
        error,
      );
    }
    throw error;
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    serve(listener) {
      current = listener;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
