// How is the app synthesized without waiting for the CDK? A process loads it, and goes on when it is told that the bundles are there.
// `synthesize.ts` calls it; it starts a process of Node's, which writes the template.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export interface AppProcess {
  /** The folder that it writes. */
  readonly folder: string;
  /** Makes the template. Rejects with what the app has said where it can't. */
  run(): Promise<void>;
  /** Ends the process, and removes what it has written. */
  remove(): void;
}

/** Starts the process for a context; it writes nothing yet. */
export function prepareApp({
  context,
  folder,
}: {
  readonly context: Readonly<Record<string, string>>;
  readonly folder: string;
}): AppProcess {
  rmSync(folder, { recursive: true, force: true });
  const flags = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(process.execPath, [join(root, 'infra', 'preparedApp.ts'), ...flags], {
    cwd: root,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      NODE_COMPILE_CACHE: join(root, '.build', 'compiled'),
      // This is three times as fast. Deployments and the tests of the app validate the template.
      CDK_VALIDATION: 'false',
      CDK_DISABLE_STACK_TRACE: '1',
    },
  });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => void said.push(text));
  // It may have ended already; then `run` tells why.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(String(error)));
    child.once('close', (code) => resolve(code === 0 ? '' : said.join('') || `The app ended with ${code}.`));
  });
  return {
    folder,
    async run() {
      child.stdin.end('go\n');
      const why = await ended;
      if (why !== '') throw new Error(why);
    },
    remove() {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
