// How is a request's body read? Whole, within its own limit and within the memory that all bodies may take together.
// The listeners of the runtime call it; it reads the request's socket.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The client has gone before its request was complete: nobody waits for an answer. */
export class RequestGone extends Error {
  override readonly name = 'RequestGone';
}

/** How many bytes the bodies of all requests may take at once. */
export interface BodyRoom {
  /** Answers whether so many more bytes fit; those within a request's own share always do. */
  take(bytes: number): boolean;
  free(bytes: number): void;
}

/** Every request may have so many bytes of its body in memory, whatever the others send. */
const ownShare = 256 * 1024;

export function createBodyRoom(most: number): BodyRoom {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > most) return false;
      taken += bytes;
      return true;
    },
    free(bytes) {
      taken -= bytes;
    },
  };
}

export type ReceivedBody =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly why: 'tooLarge' | 'noRoom' };

export interface BodyOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The most bytes of this body. */
  readonly most: number;
  /** Absent: its own limit is the only one. */
  readonly room?: BodyRoom;
}

/**
 * The whole body. It answers at once where the body is announced, or turns out, to be larger than allowed: what still comes is
 * thrown away. Rejects with `RequestGone` where the client goes before the end.
 */
export function bodyOf({ request, response, most, room }: BodyOptions): Promise<ReceivedBody> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > most) return Promise.resolve({ ok: false, why: 'tooLarge' });
  // The client has asked whether it may send the body.
  if (request.headers.expect !== undefined && request.httpVersion === '1.1') response.writeContinue();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let shared = 0;
    const gone = (): void => reject(new RequestGone('The client went before its request was complete.'));
    const refuse = (why: 'tooLarge' | 'noRoom'): void => {
      chunks.length = 0;
      request.off('data', collect);
      request.resume();
      resolve({ ok: false, why });
    };
    /** The body is in memory until its request is answered, or its connection ends: an answer that waits behind others has no end of its own. */
    const freeAtEnd = (): void => {
      const free = (): void => {
        response.off('close', free);
        request.socket.off('close', free);
        room?.free(shared);
      };
      response.once('close', free);
      request.socket.once('close', free);
    };
    /** Whether the bytes beyond the request's own share fit beside those of the others. */
    const fits = (): boolean => {
      const more = Math.max(0, length - ownShare) - shared;
      if (more === 0 || room === undefined) return true;
      if (!room.take(more)) return false;
      if (shared === 0) freeAtEnd();
      shared += more;
      return true;
    };
    const collect = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > most) refuse('tooLarge');
      else if (fits()) chunks.push(chunk);
      else refuse('noRoom');
    };
    request.on('data', collect);
    request.once('end', () => {
      // Every request closes after its end; to make an error each time would take as long as to read the body.
      request.off('close', gone);
      resolve({ ok: true, body: Buffer.concat(chunks) });
    });
    request.once('error', gone);
    request.once('close', gone);
  });
}
