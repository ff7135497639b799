// What does a service answer to a request? It is sent over a connection that is kept, and given up after a time.
// leanCalls.ts calls it; it sends HTTP requests.
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as overHttp } from 'node:http';
import { Agent as HttpsAgent, request as overHttps } from 'node:https';

export interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly requestId: string | undefined;
  readonly text: string;
}

/** In milliseconds. */
export interface Patience {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
}

/** Gives a request up when its connection is not made in time. */
const limitConnecting = (sent: ClientRequest, within: number): void => {
  sent.once('socket', (socket) => {
    if (!socket.connecting) return;
    const tooLong = setTimeout(() => sent.destroy(new Error('no connection in time')), within);
    const stop = (): void => clearTimeout(tooLong);
    socket.once('connect', stop).once('close', stop);
  });
};

const collected = (answer: IncomingMessage, done: (text: string) => void, failed: (error: Error) => void): void => {
  const parts: Buffer[] = [];
  answer.on('data', (part: Buffer) => parts.push(part));
  answer.on('end', () => done(Buffer.concat(parts).toString('utf8')));
  answer.on('error', failed);
};

/** Makes a function that posts to an endpoint. It rejects where no whole answer comes in time. */
export const createPostText = ({ connectionTimeout, requestTimeout }: Patience) => {
  const kept = { keepAlive: true, maxSockets: 50 };
  const plain = new HttpAgent(kept);
  const secure = new HttpsAgent(kept);

  return ({ protocol, hostname, port }: URL, { headers, body }: Post): Promise<Answer> =>
    new Promise((answered, failed) => {
      const options = { host: hostname, port, method: 'POST', path: '/', headers };
      const sent =
        protocol === 'https:' ? overHttps({ ...options, agent: secure }) : overHttp({ ...options, agent: plain });
      const tooLong = setTimeout(() => sent.destroy(new Error('no answer in time')), requestTimeout);
      sent.on('close', () => clearTimeout(tooLong));
      sent.on('error', failed);
      sent.on('response', (answer) => {
        const id = answer.headers['x-amzn-requestid'];
        const requestId = typeof id === 'string' ? id : undefined;
        collected(answer, (text) => answered({ status: answer.statusCode ?? 0, requestId, text }), failed);
      });
      limitConnecting(sent, connectionTimeout);
      sent.end(body);
    });
};
