// Where do the lines go that functions print? Into a file; while it can't be written, they are counted and left out, and nothing else stops.
// `npm start` calls it; it appends to the file.
import { createWriteStream, type WriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { privateMode } from './privateFile.ts';

export interface OutputFile {
  write(text: string): void;
  /** Resolves when all is written, or can't be. */
  end(): Promise<void>;
}

/** Milliseconds between two tries to open the file again. */
const retryAfter = 1_000;

/** Opens a file to append to. */
export function openOutputFile(options: {
  readonly path: string;
  readonly log: (line: string) => void;
  readonly now?: () => number;
}): OutputFile {
  const { path, log, now = () => performance.now() } = options;
  let stream: WriteStream | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let left = 0;

  function open(): WriteStream {
    const opened = createWriteStream(path, { flags: 'a', mode: privateMode.file });
    opened.once('error', (error) => {
      if (left === 0)
        log(`${resolve(path)} can't be written: ${error.message}. What functions print is left out until it can.`);
      if (stream === opened) stream = undefined;
      failedAt = now();
      left += 1;
    });
    if (left > 0) {
      opened.write(`(${left} lines or more are missing here: the file could not be written)\n`, (error) => {
        if (error === null || error === undefined) left = 0;
      });
    }
    return opened;
  }

  return {
    write(text) {
      if (stream === undefined && now() - failedAt < retryAfter) {
        left += 1;
        return;
      }
      stream ??= open();
      stream.write(text);
    },
    end: () =>
      new Promise((resolved) => {
        if (stream === undefined || stream.destroyed) return resolved();
        stream.once('close', resolved);
        stream.end();
      }),
  };
}
