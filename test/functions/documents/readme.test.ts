// Do the files exist that the README sends its reader to?
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const named = [...readme.matchAll(/`((?:events|domain|functions|infra|test)\/[\w./-]*\.(?:ts|md))`/g)].map(
  ([, path = '']) => path,
);

test('every file that the README names is there', () => {
  expect(named.length).toBeGreaterThan(20);
  expect([...new Set(named)].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
