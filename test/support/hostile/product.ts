// Against what does a hostile client act? The running product: an instance in a process of its own, asked over HTTP.
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { sendCommand } from '../../../infra/commands/commandServer.ts';
import { dataFiles } from '../../../infra/local/core/dataDirectory.ts';
import { startInstance } from '../processes.ts';
import { type Forge, issued } from './tokenForge.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

export interface Connected {
  readonly url: string;
  readonly secret?: string | undefined;
  readonly connection: string;
}

export interface Product {
  readonly url: string;
  /** The forger's view of it; the stranger's URL is the caller's. */
  forge(strangerUrl: string): Forge;
  token(claims: {
    readonly role: 'vendor' | 'partner';
    readonly tenant: string;
    readonly partner?: string;
  }): Promise<string>;
  connect(input: Readonly<Record<string, unknown>>): Promise<Connected>;
  /** Sends a request, again where the door was too busy to take it. */
  send(path: string, init?: RequestInit): Promise<Answer>;
  command(name: string, input?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Resolves when no work is due. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

const Made = z.looseObject({ url: z.string(), secret: z.string().optional(), connection: z.string() });
export const keyId = 'local';
export const audience = 'throughline';

/** The door's own answer to more requests than a busy machine can work on: no function has seen the request. */
const isBusy = (status: number, text: string): boolean =>
  status === 503 && text === '{"message":"Service Unavailable"}';
const mostTries = 60;

/** Starts it on a new data directory; to stop it fails where a function did what its policy denies. */
export const startProduct = async (): Promise<Product> => {
  const data = mkdtempSync(join(tmpdir(), 'throughline-hostile-'));
  const instance = await startInstance('--port', '0', '--data', data);
  const { url } = instance;
  const own = createPrivateKey({ key: JSON.parse(readFileSync(dataFiles.issuerKey(data), 'utf8')), format: 'jwk' });
  const forge = (strangerUrl: string): Forge => ({ issuer: url, audience, keyId, own, strangerUrl });
  const command: Product['command'] = async (name, input = {}) => (await sendCommand(data, name, input))?.answer;
  return {
    url,
    forge,
    command,
    token: async (claims) => {
      const now = Math.floor(Date.now() / 1000);
      const sub = claims.role === 'vendor' ? 'vera' : 'paul';
      return issued(forge(''), { iss: url, aud: audience, iat: now, exp: now + 3600, sub, ...claims });
    },
    connect: async (input) => Made.parse(await command('connect', input)),
    send: async (path, init = {}) => {
      for (let tries = 1; ; tries += 1) {
        const answer = await fetch(path.startsWith('http') ? path : `${url}${path}`, init);
        const { status, headers } = answer;
        const text = await answer.text();
        if (!isBusy(status, text) || tries === mostTries)
          return { status, contentType: headers.get('content-type') ?? '', text };
        await wait(Number(headers.get('retry-after')) * 1000);
      }
    },
    drained: async () => void (await command('drained')),
    stop: async () => {
      try {
        await instance.stop();
      } finally {
        rmSync(data, { recursive: true, force: true });
      }
    },
  };
};
