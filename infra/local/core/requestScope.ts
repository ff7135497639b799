// Which request does this code work for? Node's async context keeps its name, so that an error anywhere in its work can name it.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';

const current = new AsyncLocalStorage<string>();

/** Method and path of a request, as a terminal may show them; without the query, which may hold what is secret. */
export function nameOf({ method = '', url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?');
  return `${method} ${path}`.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200);
}

/** Does the work of a request under its name. */
export const inRequest = <T>(name: string, work: () => T): T => current.run(name, work);

/** The name of the request for which this code runs; undefined where it runs for none. */
export const currentRequest = (): string | undefined => current.getStore();

/** Does work that a request only set off, and that belongs to none. */
export const outsideRequests = <T>(work: () => T): T => current.exit(work);
