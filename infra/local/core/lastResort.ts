// What happens to an error that nothing has caught? One of a request, or of a connection, ends only that; any other ends the process, by name.
// `npm start` installs it; it listens to the process.
import { currentRequest } from './requestScope.ts';
import { storageFault } from './storageFault.ts';

export interface LastResortOptions {
  readonly dataDir: string;
  readonly log: (line: string) => void;
  /** Ends the process with the exit code. */
  readonly end: (code: number) => void;
}

/** The codes of errors by which only a connection ends, or a terminal that was closed. */
const ofConnections = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  'EHOSTUNREACH',
]);

const isOfConnection = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && ofConnections.has(error.code);

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Decides about an error that nothing has caught; `request` is the name of the request in whose work it came. */
export function lastResort({ dataDir, log, end }: LastResortOptions): (error: unknown, request?: string) => void {
  return (error, request) => {
    if (isOfConnection(error)) return;
    // All state of a request is its own, and each write of others is one transaction: so the work of others goes on.
    if (request !== undefined) return log(`${request} ended with an error that nothing caught: ${textOf(error)}`);
    const named = storageFault(error, { path: dataDir });
    const next = 'Nothing that was acknowledged is lost: start again, and the work goes on where it was.';
    log(named ?? `Throughline ends, because of an error that it doesn't know: ${textOf(error)}\n${next}`);
    end(1);
  };
}

/** Installs it for this process; answers a function that removes it. */
export function installLastResort(options: LastResortOptions): () => void {
  const decide = lastResort(options);
  // Rejections that nothing handles come here too.
  const listener = (error: unknown): void => decide(error, currentRequest());
  process.on('uncaughtException', listener);
  return () => process.off('uncaughtException', listener);
}
