// On which port does a server of the runtime listen, and how is it closed without waiting for idle connections?
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { refuse } from './refusal.ts';

/** A handler with its own path, beside the AWS endpoints. */
export interface PathServer {
  takes(request: IncomingMessage): boolean;
  serve(request: IncomingMessage, response: ServerResponse): void;
  close(): void;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Replaces the handler of requests. */
  serve(listener: RequestListener): void;
  close(): Promise<void>;
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Listens on a port of the loopback interface; 0 takes a free one. Requests are answered with 503 until a handler is set. */
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
        `Port ${port} of this machine is in use. Start on another port with --port N, or on any free port with --port 0.`,
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
