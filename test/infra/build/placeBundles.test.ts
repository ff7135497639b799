// Are bundles that several processes make at once placed as a whole, and left alone while another process may read them?
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { placeBundles, recordFile, recordIn } from '../../../infra/build/placeBundles.ts';
import { temporaryFolder } from '../../support/localTemplate.ts';

const temporary = temporaryFolder();
afterAll(() => temporary.remove());

let parent: string;
let made = 0;
beforeEach(() => {
  made += 1;
  parent = join(temporary.folder, String(made));
  mkdirSync(parent);
});

const inodeOf = (path: string): number => statSync(path).ino;

const bundlesIn = (name: string, digest: string): string => {
  const folder = join(parent, name);
  mkdirSync(folder);
  writeFileSync(join(folder, recordFile), JSON.stringify({ inputs: [], digest }));
  writeFileSync(join(folder, 'code.js'), `// made in ${name}`);
  return folder;
};

const placed = (): string => join(parent, 'functions');
const codeOf = (folder: string): string => readFileSync(join(folder, 'code.js'), 'utf8');

it('the first bundles are moved to the folder', () => {
  placeBundles(bundlesIn('fresh', 'one'), placed());
  expect([recordIn(placed())?.digest, codeOf(placed())]).toEqual(['one', '// made in fresh']);
  expect(readdirSync(parent)).toEqual(['functions']);
});

it('newer bundles replace older ones as a whole', () => {
  const older = bundlesIn('functions', 'one');
  writeFileSync(join(older, 'gone.js'), '');
  placeBundles(bundlesIn('fresh', 'two'), placed());
  expect([recordIn(placed())?.digest, codeOf(placed())]).toEqual(['two', '// made in fresh']);
  expect(readdirSync(placed()).sort()).toEqual([recordFile, 'code.js']);
  expect(readdirSync(parent)).toEqual(['functions']);
});

it('the same bundles, placed by another process meanwhile, stay', () => {
  const before = inodeOf(bundlesIn('functions', 'one'));
  placeBundles(bundlesIn('fresh', 'one'), placed());
  expect([inodeOf(placed()), codeOf(placed())]).toEqual([before, '// made in functions']);
  expect(readdirSync(parent)).toEqual(['functions']);
});

it('a folder without a record is replaced', () => {
  mkdirSync(placed());
  writeFileSync(join(placed(), 'code.js'), '// cut off');
  placeBundles(bundlesIn('fresh', 'one'), placed());
  expect(codeOf(placed())).toBe('// made in fresh');
});
