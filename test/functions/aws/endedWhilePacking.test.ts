// Does the process survive when many workers are terminated while they pack or unpack?
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { bundleOptions } from '../../../infra/build/bundle.ts';

/** A longer proof asks for more by the environment. */
const workers = process.env.THROUGHLINE_WORKERS ?? '150';

test('the process survives workers that are terminated while they pack', { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-packing-'));
  const worker = join(folder, 'worker.js');
  await build({ ...bundleOptions, entryPoints: [join(import.meta.dirname, 'packingWorker.ts')], outfile: worker });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'endWorkers.ts'), worker, workers], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const how = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  const [said, complained, ended] = await Promise.all([text(child.stdout), text(child.stderr), how]);
  rmSync(folder, { recursive: true });
  const [, why = '', what = ''] = complained.split('\n');
  expect({ said, ended }, `${why}\n${what}`).toEqual({ said: `${workers} workers ended\n`, ended: 0 });
});
