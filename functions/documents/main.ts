// Which documents does `npm run docs` write, and where?
// npm and the build of the bundles call it; it reads package.json and the fixtures, and writes .build/docs or the folder of `--served`.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { asyncApi } from './asyncApi.ts';
import { eventSchemaDocuments, type Fixtures } from './eventSchemas.ts';
import { openApi } from './openApi.ts';
import { catalogPage } from './pages/catalogPage.ts';
import { homePage } from './pages/homePage.ts';
import { tableSchemaDocuments } from './tableSchemas.ts';

const root = join(import.meta.dirname, '..', '..');
const jsonIn = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const { version } = z.object({ version: z.string() }).parse(jsonIn(join(root, 'package.json')));

const examplesIn = (name: string): Fixtures => {
  const folder = join(root, 'test', 'fixtures', name);
  return new Map(
    readdirSync(folder).map((file) => [
      basename(file, '.json'),
      z.record(z.string(), z.unknown()).parse(jsonIn(join(folder, file))),
    ]),
  );
};

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

const json = (document: unknown): string => `${JSON.stringify(document, undefined, 2)}\n`;

const writeAll = (folder: string): void => {
  const fixtures = examplesIn('events');
  rmSync(folder, { recursive: true, force: true });
  write(join(folder, 'openapi.json'), json(openApi({ version, fixtures, messages: examplesIn('messages') })));
  write(join(folder, 'asyncapi.json'), json(asyncApi({ version, fixtures })));
  write(join(folder, 'index.html'), catalogPage({ version, fixtures, besideDocuments: true }));
  for (const [name, schema] of eventSchemaDocuments(fixtures))
    write(join(folder, 'schemas', 'events', `${name}.json`), json(schema));
  for (const [name, schema] of tableSchemaDocuments())
    write(join(folder, 'schemas', 'tables', `${name}.json`), json(schema));
  process.stdout.write(`documents written to ${folder}\n`);
};

/** What the API itself serves, beside the bundle of its function. */
const writeServed = (folder: string): void => {
  const fixtures = examplesIn('events');
  write(join(folder, 'openapi.json'), JSON.stringify(openApi({ version, fixtures, messages: examplesIn('messages') })));
  write(join(folder, 'docs.html'), catalogPage({ version, fixtures, besideDocuments: false }));
  write(join(folder, 'home.html'), homePage({ version }));
};

const usage = `Usage: npm run docs [-- --served FOLDER]
  Without a flag it writes every document to .build/docs.
  --served FOLDER  only what the API itself serves, to this folder\n`;

const run = (): void => {
  const { served, help } = parseArgs({
    options: { served: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  }).values;
  if (help) process.stdout.write(usage);
  else if (served === undefined) writeAll(join(root, '.build', 'docs'));
  else writeServed(served);
};

try {
  run();
} catch (error) {
  // A wrong command line is answered in one line; any other error is thrown.
  if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error;
  process.stderr.write(`${error.message}\n${usage}`);
  process.exitCode = 1;
}
