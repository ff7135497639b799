// Which code do the functions run? One esbuild call bundles all of them, if any input file has changed since the last call.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { leftOut } from './leftOut.ts';
import { placeBundles, recordFile, recordIn } from './placeBundles.ts';

const root = join(import.meta.dirname, '..', '..');

export interface Bundled {
  /** The folder that holds a folder for each function. */
  readonly folder: string;
  /** Changes with the code of any function. */
  readonly digest: string;
  /** True where the bundles were made now; false where they were up to date. */
  readonly made: boolean;
}

/** How every function is bundled. */
export const bundleOptions = {
  bundle: true,
  plugins: leftOut,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  // Files that a function reads are beside its bundle.
  define: { 'import.meta.dirname': '__dirname' },
  legalComments: 'none',
  absWorkingDir: root,
  metafile: true,
} satisfies BuildOptions;

const buildFiles = ['infra/build/bundle.ts', 'infra/build/leftOut.ts'];

/** The digest of files by name and content. The lock file stands for node_modules. */
function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of [...new Set([...files, 'package-lock.json', ...buildFiles])].sort()) {
    const path = join(root, file);
    hash.update(`${file}\n${existsSync(path) ? readFileSync(path, 'utf8') : 'absent'}\n`);
  }
  return hash.digest('hex');
}

const own = (metafile: Metafile): readonly string[] =>
  Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/') && !path.startsWith('<'));

const entries = (): readonly string[] => globSync('functions/*.ts', { cwd: root }).sort();
const domainFiles = (): readonly string[] => globSync('domain/**/*.ts', { cwd: root }).sort();
const documentFiles = (): readonly string[] =>
  globSync(['functions/documents/**/*.ts', 'test/fixtures/{events,messages}/*.json'], { cwd: root }).sort();
const everyFile = (): readonly string[] => [...entries(), ...domainFiles(), ...documentFiles(), 'package.json'];

/** The digest of the minified domain code, which computes rows. Comments and local names don't change it. */
async function domainDigest(): Promise<{ readonly computedBy: string; readonly inputs: readonly string[] }> {
  const everything = domainFiles().map((file, index) => `export * as d${index} from './${file}';`);
  const built = await build({
    ...bundleOptions,
    stdin: { contents: everything.join('\n'), resolveDir: root, loader: 'ts' },
    write: false,
  });
  const code = built.outputFiles[0]?.contents ?? new Uint8Array();
  return {
    computedBy: createHash('sha256').update(code).digest('hex').slice(0, 16),
    inputs: [...own(built.metafile), ...domainFiles()],
  };
}

/** What the API says about itself, which query answers. These are texts made at build time, so a cold start loads no code for them. */
const writeServedDocuments = (to: string) =>
  promisify(execFile)(process.execPath, [join(root, 'functions', 'documents', 'main.ts'), '--served', to]);

/**
 * Bundles every functions/*.ts to `<folder>/<name>/index.js` and writes `<folder>/computedBy` and query's documents, unless what lies
 * there is of the same content; `making` is called before it begins. The metafile lies beside them, for the budget test.
 */
export async function bundleFunctions(
  folder = join(root, '.build', 'functions'),
  making: () => void = () => undefined,
): Promise<Bundled> {
  const before = recordIn(folder);
  if (before !== undefined && digestOf([...before.inputs, ...everyFile()]) === before.digest) {
    return { folder, digest: before.digest, made: false };
  }
  making();
  // Bundles are made in another folder and then moved: a reader sees either all old or all new bundles.
  const fresh = `${folder}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const [built, domain] = await Promise.all([
    build({
      ...bundleOptions,
      entryPoints: entries().map((file) => ({ in: file, out: `${basename(file, '.ts')}/index` })),
      outdir: resolve(fresh),
      sourcemap: 'linked',
      sourcesContent: false,
      logLevel: 'error',
    }),
    domainDigest(),
    writeServedDocuments(join(resolve(fresh), 'query')),
  ]);
  const inputs = [...new Set([...own(built.metafile), ...domain.inputs])].sort();
  const digest = digestOf([...inputs, ...everyFile()]);
  // This makes bundles CommonJS, even below a package.json with "type": "module".
  for (const file of entries()) {
    writeFileSync(join(fresh, basename(file, '.ts'), 'package.json'), '{ "type": "commonjs" }\n');
  }
  writeFileSync(join(fresh, 'computedBy'), domain.computedBy);
  writeFileSync(join(fresh, 'metafile.json'), JSON.stringify(built.metafile));
  writeFileSync(join(fresh, recordFile), JSON.stringify({ inputs, digest }));
  placeBundles(fresh, folder);
  return { folder, digest, made: true };
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { folder, made } = await bundleFunctions();
  process.stdout.write(`${made ? 'bundled into' : 'up to date in'} ${folder}\n`);
}
