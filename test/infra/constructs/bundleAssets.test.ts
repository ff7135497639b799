// Is every function's bundle small enough to start fast? By the metafile of the bundles that are deployed.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { bundleFunctions } from '../../../infra/build/bundle.ts';
import { functionNames } from '../../../infra/constructs/bundleAssets.ts';

vi.setConfig({ hookTimeout: 120_000 });

const largest = 765_000;
const Metafile = z.object({
  outputs: z.record(z.string(), z.object({ bytes: z.number(), inputs: z.record(z.string(), z.unknown()) })),
});

let bundles: ReadonlyMap<string, { readonly bytes: number; readonly inputs: readonly string[] }>;
beforeAll(async () => {
  const { folder } = await bundleFunctions();
  const { outputs } = Metafile.parse(JSON.parse(readFileSync(join(folder, 'metafile.json'), 'utf8')));
  bundles = new Map(
    Object.entries(outputs)
      .filter(([path]) => path.endsWith('/index.js'))
      .map(([path, { bytes, inputs }]) => [basename(dirname(path)), { bytes, inputs: Object.keys(inputs) }]),
  );
});

test('every function has one, of less than 765 KB', () => {
  expect([...bundles.keys()].sort()).toEqual([...functionNames].sort());
  const large = [...bundles].filter(([, { bytes }]) => bytes >= largest).map(([name, { bytes }]) => [name, bytes]);
  expect(large).toEqual([]);
});

test('none contains the languages of zod or a second CommonJS copy of the SDK', () => {
  const heavy = [...bundles].flatMap(([name, { inputs }]) =>
    inputs
      .filter((path) => /zod\/.*locales\/(?!en\.)|@(aws-sdk|smithy)\/.*dist-cjs/.test(path))
      .map((path) => [name, path]),
  );
  expect(heavy).toEqual([]);
});
