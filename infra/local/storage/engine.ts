// Where do the tables live? An embedded engine on the data directory, or the one that DYNAMODB_ENDPOINT names.
import { join, resolve } from 'node:path';
import type { TablePlan } from '../core/plan.ts';
import { type EngineCall, type EnginePass, engineCaller } from './engineCall.ts';
import { endLeftBehind, startEngineProcess } from './engineProcess.ts';
import { openStreamTable, type StreamTable } from './streamTable.ts';
import { ensureTables } from './tables.ts';

export interface Engine {
  /** Its URL, for the functions' SDK. */
  readonly endpoint: string;
  readonly call: EngineCall;
  /** Carries a function's call on, where it doesn't speak to the engine itself. */
  readonly pass: EnginePass;
  /** The stream table of the embedded engine; undefined where another engine serves. */
  readonly streams: StreamTable | undefined;
  ensureTables(tables: readonly TablePlan[]): Promise<void>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly dataDir: string;
  /** An engine that runs already; nothing is started then. */
  readonly endpoint?: string | undefined;
  readonly log: (line: string) => void;
}

/** Starts the engine. Whoever calls holds the lock of the data directory: two engines on one file starve each other. */
export async function startEngine({ dataDir, endpoint, log }: EngineOptions): Promise<Engine> {
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

  const path = resolve(dataDir, 'tables.sqlite');
  const options = { path, note: join(dataDir, 'engine.json'), log };
  if (await endLeftBehind(options)) log('engine: ended the one that an earlier run left behind');
  const running = await startEngineProcess(options);
  const url = `http://127.0.0.1:${running.port}`;
  const { call, pass, close } = engineCaller(url);
  const streams = openStreamTable(path);
  if (streams === undefined)
    log('engine: it keeps no table of stream records that could be indexed; writes will slow down');
  return {
    endpoint: url,
    call,
    pass,
    streams,
    ensureTables: (tables) => ensureTables(call, tables),
    async stop() {
      close();
      streams?.close();
      await running.stop();
    },
  };
}
