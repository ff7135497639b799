// May this request be answered, or does a page of somebody else's make it? A browser sends foreign Host and Origin headers, and they are refused.
// Every listener of the runtime calls it before it reads anything else; a name of this instance's own is given at its start.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse } from '../core/refusal.ts';

/** The names by which a machine calls itself. Nobody else's name server answers for them. */
const ownNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A host name or address, perhaps with a port: nothing else may stand in a Host header. */
const authority = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\.?(?::(\d{1,5}))?$/;

interface Authority {
  readonly name: string;
  readonly port: string;
}

const authorityOf = (text: string): Authority | undefined => {
  const [, name, port = ''] = authority.exec(text.toLowerCase()) ?? [];
  return name === undefined ? undefined : { name, port };
};

/** The name of a host that `--host` allows, such as that of a tunnel; refuses what is none. */
export function allowedHost(given: string): string {
  const found = authorityOf(given);
  if (found !== undefined && found.port === '') return found.name;
  return refuse(
    `--host ${given} is not the name of a host: give the name alone, without a scheme, a port and a path, such as hooks.example.com.`,
  );
}

/** All values of a header that HTTP allows once: Node itself shows only the first. */
const everyHost = ({ rawHeaders }: IncomingMessage): readonly string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host');

const shown = (text: string): string => JSON.stringify(text.slice(0, 200));

const hostRefusal = (host: string, mend: string): string =>
  `The host ${shown(host)} is not this instance, which answers to 127.0.0.1 and localhost. ${mend}`;

/** `http://x.example:8080` as what stands after the scheme; undefined for `null` and for what is no origin. */
const originAuthority = (origin: string): Authority | undefined =>
  authorityOf(/^https?:\/\/([^/?#@]+)$/i.exec(origin)?.[1] ?? '');

const sameAs = (a: Authority, b: Authority): boolean => a.name === b.name && a.port === b.port;

interface ForeignRequestOptions {
  /** Names beside those of this machine, such as that of a tunnel which forwards requests here. */
  readonly hosts?: readonly string[];
  /** What an operator does about a foreign host, in the words of the refusal. */
  readonly mend: string;
}

/** Makes the check: why a request is foreign, or undefined where it is not. */
function foreignRequest({ hosts = [], mend }: ForeignRequestOptions): (request: IncomingMessage) => string | undefined {
  const isOwn = ({ name }: Authority): boolean => ownNames.has(name) || hosts.includes(name);
  return (request) => {
    const { url = '', headers } = request;
    // A request line may name a host, too (`GET http://x/ HTTP/1.1`), and it goes before the header.
    const target = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
    const named = [...everyHost(request), ...(target === undefined ? [] : [target])];
    if (named.length === 0) return hostRefusal('', mend);
    const own = named.map((text) => ({ text, read: authorityOf(text) }));
    const strange = own.find(({ read }) => read === undefined || !isOwn(read));
    if (strange !== undefined) return hostRefusal(strange.text, mend);

    const { origin } = headers;
    const from = origin === undefined ? undefined : originAuthority(origin);
    const isHome =
      from !== undefined &&
      (hosts.includes(from.name) || own.some(({ read }) => read !== undefined && sameAs(read, from)));
    if (origin !== undefined && !isHome) {
      return `A page of ${shown(origin)} makes this request. This instance answers pages of its own address only, and none of another origin.`;
    }
    if (headers['access-control-request-method'] !== undefined) {
      return 'A browser asks whether another origin may send a request: this instance allows it to none.';
    }
    // Without an Origin, browsers say so of an image or a script; who follows a link comes by himself.
    const site = headers['sec-fetch-site'];
    if ((site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'navigate') {
      return 'A page of another site makes this request. This instance answers pages of its own address only.';
    }
    return undefined;
  };
}

/** Makes what every listener asks first: whether it was a foreign request, which then has its answer. */
export function foreignGuard(
  options: ForeignRequestOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const foreign = foreignRequest(options);
  return (request, response) => {
    const why = foreign(request);
    if (why === undefined) return false;
    const body = JSON.stringify({ message: why });
    // What it still sends is not read.
    response.writeHead(403, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    });
    response.end(body);
    return true;
  };
}
