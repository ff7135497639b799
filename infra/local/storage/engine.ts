// Where are the tables stored? In an embedded engine on the data directory, or in the engine at DYNAMODB_ENDPOINT.
// The runtime calls it; it may start the engine's process, and creates missing tables.
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
  /** Passes a function's call to the engine, if the function doesn't call the engine directly. */
  readonly pass: EnginePass;
  /** The stream table of the embedded engine; undefined for another engine. */
  readonly streams: StreamTable | undefined;
  ensureTables(tables: readonly TablePlan[]): Promise<void>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly dataDir: string;
  /** The URL of an engine that already runs; then no engine is started. */
  readonly endpoint?: string | undefined;
  readonly log: (line: string) => void;
}

/** Starts the engine. The caller must hold the lock of the data directory, because two engines on one file block each other. */
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
  if (await endLeftBehind(options)) log('engine: ended an engine that an earlier run left behind');
  const running = await startEngineProcess(options);
  const url = `http://127.0.0.1:${running.port}`;
  const { call, pass, close } = engineCaller(url);
  const streams = openStreamTable(path);
  if (streams === undefined)
    log('engine: it has no table of stream records to index; writes will become slower over time');
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
