// On which port does a server of the runtime listen, and what may its clients not do? Every client is bounded, and no request ends more than itself.
// The runtime calls it; it listens on a port of the loopback interface.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createConnections } from './connections.ts';
import { refuse } from './refusal.ts';
import { RequestGone } from './requestBody.ts';
import { inRequest, nameOf } from './requestScope.ts';

/** Answers requests; where it throws or rejects, the request is answered 500 and its error is told. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** A handler with its own path, beside the AWS endpoints. */
export interface PathServer {
  takes(request: IncomingMessage): boolean;
  serve: Answering;
  close(): void;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Replaces the handler of requests. */
  serve(answering: Answering): void;
  close(): Promise<void>;
}

/** What a client of a listener may do; times in milliseconds. */
export interface ClientBounds {
  /** Until the head of a request is complete. */
  readonly head: number;
  /** Until the whole request is complete. */
  readonly request: number;
  /** How often the two are checked. */
  readonly check: number;
  /** Without a byte in either direction while a request is under way, 0: for ever. A client that doesn't read its answer ends here. */
  readonly silence: number;
  /** Between two requests of a connection. */
  readonly keepAlive: number;
  readonly headBytes: number;
  readonly headers: number;
  readonly connections: number;
  /** Requests that one connection has sent ahead, without waiting for their answers. */
  readonly ahead: number;
}

export const usualBounds: ClientBounds = {
  head: 10_000,
  request: 30_000,
  check: 1_000,
  silence: 0,
  keepAlive: 60_000,
  headBytes: 16_384,
  headers: 200,
  connections: 1_000,
  ahead: 16,
};

export interface ListenOptions {
  readonly port: number;
  /** Receives the error of a request, with the request's name. */
  readonly log: (line: string) => void;
  readonly bounds?: Partial<ClientBounds> | undefined;
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

const soon: Answering = (_, response) => plainly(response, 503, 'The runtime is starting.', { 'retry-after': '1' });

/** Answers without the handler: a status, and why. */
function plainly(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ message }));
}

/** Whether a request has a header more than once; Node keeps the first one only. */
const isTwice = (name: string, { rawHeaders }: IncomingMessage): boolean =>
  rawHeaders.filter((each, index) => index % 2 === 0 && each.toLowerCase() === name).length > 1;

/** Ends a request whose handler failed; a client that has gone is no failure. */
function failed(error: unknown, response: ServerResponse, tell: (why: string) => void): void {
  if (!(error instanceof RequestGone)) tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (response.headersSent) response.destroy();
  else if (!response.destroyed) plainly(response, 500, 'Internal Server Error');
}

function boundedServer(bounds: ClientBounds, log: (line: string) => void, answering: () => Answering): Server {
  const connections = createConnections(bounds.connections);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const ahead = connections.begin(request, response);
    if (request.rawHeaders.length / 2 > bounds.headers) {
      plainly(response, 431, `A request may have ${bounds.headers} headers.`, { connection: 'close' });
    } else if (isTwice('host', request)) {
      plainly(response, 400, 'A request names one host.', { connection: 'close' });
    } else if (ahead > bounds.ahead) {
      plainly(response, 503, 'Too many requests wait on this connection.', { 'retry-after': '1' });
    } else await answering()(request, response);
  };
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const name = nameOf(request);
    inRequest(name, () => {
      answer(request, response).catch((error: unknown) =>
        failed(error, response, (why) => log(`${name} could not be answered: ${why}`)),
      );
    });
  };
  const server = createServer({
    keepAliveTimeout: bounds.keepAlive,
    headersTimeout: bounds.head,
    requestTimeout: bounds.request,
    connectionsCheckingInterval: bounds.check,
    maxHeaderSize: bounds.headBytes,
  });
  // Node leaves out, without a word, the headers beyond its own limit.
  server.maxHeadersCount = 0;
  server.timeout = bounds.silence;
  server.on('connection', connections.add);
  server.on('request', begin);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // A client that is refused may send its body all the same, or leave it out: only a new connection is clear.
    response.shouldKeepAlive = false;
    begin(request, response);
  });
  return server;
}

/** Listens on a port of the loopback interface; 0 takes a free one. Requests are answered with 503 until a handler is set. */
export async function listen({ port, log, bounds }: ListenOptions): Promise<Listening> {
  let current = soon;
  const server = boundedServer({ ...usualBounds, ...bounds }, log, () => current);
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
  server.on('error', (error) => log(`Port ${port}: ${error.message}`));
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    serve(answering) {
      current = answering;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
