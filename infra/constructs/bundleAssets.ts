// Where is the code that the functions run, and which domain code computes their rows? In the bundles; a missing bundle is an error.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifecycle } from '../../domain/lifecycle.ts';

/** Every function of the pipeline, by the name of its file and its bundle. */
export const functionNames: readonly string[] = [
  'receive',
  'translate',
  ...lifecycle.map((entry) => entry.stage),
  'control',
  'record',
  'relay',
  'project',
  'rollup',
  'answer',
  'sweep',
  'seal',
  'query',
];

export interface Bundles {
  /** The digest of the minified domain code; rows name the code that computed them by it. */
  readonly computedBy: string;
  /** The folder that holds a function's `index.js`. */
  readonly folderOf: (name: string) => string;
}

export type FoundBundleAssets =
  | { readonly ok: true; readonly bundles: Bundles }
  | { readonly ok: false; readonly refusals: readonly { readonly name: 'bundlesAbsent'; readonly message: string }[] };

/** The bundles in a folder: one folder for each function, and the file `computedBy`. */
export const bundleAssetsIn = (folder: string): FoundBundleAssets => {
  const needed = [...functionNames.map((name) => join(folder, name, 'index.js')), join(folder, 'computedBy')];
  const absent = needed.filter((path) => !existsSync(path));
  if (absent.length > 0) {
    const message = `bundles are absent: ${absent.join(', ')}. Make them with \`node infra/build/bundle.ts\`.`;
    return { ok: false, refusals: [{ name: 'bundlesAbsent', message }] };
  }
  const computedBy = readFileSync(join(folder, 'computedBy'), 'utf8').trim();
  return { ok: true, bundles: { computedBy, folderOf: (name) => join(folder, name) } };
};
