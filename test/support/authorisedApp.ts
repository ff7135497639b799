// How does a test run the app itself so that every call of its functions is authorised? And which calls did they make, which were denied?

import { mkdirSync } from 'node:fs';
import { serveCommands } from '../../infra/commands/commandServer.ts';
import { type CallInterceptor, cut, type ServiceCall } from '../../infra/local/core/callInterceptor.ts';
import { type Runtime, type RuntimeOptions, startRuntime } from '../../infra/local/runtime.ts';
import { notePartnerBus } from '../../infra/sample/systems.ts';
import { temporaryFolder } from './localTemplate.ts';

/** `function action resource`, as called. */
export interface SeenNeed {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
}

export interface AuthorisedApp {
  readonly runtime: Runtime;
  /** What the functions asked for and got, each need once. */
  readonly allowed: () => readonly SeenNeed[];
  /** What they were denied, in AWS's words. */
  readonly denied: readonly string[];
  stop(): Promise<void>;
}

const needsOf = ({ caller = 'anonymous', needs }: ServiceCall): readonly SeenNeed[] =>
  needs.map(({ action, resource }) => ({ caller, action, resource }));

/** Starts the app's own template on an empty directory. */
export const startAuthorisedApp = async (options: Partial<RuntimeOptions> = {}): Promise<AuthorisedApp> => {
  const temporary = temporaryFolder();
  const allowed = new Map<string, SeenNeed>();
  const denied: string[] = [];
  const note: CallInterceptor = async (call, pass) => {
    const answer = await pass();
    if (answer !== cut) for (const need of needsOf(call)) allowed.set(JSON.stringify(need), need);
    return answer;
  };
  const dataDir = `${temporary.folder}/data`;
  mkdirSync(dataDir);
  // The sample's partner bus, with which the template is synthesized once for all who start it so.
  notePartnerBus(dataDir);
  const runtime = await startRuntime({
    dataDir,
    ...options,
    authorise: true,
    serveCommands,
    interceptors: [note, ...(options.interceptors ?? [])],
    log: (line) => {
      if (line.includes('is not authorized to perform')) denied.push(line);
      options.log?.(line);
    },
  });
  return {
    runtime,
    denied,
    allowed: () => [...allowed.values()],
    stop: async () => {
      await runtime.stop();
      temporary.remove();
    },
  };
};
