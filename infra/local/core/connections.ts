// Which connection is closed where a listener has as many as it may have? One that waits for nothing, so that a new caller is not kept out.
// The listeners of the runtime call it; it closes sockets.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Held {
  /** The requests on it that are not answered yet. */
  readonly underWay: Set<IncomingMessage>;
}

export interface Connections {
  /** Notes a new connection, and closes another one (or this one) where there are too many. */
  add(socket: Socket): void;
  /** Notes a request until it is answered; answers how many of its connection are under way. */
  begin(request: IncomingMessage, response: ServerResponse): number;
}

const busy = 'HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

/**
 * Holds at most so many connections. Where one more comes, the longest idle one is closed: a keep-alive connection between two
 * requests, or one that hasn't sent a whole head. Then one whose request still sends its body. If all wait for an answer, the new
 * one is answered 503.
 */
export function createConnections(most: number): Connections {
  // In the order of their last use.
  const held = new Map<Socket, Held>();

  const victim = (): Socket | undefined => {
    for (const [socket, { underWay }] of held) if (underWay.size === 0) return socket;
    for (const [socket, { underWay }] of held) {
      if ([...underWay].every((request) => !request.complete)) return socket;
    }
    return undefined;
  };

  return {
    add(socket) {
      if (held.size >= most) {
        const closed = victim();
        if (closed === undefined) {
          // Its reading side stays closed: nothing that it sends is worked on.
          socket.end(busy);
          socket.destroySoon();
          return;
        }
        held.delete(closed);
        closed.destroy();
      }
      held.set(socket, { underWay: new Set() });
      socket.once('close', () => held.delete(socket));
    },
    begin(request, response) {
      const { socket } = request;
      const known = held.get(socket);
      if (known === undefined) return 1;
      known.underWay.add(request);
      response.once('close', () => {
        known.underWay.delete(request);
        if (known.underWay.size > 0 || !held.delete(socket)) return;
        held.set(socket, known);
      });
      return known.underWay.size;
    },
  };
}
