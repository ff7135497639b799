// Which mutants has a file? Stryker's instrumenter places them all in its text, each behind a switch; it is installed at first use.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { refuse } from '../../infra/local/core/refusal.ts';
import { isWording, type Mutant, mutantShape } from './mutant.ts';

/** Only this command needs it, so it is no dependency: 23 MB that nobody who starts the product waits for. */
const instrumenter = { name: '@stryker-mutator/instrumenter', version: '10.1.1' };

const manifest = z.object({ version: z.string() });

/** Installs the instrumenter below `folder` unless it is there. */
export const install = (folder: string): void => {
  const installed = join(folder, 'node_modules', instrumenter.name, 'package.json');
  if (existsSync(installed)) {
    const { version } = manifest.parse(JSON.parse(readFileSync(installed, 'utf8')));
    if (version === instrumenter.version) return;
  }
  process.stderr.write(`Installing ${instrumenter.name} ${instrumenter.version} into ${folder} (once) …\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const npm = spawnSync(
    'npm',
    [
      'install',
      '--save-exact',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${instrumenter.name}@${instrumenter.version}`,
    ],
    { cwd: folder, stdio: ['ignore', 2, 2] },
  );
  if (npm.status !== 0) refuse('npm install failed for the reason above. Mend that and run the command again.');
};

interface Instrumenter {
  instrument(files: readonly object[], options: object): Promise<unknown>;
}

const exported = z.object({
  Instrumenter: z.custom<new (log: object) => Instrumenter>((value) => typeof value === 'function'),
});

const answer = z.object({
  files: z.array(z.object({ name: z.string(), content: z.string() })),
  mutants: z.array(mutantShape.extend({ status: z.string().optional() })),
});

export interface Instrumented {
  /** The text of each file, with every mutant in it behind a switch, by the file's path. */
  readonly texts: Readonly<Record<string, string>>;
  readonly mutants: readonly Mutant[];
  /** How many mutants only change the wording of sentences, and are left out. */
  readonly leftOut: number;
}

const silent = { isDebugEnabled: () => false, debug() {}, info() {}, warn() {} };

/** Instruments the files, given as paths. */
export async function instrument(files: readonly string[], folder: string): Promise<Instrumented> {
  const entry = join(folder, 'node_modules', instrumenter.name, 'dist', 'src', 'index.js');
  const { Instrumenter } = exported.parse(await import(pathToFileURL(entry).href));
  const originals = new Map(files.map((name) => [name, readFileSync(name, 'utf8')]));
  const made = answer.parse(
    await new Instrumenter(silent).instrument(
      [...originals].map(([name, content]) => ({ name, content, mutate: true })),
      { plugins: null, excludedMutations: [], ignorers: [], noHeader: true },
    ),
  );
  const mutants = made.mutants.filter((mutant) => !isWording(mutant, originals.get(mutant.fileName) ?? ''));
  return {
    texts: Object.fromEntries(made.files.map(({ name, content }) => [name, content])),
    mutants,
    leftOut: made.mutants.length - mutants.length,
  };
}
