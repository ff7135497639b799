// How do other commands talk to a running instance? Over a loopback port, with a secret that only the owner of its data directory can read.
// The local runtime and the commands call it; it listens on the port, and reads and writes the file that names port and secret.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { connectionRequest } from '../local/connectionRequest.ts';
import { connectSource } from '../local/connectSource.ts';
import { dataFiles } from '../local/core/dataDirectory.ts';
import { isObject, properties } from '../local/core/json.ts';
import type { PathServer } from '../local/core/listen.ts';
import { isLocked } from '../local/core/lock.ts';
import { refuseShared } from '../local/core/privateDirectory.ts';
import { writePrivateFile } from '../local/core/privateFile.ts';
import { Refusal, refuse } from '../local/core/refusal.ts';
import { bodyOf } from '../local/core/requestBody.ts';
import { namedFault, readJsonFile } from '../local/core/storageFault.ts';
import { mintToken, tokenRequest } from '../local/http/tokens.ts';
import type { Runtime, ServeCommands } from '../local/runtime.ts';
import { accessTo } from './access.ts';
import { clockMove } from './start/clockMove.ts';

interface CommandTarget {
  readonly runtime: Runtime;
  readonly stop: () => void;
}

const prefix = '/_throughline/';
const maxInputBytes = 16 * 1024 * 1024;

async function carryOut(command: string, input: unknown, { runtime, stop }: CommandTarget): Promise<unknown> {
  const given = properties(input, command);
  switch (command) {
    case 'connect':
      return connectSource(runtime, connectionRequest(given));
    case 'token':
      return {
        token: await mintToken({ issuer: runtime.issuer, functions: runtime.plan.functions }, tokenRequest(given)),
      };
    case 'access':
      return accessTo(runtime, given);
    case 'partnerEvent':
      return runtime.putPartnerEvent({
        source: given.text('source'),
        detailType: given.text('detailType'),
        detail: given.raw('detail'),
        ...(given.has('detailText') && { detailText: given.text('detailText') }),
        ...(given.has('time') && { time: given.number('time') }),
      });
    case 'endpoints':
      return runtime.endpoints;
    case 'site':
      return { stack: runtime.plan.stack, endpoints: runtime.endpoints };
    case 'clock':
      return clockMove(runtime, given);
    case 'drained':
      await runtime.drained();
      return {};
    case 'shutdown':
      setImmediate(stop);
      return {};
    default:
      return refuse(`There is no command "${command}".`);
  }
}

/** Serves the commands, and writes port and secret into a file of mode 0600. */
export const serveCommands: ServeCommands = (options): PathServer => {
  const secret = randomBytes(32).toString('base64url');
  writePrivateFile(options.path, JSON.stringify({ url: options.url, secret, pid: process.pid }));
  const expected = Buffer.from(`Bearer ${secret}`);

  const knows = (request: IncomingMessage): boolean => {
    const given = Buffer.from(request.headers.authorization ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{ readonly status: number; readonly body: unknown }> => {
    if (!knows(request)) return { status: 401, body: { reasons: ['The secret is not that of this instance.'] } };
    const received = await bodyOf({ request, response, most: maxInputBytes });
    if (!received.ok) return { status: 413, body: { reasons: [`A command takes ${maxInputBytes} bytes at most.`] } };
    try {
      const input: unknown = JSON.parse(received.body.toString('utf8') || '{}');
      return { status: 200, body: await carryOut((request.url ?? '').slice(prefix.length), input, options.commands) };
    } catch (error) {
      const named = namedFault(error, { path: dirname(options.path) });
      const reasons = named instanceof Refusal ? named.reasons : [String(error)];
      return { status: error instanceof Refusal ? 400 : 500, body: { reasons } };
    }
  };

  return {
    takes: (request) => request.url?.startsWith(prefix) === true,
    async serve(request, response) {
      const { status, body } = await answer(request, response);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    },
    close: () => rmSync(options.path, { force: true }),
  };
};

/** Sends a command to the instance that runs on a data directory; answers undefined where none runs. */
export async function sendCommand(
  dataDir: string,
  command: string,
  input: unknown,
): Promise<{ readonly answer: unknown } | undefined> {
  const path = dataFiles.control(dataDir);
  if (!existsSync(path)) return undefined;
  refuseShared(dataDir);
  // A killed instance leaves the file behind, and another user's program may listen on its port now: it must not learn what we send.
  if (!isLocked(dataDir)) return undefined;
  const whenDamaged = 'It says how commands reach the running instance. Stop that, delete the file and start again.';
  const known = properties(readJsonFile({ path, whenDamaged }), path);
  const response = await fetch(`${known.text('url')}${prefix}${command}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${known.text('secret')}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  }).catch(() => undefined);
  // It ends just now.
  if (response === undefined || response.status === 401 || response.status === 404) return undefined;
  const answer: unknown = await response.json();
  if (response.ok) return { answer };
  const reasons = isObject(answer) && Array.isArray(answer.reasons) ? answer.reasons.map(String) : ['It failed.'];
  throw new Refusal(reasons);
}
