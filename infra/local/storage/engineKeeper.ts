// How does the engine get a network namespace of its own? A keeper is started in it, which starts the engine there and hands out connections to it.
// walledEngine.ts calls it; it starts and ends the keeper's process.
import type { ChildProcess } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Refusal } from '../core/refusal.ts';
import { bareEnvironment, spawnBound } from './boundProcess.ts';
import type { EngineProcessOptions } from './engineProcess.ts';
import type { FromKeeper, KeeperStart, ToKeeper } from './walledMessages.ts';

/** A command that runs the rest of its words in a network namespace of its own. */
export type Way = readonly string[];

/** As an ordinary user, in a user namespace too; root may do without that where the system has none. */
export const usualWays = (): readonly Way[] => [
  ['unshare', '--user', '--map-root-user', '--net', '--'],
  ...(process.getuid?.() === 0 ? [['unshare', '--net', '--']] : []),
];

/** The wall can't be built on this system; `message` says why. */
export class NoWall extends Error {
  override readonly name = 'NoWall';
}

export interface EngineKeeper {
  /** Opens a connection to the engine. */
  connect(): Promise<Socket>;
  /** Resolves when its process has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A new namespace has a loopback interface of its own, which is down. */
const script = 'ip link set lo up && exec "$@"';

/** `ip` lies where an ordinary user's search path doesn't lead. With compiled code at hand, the keeper loads no compiler of types. */
const environment = () => ({
  ...bareEnvironment(),
  PATH: `${bareEnvironment().PATH}:/usr/sbin:/sbin`,
  NODE_COMPILE_CACHE: join(import.meta.dirname, '..', '..', '..', '.build', 'compiled'),
});

/** Where Linux says in which network namespace a process is. */
const ownNamespace = '/proc/self/ns/net';

function spawnKeeper([program = '', ...words]: Way, { path, note }: EngineProcessOptions): ChildProcess {
  const start: KeeperStart = { path, note, outside: readlinkSync(ownNamespace) };
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'keeperMain.ts')];
  // Bound by a pipe, as the engine: Node doesn't tell the keeper that this process has ended while a connection is being handed over.
  return spawnBound(program, [...words, '/bin/sh', '-c', script, 'sh', ...node, JSON.stringify(start)], {
    messages: true,
    environment: environment(),
  });
}

/** After so many milliseconds without a connection the caller is told, and tries again: nobody waits for ever. */
const connectsWithin = 5_000;

/** Gives each connection that comes back to who asked for it. */
function connections(child: ChildProcess) {
  const waiting = new Map<number, PromiseWithResolvers<Socket>>();
  let lastId = 0;
  const take = (id: number): PromiseWithResolvers<Socket> | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    return found;
  };
  return {
    open(): Promise<Socket> {
      const asked = Promise.withResolvers<Socket>();
      lastId += 1;
      waiting.set(lastId, asked);
      const id = lastId;
      const late = setTimeout(() => take(id)?.reject(new Error('The engine gives no connection.')), connectsWithin);
      const settled = (): void => clearTimeout(late);
      asked.promise.then(settled, settled);
      child.send({ kind: 'connect', id } satisfies ToKeeper, (error) => {
        if (error !== null) take(id)?.reject(error);
      });
      return asked.promise;
    },
    came(id: number, handle: unknown): void {
      const asked = take(id);
      if (!(handle instanceof Socket)) asked?.reject(new Error('The connection to the engine ended as it was opened.'));
      else if (asked === undefined) handle.destroy();
      else asked.resolve(handle);
    },
    refused: (id: number, why: string): void => take(id)?.reject(new Error(`The engine can't be reached: ${why}.`)),
    failAll(): void {
      for (const id of [...waiting.keys()]) take(id)?.reject(new Error('The engine is being started again.'));
    },
  };
}

/** What ended the engine, as it was thrown in the keeper: only what nobody has explained yet can be named by its file. */
const failureOf = ({ reasons, refused }: Extract<FromKeeper, { kind: 'failed' }>): Error =>
  refused ? new Refusal(reasons) : new Error(reasons.join('\n'));

/** Starts a keeper and its engine; rejects with `NoWall` where this way leads to no namespace, else with the engine's failure. */
export async function startKeeper(way: Way, options: EngineProcessOptions): Promise<EngineKeeper> {
  if (!existsSync(ownNamespace)) throw new NoWall('only Linux has them');
  const child = spawnKeeper(way, options);
  const asked = connections(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = Promise.withResolvers<EngineKeeper>();
  let inside = false;
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-2_000);
  });
  child.once('error', (error) => ready.reject(new NoWall(error.message)));
  void ended.then(() => {
    asked.failAll();
    const why = complaint.trim() || 'it said nothing';
    ready.reject(inside ? new Error(`The keeper of the embedded engine ended: ${why}`) : new NoWall(why));
  });

  const keeper: EngineKeeper = {
    connect: asked.open,
    ended,
    async stop() {
      if (child.connected) child.send({ kind: 'stop' } satisfies ToKeeper, () => undefined);
      await ended;
    },
  };
  child.on('message', (message: FromKeeper, handle: unknown) => {
    switch (message.kind) {
      case 'inside':
        inside = true;
        return;
      case 'ready':
        return ready.resolve(keeper);
      case 'failed':
        child.disconnect();
        return ready.reject(failureOf(message));
      case 'log':
        return options.log(message.line);
      case 'connected':
        return asked.came(message.id, handle);
      case 'refused':
        return asked.refused(message.id, message.why);
      default:
        return message satisfies never;
    }
  });
  return await ready.promise;
}
