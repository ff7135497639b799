// How does a test extend the product? In a copy of the tree, by exactly the files and lines that the README names.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { temporaryFolder } from '../localTemplate.ts';

const root = join(import.meta.dirname, '..', '..', '..');
/** The toys, each file at its place in the tree. They compile only there. */
const toys = join(root, 'test', 'fixtures', 'extending');

/** What the README names for an extension, `<name>` standing for the extension's own. */
export interface Named {
  /** The files that it is. */
  readonly files: readonly string[];
  /** The catalogs in which its import and its entry stand, one for each file that they name. */
  readonly catalogs: readonly string[];
}

/** What the README's section names to add something, such as `a table`. Throws where it has no such line. */
export const namedInReadme = (what: string): Named => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const row = readme.split('\n').find((line) => line.startsWith(`| ${what} |`));
  if (row === undefined) throw new Error(`the README does not say what ${what} takes`);
  const [files = [], catalogs = []] = row
    .split('|')
    .slice(2)
    .map((cell) => [...cell.matchAll(/`([^`]+\.ts)`/g)].map(([, path]) => path ?? ''));
  return { files, catalogs };
};

/** A catalog with a further import, and an entry at the end of its list: the first list in the file. */
const withEntry = (catalog: string, name: string): string => {
  const list = /^(?:export )?const \w+[^=\n]*= \[/m.exec(catalog);
  const end = list === null ? -1 : catalog.indexOf(']', list.index + list[0].length);
  if (list === null || end < 0) throw new Error(`no list to stand in:\n${catalog}`);
  const entries = catalog.slice(list.index + list[0].length, end).trimEnd();
  const separator = entries === '' || entries.endsWith(',') ? '' : ',';
  const entered = `${catalog.slice(0, list.index)}${list[0]}${entries}${separator} ${name}${catalog.slice(end)}`;
  const lastImport = entered.lastIndexOf('\nimport ') + 1;
  return `${entered.slice(0, lastImport)}import { ${name} } from './${name}.ts';\n${entered.slice(lastImport)}`;
};

/** How a run of tests in the copy ended. */
export interface TestedCopy {
  readonly passed: number;
  readonly failures: readonly { readonly test: string; readonly says: string }[];
}

export interface ExtendedTree {
  readonly folder: string;
  /** Checks all types of the copy; answers what the compiler says, nothing where all is well. */
  types(): Promise<string>;
  /** Runs these test files of the copy. */
  tests(...files: readonly string[]): Promise<TestedCopy>;
  remove(): void;
}

const Report = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

const testedBy = (report: string): TestedCopy => {
  const { numPassedTests, testResults } = Report.parse(JSON.parse(report));
  const failures = testResults.flatMap(({ message, assertionResults }) => [
    // A file that could not be read at all.
    ...(message === '' ? [] : [{ test: 'the file', says: message }]),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => ({ test: fullName, says: (failureMessages ?? []).join('\n') })),
  ]);
  return { passed: numPassedTests, failures };
};

/** Copies what is the product's own; what is installed or built is taken from where it lies. */
const copyTo = (folder: string): void => {
  const own = readdirSync(root).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  for (const name of own) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // Compiled code of packages, which every build of the template needs.
  const compiled = join(root, '.build', 'compiled');
  mkdirSync(compiled, { recursive: true });
  mkdirSync(join(folder, '.build'));
  symlinkSync(compiled, join(folder, '.build', 'compiled'));
};

const extendBy = (folder: string, { files, catalogs }: Named): void => {
  for (const file of files) cpSync(join(toys, file), join(folder, file));
  for (const catalog of catalogs) {
    const path = join(folder, catalog);
    const own = files.filter((file) => dirname(file) === dirname(catalog)).map((file) => basename(file, '.ts'));
    writeFileSync(path, own.reduce(withEntry, readFileSync(path, 'utf8')));
  }
};

/** Copies the tree and adds the toys: by what the README says of each kind, the name of the toy. */
export const extendedTree = (toyOf: Readonly<Record<string, string>>): ExtendedTree => {
  const named = Object.entries(toyOf).map(([what, toy]): Named => {
    const { files, catalogs } = namedInReadme(what);
    return { files: files.map((file) => file.replace('<name>', toy)), catalogs };
  });
  const missing = readdirSync(toys, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !named.some(({ files }) => files.includes(file)),
  );
  if (missing.length > 0) throw new Error(`the README does not name ${missing.join(', ')}`);
  const unknown = named.flatMap(({ files }) => files).filter((file) => !existsSync(join(toys, file)));
  if (unknown.length > 0) throw new Error(`the README names ${unknown.join(', ')}, and the toys have no such file`);
  const { folder, remove } = temporaryFolder();
  copyTo(folder);
  for (const each of named) extendBy(folder, each);

  /** Whatever it ends with: what it says tells. */
  const node = (...args: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
      const env = { PATH, HOME, NODE_COMPILE_CACHE };
      execFile(process.execPath, args, { cwd: folder, env, maxBuffer: 2 ** 26 }, (error, out, err) =>
        resolve(`${out}${err}${error?.signal === undefined ? '' : `ended by ${error.signal}`}`),
      );
    });
  return {
    folder,
    types: () => node('node_modules/typescript/bin/tsc', '-p', '.'),
    tests: async (...files) => {
      const report = join(folder, '.build', 'tested.json');
      const flags = ['--reporter=json', `--outputFile=${report}`, '--maxWorkers=1'];
      const said = await node('node_modules/vitest/vitest.mjs', 'run', ...files, ...flags);
      if (!existsSync(report)) throw new Error(`the tests of the copy did not run:\n${said}`);
      return testedBy(readFileSync(report, 'utf8'));
    },
    remove,
  };
};
