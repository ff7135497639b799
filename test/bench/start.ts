// How long does `npm start` take to be ready, when it has run here before? The command itself, against an npm script that does nothing.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bench, medianOf } from './sideBySide.ts';
import { startProduct } from './startedProduct.ts';

const rounds = 5;

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

export const start: Bench = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-start-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { start: `${process.execPath} -e 0` } }));
    const nothing = () => promisify(execFile)('npm', ['start', '--silent'], { cwd: folder });
    const dataDir = join(folder, 'data');
    const once = async (): Promise<number> => {
      const product = await startProduct(dataDir);
      await product.stop();
      return product.seconds;
    };
    // The first start builds and makes the tables; what is measured comes after it.
    await once();
    const figures: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      floors.push(await secondsOf(nothing));
      figures.push(await once());
      process.stderr.write(`  ${figures.at(-1)?.toFixed(2)} s\n`);
    }
    const [figure, floor] = [medianOf(figures), medianOf(floors)];
    const name = 'npm start -- --no-sample to ready, second start / an npm script that does nothing';
    return [{ name, unit: 's', figure, floor, goal: { is: 'atMost', value: 4 } }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
