// How does a test run `npm run connect` and `npm run send`? As whole processes, against a running instance of its own.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Properties, properties } from '../../../infra/local/core/json.ts';
import { temporaryFolder } from '../localTemplate.ts';
import { type Ran, runScript } from '../operated.ts';
import { startInstance } from '../processes.ts';

/** What a line of shell prints, run as a person would run it. */
export const inShell = (line: string): Promise<string> =>
  new Promise((resolve) => {
    execFile('bash', ['-c', line], (_error, out) => resolve(out));
  });

/** A folder with an instance's data directory in it, once it is started, and the commands that act on it. */
export const connecting = () => {
  const temporary = temporaryFolder();
  const dataDir = join(temporary.folder, 'data');
  let stopInstance = async (): Promise<void> => undefined;

  const connect = (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    runScript('commands/connect.ts', [...args, '--data', dataDir], environment);

  return {
    dataDir,
    folder: temporary.folder,
    connect,
    send: (...args: readonly string[]): Promise<Ran> => runScript('commands/send.ts', [...args, '--data', dataDir]),
    /** The answer of a command that succeeds. */
    told: async (...args: readonly string[]): Promise<Properties> => {
      const { code, out, err } = await connect(args);
      if (code !== 0) throw new Error(err);
      return properties(JSON.parse(out), 'the answer');
    },
    listed: async (...args: readonly string[]): Promise<readonly Properties[]> => {
      const { out } = await connect(['--list', ...args]);
      const list: unknown = JSON.parse(out);
      return Array.isArray(list) ? list.map((each) => properties(each, 'a connection')) : [];
    },
    fileOf: (name: string, text: string): string => {
      const path = join(temporary.folder, name);
      writeFileSync(path, text);
      return path;
    },
    start: async (): Promise<void> => {
      ({ stop: stopInstance } = await startInstance('--data', dataDir, '--port', '0'));
    },
    stop: async (): Promise<void> => {
      await stopInstance();
      temporary.remove();
    },
  };
};
