// Where are the tables stored? In an embedded engine on the data directory, or in the engine at DYNAMODB_ENDPOINT.
// The runtime calls it; it may start the engine's process, and creates missing tables.
import { resolve } from 'node:path';
import { dataFiles } from '../core/dataDirectory.ts';
import type { KeyPart, TablePlan } from '../core/plan.ts';
import { type Connect, type EngineCall, type EnginePass, engineCaller } from './engineCall.ts';
import { type EngineProcessOptions, endLeftBehind, startEngineProcess } from './engineProcess.ts';
import { groupedWrites } from './groupedWrites.ts';
import { openStreamTable, type StreamTable } from './streamTable.ts';
import { ensureTables } from './tables.ts';

export interface Engine {
  readonly call: EngineCall;
  /** Passes a client's call to the engine, which only the runtime reaches. */
  readonly pass: EnginePass;
  /** The stream table of the embedded engine; undefined for another engine. */
  readonly streams: StreamTable | undefined;
  ensureTables(tables: readonly TablePlan[]): Promise<void>;
  stop(): Promise<void>;
}

/** An engine that every user of this machine reaches, at this URL. */
export interface OpenEngine extends Engine {
  readonly endpoint: string;
}

export interface EngineOptions {
  readonly dataDir: string;
  /** The URL of an engine that already runs; then no engine is started. */
  readonly endpoint?: string | undefined;
  readonly log: (line: string) => void;
}

/** The engine's files in a data directory; the path is absolute, because an engine left behind is known by it. */
export const engineFiles = (dataDir: string): Pick<EngineProcessOptions, 'path' | 'note'> => ({
  path: resolve(dataFiles.tables(dataDir)),
  note: resolve(dataFiles.engineNote(dataDir)),
});

/** Ends the engine that an earlier run left behind, if there is one. */
export async function endEarlier(
  files: Pick<EngineProcessOptions, 'path' | 'note'>,
  log: EngineOptions['log'],
): Promise<void> {
  if (await endLeftBehind(files)) log('engine: ended an engine that an earlier run left behind');
}

const namesOf = (key: readonly KeyPart[]): readonly string[] => key.map(({ name }) => name);

/** The engine that runs on a database file: reached at the endpoint, or over the connections that `connect` opens. */
export function engineOn(options: {
  readonly path: string;
  readonly endpoint?: string;
  readonly connect?: Connect;
  readonly stop: () => Promise<void>;
  readonly log: (line: string) => void;
}): Engine {
  const { path, endpoint = 'http://engine', connect, stop, log } = options;
  const { call, pass, close } = engineCaller(endpoint, connect);
  const keys = new Map<string, readonly string[]>();
  const streams = openStreamTable(path);
  if (streams === undefined)
    log('engine: it has no table of stream records to index; writes will become slower over time');
  return {
    call,
    pass: groupedWrites(pass, (table) => keys.get(table)),
    streams,
    async ensureTables(tables) {
      await ensureTables(call, tables);
      for (const { name, key } of tables) keys.set(name, namesOf(key));
    },
    async stop() {
      close();
      streams?.close();
      await stop();
    },
  };
}

/** Starts the engine. The caller must hold the lock of the data directory, because two engines on one file block each other. */
export async function startEngine({ dataDir, endpoint, log }: EngineOptions): Promise<OpenEngine> {
  if (endpoint !== undefined) {
    const { call, pass, close } = engineCaller(endpoint);
    return {
      endpoint,
      call,
      pass,
      streams: undefined,
      ensureTables: (tables) => ensureTables(call, tables),
      async stop() {
        close();
      },
    };
  }

  const files = engineFiles(dataDir);
  await endEarlier(files, log);
  const running = await startEngineProcess({ ...files, log });
  const url = `http://127.0.0.1:${running.port}`;
  return { endpoint: url, ...engineOn({ path: files.path, endpoint: url, stop: running.stop, log }) };
}
