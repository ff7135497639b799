// How is the engine kept from other users of this machine? It knows no authentication, so it stands where only the runtime gets to.
// The runtime calls it; it starts the keeper's process, and starts it again when it dies.
import { setTimeout as delay } from 'node:timers/promises';
import { type Engine, type EngineOptions, endEarlier, engineFiles, engineOn, startEngine } from './engine.ts';
import { type EngineKeeper, NoWall, startKeeper, usualWays, type Way } from './engineKeeper.ts';
import { type EngineProcessOptions, endLeftBehind } from './engineProcess.ts';

export interface WalledEngineOptions extends EngineOptions {
  /** The ways into a network namespace that are tried, one after the other. */
  readonly ways?: readonly Way[];
}

/** The first keeper that a way leads to; the reasons where none does. */
async function firstKeeper(
  ways: readonly Way[],
  options: EngineProcessOptions,
): Promise<{ readonly way: Way; readonly keeper: EngineKeeper } | string> {
  const reasons: string[] = [];
  for (const way of ways) {
    try {
      return { way, keeper: await startKeeper(way, options) };
    } catch (error) {
      if (!(error instanceof NoWall)) throw error;
      reasons.push(error.message);
    }
  }
  return reasons.join('; ');
}

/** Keeps a keeper: when it ends by itself, its engine has ended too, and both are started again. */
function kept(first: { readonly way: Way; readonly keeper: EngineKeeper }, options: EngineProcessOptions) {
  const { way } = first;
  let current: Promise<EngineKeeper> = Promise.resolve(first.keeper);
  let stopping = false;

  const again = async (): Promise<EngineKeeper> => {
    for (;;) {
      try {
        await endLeftBehind(options);
        const keeper = await startKeeper(way, options);
        follow(keeper);
        return keeper;
      } catch (error) {
        options.log(`engine: ${error instanceof Error ? error.message : String(error)}`);
        if (stopping) throw error;
        await delay(50);
      }
    }
  };
  const follow = (keeper: EngineKeeper): void => {
    void keeper.ended.then(() => {
      if (stopping) return;
      options.log('engine: its keeper ended by itself; starting both again');
      current = again();
      // Whoever waits for a connection is told; nobody may wait just now.
      current.catch(() => undefined);
    });
  };
  follow(first.keeper);

  return {
    connect: async () => (await current).connect(),
    async stop() {
      stopping = true;
      await (await current.catch(() => undefined))?.stop();
    },
  };
}

/**
 * Starts the engine in a network namespace of its own, which other users of this machine can't enter. Where the system allows none, it
 * says who can reach the engine, and goes on. With another engine's endpoint it starts none.
 */
export async function startWalledEngine(options: WalledEngineOptions): Promise<Engine> {
  const { dataDir, endpoint, log, ways = usualWays() } = options;
  if (endpoint !== undefined) return startEngine(options);
  const files = engineFiles(dataDir);
  await endEarlier(files, log);
  const found = await firstKeeper(ways, { ...files, log });
  if (typeof found === 'string') {
    const engine = await startEngine(options);
    const { host } = new URL(engine.endpoint);
    log(
      `engine: this system gives it no network namespace of its own (${found}). The engine asks nobody who they are: every user of this ` +
        `machine can read and change all tables at ${host}. On a machine that you share, allow user namespaces, or use DYNAMODB_ENDPOINT.`,
    );
    return engine;
  }
  const { connect, stop } = kept(found, { ...files, log });
  return engineOn({ path: files.path, connect, stop, log });
}
