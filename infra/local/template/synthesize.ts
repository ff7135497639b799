// Where does the template come from? `node infra/app.ts` synthesizes it for a context, again only if an input has changed.
// The runtime calls it; it reads the sources, runs the app, and writes below .build.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { stop } from 'esbuild';
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

async function runApp(folder: string, given: Readonly<Record<string, string>>): Promise<void> {
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
  const flags = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const aside = `${folder}.${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, [join(root, 'infra', 'app.ts'), ...flags], {
      cwd: root,
      env: {
        ...process.env,
        CDK_OUTDIR: aside,
        NODE_COMPILE_CACHE: join(root, '.build', 'compiled'),
        // This is three times as fast. Deployments and the tests of the app validate the template.
        CDK_VALIDATION: 'false',
        CDK_DISABLE_STACK_TRACE: '1',
      },
    });
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    refuse(`The template could not be synthesized (node infra/app.ts):\n${said.trim()}`, error);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(aside, folder);
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
    const { digest, made } = await bundleFunctions();
    if (made) {
      log(`bundled the functions in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      // The bundler would wait for more work, and hold hundreds of megabytes meanwhile.
      await stop();
    }
    const folders = join(root, '.build', 'assemblies');
    mkdirSync(folders, { recursive: true });
    const given = { ...context, partnerSources: [...new Set(partnerSources)].sort().join(',') };
    const folder = join(folders, digestOf([digest, JSON.stringify(given)]));
    const found = assemblyIn(folder);
    if (found !== undefined) return found;
    const synthesizing = performance.now();
    await runApp(folder, given);
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
