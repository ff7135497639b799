// Against which runtime do hostile clients act? One in a process of its own, with functions that answer oddly, and with short patience.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { type AccessKeys, openAccessKeys } from '../../../infra/local/core/accessKeys.ts';
import type { RuntimeOptions } from '../../../infra/local/runtime.ts';
import { arnOf, assemble, lambda, ref, temporaryFolder } from '../localTemplate.ts';

const odd = `
  const answers = {
    '/echo': (event) => ({ statusCode: 200, body: String(event.body ?? '').slice(0, 100) }),
    '/lineBreak': () => ({ statusCode: 200, headers: { 'x-own': 'a\\r\\nset-cookie: b=c' }, body: '' }),
    '/wideHeader': () => ({ statusCode: 200, headers: { 'x-own': '\\u4e2d' }, body: '' }),
    '/oddName': () => ({ statusCode: 200, headers: { 'x own': 'a' }, body: '' }),
    '/lengths': () => ({ statusCode: 200, headers: { 'content-length': '3', 'transfer-encoding': 'chunked' }, body: 'longer' }),
    '/informs': () => ({ statusCode: 103, body: '' }),
    '/noBody': () => ({ statusCode: 204, body: 'a body' }),
    '/cyclic': () => { const cyclic = {}; cyclic.own = cyclic; return cyclic; },
    '/throws': () => { throw new Error('as told'); },
    '/rejectsLater': () => { Promise.reject(new Error('nobody waits for this')); return new Promise(() => {}); },
    '/exits': () => process.exit(7),
    '/throwsLater': () => { setImmediate(() => { throw new Error('nobody catches this'); }); return new Promise(() => {}); },
    '/eats': () => { const eaten = []; for (;;) eaten.push(new Array(100_000).fill(Math.random())); },
    '/hangs': () => new Promise(() => {}),
    '/calls': async () => ({ statusCode: 200, body: String((await fetch(process.env.AWS_ENDPOINT_URL_SQS, { method: 'POST', body: '{}' })).status) }),
    '/large': () => ({ statusCode: 200, body: 'x'.repeat(5_000_000) }),
  };
  export const handler = async (event) => answers[event.rawPath.replace('/odd', '')](event);`;

const route = (RouteKey: string, more: object = {}) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ...{ ApiId: ref('Api'), RouteKey, Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] } },
    ...more,
  },
});

const resources = {
  Odd: lambda('odd', {}, { MemorySize: 128 }),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { IntegrationType: 'AWS_PROXY', IntegrationUri: arnOf('Odd'), PayloadFormatVersion: '2.0' },
  },
  People: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['throughline'], Issuer: 'http://issuer.throughline.local' },
    },
  },
  Open: route('POST /odd/{proxy+}'),
  Read: route('GET /odd/{proxy+}'),
  Guarded: route('GET /v1/{proxy+}', { AuthorizationType: 'JWT', AuthorizerId: ref('People') }),
};

const Started = z.object({ url: z.string(), services: z.string() });
const Control = z.object({ secret: z.string() });

export interface HostileRuntime {
  /** The HTTP API. */
  readonly url: string;
  /** The AWS endpoints and the commands. */
  readonly services: string;
  /** The secret of the commands. */
  readonly secret: string;
  /** The keys with which calls of the AWS endpoints are signed. */
  readonly keys: AccessKeys;
  readonly pid: number;
  /** What it has said on standard error. */
  told(): string;
  /** Whether its process still runs. */
  lives(): boolean;
  stop(): Promise<void>;
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

/** Starts it on a new data directory. */
export const startHostileRuntime = async (options: Partial<RuntimeOptions> = {}): Promise<HostileRuntime> => {
  const temporary = temporaryFolder();
  const path = join(temporary.folder, 'assembly.json');
  const dataDir = join(temporary.folder, 'data');
  writeFileSync(path, JSON.stringify(await assemble(temporary.folder, resources, { odd })));
  const flags = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '..', 'runLocal.ts')];
  const child = spawn(process.execPath, [...flags, path, dataDir, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    told += text;
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended(child);
    temporary.remove();
  };
  try {
    const [line]: unknown[] = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      ended(child).then(() => Promise.reject(new Error(`the runtime ended before it was ready:\n${told}`))),
    ]);
    const started = Started.parse(JSON.parse(String(line)));
    const { secret } = Control.parse(JSON.parse(readFileSync(join(dataDir, 'control.json'), 'utf8')));
    return {
      ...started,
      secret,
      keys: openAccessKeys(dataDir),
      pid: child.pid ?? 0,
      told: () => told,
      lives: () => child.exitCode === null && child.signalCode === null,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
