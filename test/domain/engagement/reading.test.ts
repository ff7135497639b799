// Does the page that reads an engagement quote the code as it is?
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(root, 'domain', 'engagement', 'READING.md'), 'utf8');
const quotes = [...page.matchAll(/^`([^`\n]+\.ts)`\n\n```ts\n([\s\S]*?)```$/gm)].map(([, file = '', lines = '']) => ({
  file,
  lines,
}));

test('every block of code names its file', () => {
  expect(quotes.length).toBe(page.split('```ts').length - 1);
  expect(quotes.length).toBeGreaterThan(7);
});

test.each(quotes)('$file still says so', ({ file, lines }) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(lines);
});
