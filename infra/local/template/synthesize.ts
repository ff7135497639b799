// Where does the template come from? `node infra/app.ts` synthesizes it for a context, again only if an input has changed.
// The runtime calls it; it reads the sources, runs the app, and writes below .build.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stop } from 'esbuild';
import { prepareApp } from '../../build/appProcess.ts';
import { bundleFunctions } from '../../build/bundle.ts';
import { type Lock, tryLock } from '../core/lock.ts';
import { refuse } from '../core/refusal.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** A placeholder in the template for the URL of the runtime's own issuer, which is known only when the runtime listens. */
export const issuerPlaceholder = 'http://issuer.throughline.local';
export const localAudience = 'throughline';

export interface Assembly {
  /** The template's text. */
  readonly text: string;
  readonly stack: string;
  /** The folder of the template and its assets. */
  readonly folder: string;
}

export interface SynthesizeOptions {
  /** Full names of the partner event sources. */
  readonly partnerSources?: readonly string[];
  /** Context values of this run beside those of cdk.json. */
  readonly context?: Readonly<Record<string, string>>;
  /** Called before a step that takes seconds. */
  readonly log?: (line: string) => void;
}

/** The inputs of the template besides the bundles: the app's files, and the parts of the domain that it reads. */
function appFiles(): readonly string[] {
  const patterns = [
    'infra/*.ts',
    'infra/{build,constructs,foundation,functions,operations}/*.ts',
    'domain/**/*.ts',
    'events/**/*.ts',
    'cdk.json',
    'package-lock.json',
  ];
  return globSync(patterns, { cwd: root }).sort();
}

function digestOf(parts: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  for (const file of appFiles()) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 20);
}

function assemblyIn(folder: string): Assembly | undefined {
  const [file] = existsSync(folder) ? globSync('*.template.json', { cwd: folder }) : [];
  if (file === undefined) return undefined;
  return { text: readFileSync(join(folder, file), 'utf8'), stack: basename(file, '.template.json'), folder };
}

/** Only one build at a time runs in a working copy. */
function lockBuild(): Lock {
  const folder = join(root, '.build', 'lock');
  return (
    tryLock(folder, 120_000) ?? refuse(`Another build has used ${folder} for two minutes. End it, then start again.`)
  );
}

/** Starts the app's process, which writes into a folder beside the assemblies once it is told to. */
function prepare(folders: string, given: Readonly<Record<string, string>>) {
  const context = {
    ...given,
    issuer: issuerPlaceholder,
    audience: localAudience,
    // Nothing stands before one machine.
    cloudfront: 'false',
    webAcl: '',
    // People and logs use the construct's purpose as its name here.
    'aws:cdk:enable-path-metadata': 'true',
  };
  return prepareApp({ context, folder: join(folders, `new.${process.pid}`) });
}

async function runApp(app: ReturnType<typeof prepare>, folder: string): Promise<void> {
  try {
    await app.run();
  } catch (error) {
    app.remove();
    const said = error instanceof Error ? error.message : String(error);
    refuse(`The template could not be synthesized (node infra/app.ts):\n${said.trim()}`, error);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(app.folder, folder);
}

/** Bundles the functions and synthesizes the template, each only if its content has changed. */
export async function synthesize({
  partnerSources = [],
  context = {},
  log = () => {},
}: SynthesizeOptions = {}): Promise<Assembly> {
  const lock = lockBuild();
  try {
    const started = performance.now();
    const folders = join(root, '.build', 'assemblies');
    const given = { ...context, partnerSources: [...new Set(partnerSources)].sort().join(',') };
    // The app's process loads the CDK while the functions are bundled.
    let app: ReturnType<typeof prepare> | undefined;
    const { digest, made } = await bundleFunctions(undefined, () => {
      app = prepare(folders, given);
    }).catch((error: unknown) => {
      app?.remove();
      throw error;
    });
    if (made) {
      log(`bundled the functions in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      // The bundler would wait for more work, and hold hundreds of megabytes meanwhile.
      await stop();
    }
    mkdirSync(folders, { recursive: true });
    const folder = join(folders, digestOf([digest, JSON.stringify(given)]));
    const found = assemblyIn(folder);
    if (found !== undefined) {
      app?.remove();
      return found;
    }
    const synthesizing = performance.now();
    await runApp(app ?? prepare(folders, given), folder);
    log(`synthesized the template in ${((performance.now() - synthesizing) / 1000).toFixed(1)} s`);
    return assemblyIn(folder) ?? refuse(`node infra/app.ts wrote no template into ${folder}.`);
  } finally {
    lock.release();
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { folder } = await synthesize({ log: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(`${folder}\n`);
}
