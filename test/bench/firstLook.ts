// How long does a new user wait, from a fresh clone to the printed sample? With everything still to be installed and built.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bench, medianOf } from './sideBySide.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const rounds = 5;

const once = async (): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-clone-'));
  try {
    await run('git', ['clone', '--quiet', root, folder]);
    // As from a shell of its own: none of this checkout's packages on the PATH.
    const path = (process.env.PATH ?? '')
      .split(':')
      .filter((part) => !part.includes('node_modules'))
      .join(':');
    const began = performance.now();
    await run('npm', ['start', '--silent', '--', '--once', '--port', '0'], {
      cwd: folder,
      env: { ...process.env, PATH: path },
      maxBuffer: 1e8,
    });
    return (performance.now() - began) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const firstRun: Bench = async () => {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    seconds.push(await once());
    process.stderr.write(`  ${seconds.at(-1)?.toFixed(1)} s\n`);
  }
  return [{ name: 'from a fresh clone to the printed sample', unit: 's', figure: medianOf(seconds) }];
};
