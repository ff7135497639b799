// What does the runtime open before any function runs? The data directory, two ports, the engine, the template, and the issuer of tokens.
// `startRuntime` calls it; it takes the directory's lock, listens on two ports, and starts the engine's process.
import { rmSync } from 'node:fs';
import { type AccessKeys, openAccessKeys } from './core/accessKeys.ts';
import type { Clock } from './core/clock.ts';
import type { Closing } from './core/closing.ts';
import { dataFiles, emptyDataDirectory, partnerSourcesOf } from './core/dataDirectory.ts';
import { type DiskRoom, type DiskRoomOptions, watchDiskRoom } from './core/diskRoom.ts';
import { type ClientBounds, type Listening, listen, usualBounds } from './core/listen.ts';
import { lockDataDirectory } from './core/lock.ts';
import { connectionsWithin, openFilesLimit } from './core/openFiles.ts';
import { takeDataDirectory } from './core/privateDirectory.ts';
import { namedFault } from './core/storageFault.ts';
import { type Issuer, openIssuer } from './http/issuer.ts';
import { type Engine, engineFiles } from './storage/engine.ts';
import { endLeftBehind } from './storage/engineProcess.ts';
import { refuseEmptied, tablesPlace } from './storage/tablesFile.ts';
import { startWalledEngine } from './storage/walledEngine.ts';
import { type Assembly, synthesize } from './template/synthesize.ts';

export interface OpenOptions {
  readonly dataDir: string;
  /** The port of the HTTP API; 0 (the default) takes any free one. */
  readonly port?: number;
  /** A template to run; absent: the app's own, which is bundled and synthesized again only if its input has changed. */
  readonly template?: Assembly;
  /** Empties the data directory first. */
  readonly reset?: boolean;
  /** The URL of a DynamoDB-compatible engine that already runs; absent: the embedded engine. */
  readonly engineEndpoint?: string | undefined;
  /** What clients of the two ports may do; absent: the usual bounds. */
  readonly bounds?: Partial<ClientBounds>;
  /** The free space of the disk; absent: that of the data directory's. */
  readonly measure?: DiskRoomOptions['measure'];
}

/** Milliseconds in which the HTTP API's functions have long answered: a client that takes nothing for so long has gone. */
const answerWithin = 60_000;

export interface OpenedParts {
  /** The HTTP API's port. */
  readonly api: Listening;
  /** The port of the AWS endpoints and of the commands. */
  readonly services: Listening;
  readonly engine: Engine;
  readonly issuer: Issuer;
  /** With which secrets the AWS endpoints' clients sign. */
  readonly keys: AccessKeys;
  readonly room: DiskRoom;
  readonly assembly: Assembly;
  /** Synthesizes the template again, with the partner sources that are known now. */
  assemble(): Promise<Assembly>;
}

/** Opens all parts, and notes how to close each. Refuses a data directory or a port that is in use. */
export async function openParts(
  { dataDir, port = 0, template, reset, engineEndpoint, bounds, measure }: OpenOptions,
  around: { readonly clock: Clock; readonly log: (line: string) => void; readonly closing: Closing },
): Promise<OpenedParts> {
  const { clock, log, closing } = around;
  takeDataDirectory(dataDir);
  const lock = lockDataDirectory(dataDir);
  closing.add(() => lock.release());
  if (reset === true) {
    await endLeftBehind(engineFiles(dataDir));
    emptyDataDirectory(dataDir);
  }
  // A killed instance left it behind: its port may be another program's now.
  rmSync(dataFiles.control(dataDir), { force: true });
  const keys = openAccessKeys(dataDir);
  const assemble = (): Promise<Assembly> =>
    template === undefined ? synthesize({ partnerSources: partnerSourcesOf(dataDir), log }) : Promise.resolve(template);

  const connections = connectionsWithin(openFilesLimit(), usualBounds.connections);
  const room = watchDiskRoom({ folder: dataDir, log, measure });
  closing.add(room.stop);
  const api = await listen({ port, log, bounds: { connections, silence: answerWithin, ...bounds } });
  closing.add(() => api.close());
  const services = await listen({ port: 0, log, bounds: { connections, ...bounds } });
  closing.add(() => services.close());
  if (engineEndpoint === undefined) refuseEmptied(dataDir);
  const starting = startWalledEngine({ dataDir, endpoint: engineEndpoint, log }).catch((error: unknown) => {
    throw namedFault(error, tablesPlace(dataDir));
  });
  closing.add(async () => (await starting.catch(() => undefined))?.stop());
  const [engine, assembly, issuer] = await Promise.all([
    starting,
    assemble(),
    openIssuer({ dataDir, url: api.url, clock }),
  ]);
  return { api, services, engine, issuer, keys, assembly, assemble, room };
}
