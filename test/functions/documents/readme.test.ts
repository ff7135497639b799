// Does every file exist that the README names?
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const named = [...readme.matchAll(/`((?:events|domain|functions|infra|test)\/[\w./-]*\.(?:ts|md))`/g)].map(
  ([, path = '']) => path,
);

test('every file that the README names exists', () => {
  expect(named.length).toBeGreaterThan(20);
  expect([...new Set(named)].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
