// Does the stack of an error in a bundle name the line of the source, and does a bundle without its map still say what happened?
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../../infra/build/bundle.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** What a process says that loads a bundle without the environment that it needs. */
const saidBy = (bundle: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(bundle, 'index.js')], { env: {} }, (_, __, said) => resolve(said));
  });

describe('an error in a bundle', () => {
  let bundles = '';
  beforeAll(async () => {
    bundles = (await bundleFunctions()).folder;
  }, 60_000);

  it.each(['seal', 'query', 'project'])('of %s names the file and the line where it arose', async (name) => {
    const said = await saidBy(join(bundles, name));
    const [, line = 0] = said.match(new RegExp(`functions/${name}\\.ts:(\\d+):\\d+\\)`)) ?? [];
    const source = readFileSync(join(root, 'functions', `${name}.ts`), 'utf8').split('\n');
    expect(said).toMatch(/^Error: [^\n]*SEAL|^Error: [^\n]*variable/m);
    expect(said).toMatch(/functions\/aws\/config\.ts:\d+/);
    expect(source[Number(line) - 1]).toContain('readConfig(');
  });

  it('is told by the places in the bundle where the map is missing or no map', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'throughline-stacks-'));
    try {
      cpSync(join(bundles, 'seal'), folder, { recursive: true, filter: (file) => !file.endsWith('.map') });
      expect(await saidBy(folder)).toContain(`${folder}/index.js:`);
      cpSync(join(bundles, 'seal', 'package.json'), join(folder, 'index.js.map'));
      expect(await saidBy(folder)).toContain(`${folder}/index.js:`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
