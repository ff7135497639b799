// Would the tests notice? `npm run mutate` changes the rules, the stages and the fold in one place at a time, and looks whether a test fails.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { command, readCommandLine } from '../../infra/commands/commandLine.ts';
import type { Properties } from '../../infra/local/core/json.ts';
import { refuse } from '../../infra/local/core/refusal.ts';
import { install, instrument } from './instrumented.ts';
import type { Run } from './messages.ts';
import { inTurns, originalOf } from './mutant.ts';
import { startWorker, work } from './supervisor.ts';
import { linesOf, type Tried, tableOf } from './table.ts';

const usage = `Usage: npm run mutate -- [FILE | FOLDER …] [--sample N] [--seed N] [--minutes M] [--workers N] [--survivors]
         [--goal N] [--tests PATH …] [--slowest N] [--within N]
  FILE, FOLDER   what to mutate (domain/patterns domain/stages domain/engagement)
  --sample N     at most so many mutants of each file (all)
  --seed N       which those are (1)
  --minutes M    end after so long; files are tried in turns, so that each has got about as many
  --workers N    processes that try mutants (1)
  --survivors    list each mutant that no test noticed
  --goal N       percent that must be killed, else the command ends with 1 (85)
  --tests PATH   the tests to ask, again for each further file or folder (test/domain, test/oracle)
  --slowest N    leave out tests that take longer, in ms (150)
  --within N     tests of so many ms together are asked about a mutant (5000)`;

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.build', 'mutation');
const usualTests = ['test/domain', 'test/oracle'];
const usual = ['domain/patterns', 'domain/stages', 'domain/engagement'];

const filesUnder = (path: string, isWanted: (name: string) => boolean): readonly string[] => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return refuse(`There is no ${relative(root, path)}.`);
  if (found.isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter(isWanted)
    .map((name) => join(path, name))
    .sort();
};

/** The tests of the domain, without those that need a process of their own: they are about length. */
const testsIn = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) =>
    filesUnder(resolve(root, name), (file) => file.endsWith('.test.ts') && !file.endsWith('.alone.test.ts')),
  );

const counted = (flags: Properties, name: string, otherwise: number): number => {
  const value = flags.number(name, otherwise);
  return value > 0 ? value : refuse(`--${name} ${value} is not above 0.\n${usage}`);
};

const described = ({ mutant }: Tried): string => {
  const text = originalOf(mutant, readFileSync(mutant.fileName, 'utf8'));
  const { line, column } = mutant.location.start;
  const cut = (some: string): string => some.replace(/\s+/g, ' ').slice(0, 90);
  return `${relative(root, mutant.fileName)}:${line + 1}:${column + 1} ${mutant.mutatorName}: ${cut(text)} → ${cut(mutant.replacement)}`;
};

await command(async () => {
  const { flags, positionals } = readCommandLine({
    texts: ['sample', 'seed', 'minutes', 'workers', 'goal', 'slowest', 'within'],
    lists: ['tests'],
    switches: ['survivors'],
    positionals: true,
    usage,
  });
  const goal = counted(flags, 'goal', 85);
  const until = Date.now() + counted(flags, 'minutes', 100_000) * 60_000;
  const paths = (positionals.length > 0 ? positionals : usual).map((name) => resolve(root, name));
  const chosen = [...new Set(paths.flatMap((path) => filesUnder(path, (file) => file.endsWith('.ts'))))];

  install(folder);
  const { texts, mutants, leftOut } = await instrument(chosen, folder);
  const sampled = inTurns(mutants, {
    sample: counted(flags, 'sample', Number.MAX_SAFE_INTEGER),
    seed: flags.number('seed', 1),
  });
  const runFolder = join(folder, `run-${process.pid}`);
  mkdirSync(runFolder, { recursive: true });
  const runFile = join(runFolder, 'run.json');
  const run: Run = {
    texts: { ...texts },
    tests: [...testsIn(flags.has('tests') ? flags.texts('tests') : usualTests)],
    mutants: [...mutants],
    passings: join(runFolder, 'passings.json'),
    slowest: counted(flags, 'slowest', 150),
    within: counted(flags, 'within', 5000),
  };
  writeFileSync(runFile, JSON.stringify(run));
  try {
    const first = await startWorker(runFile);
    process.stderr.write(
      `${sampled.length} of ${mutants.length} mutants in ${chosen.length} files (${leftOut} more only word a sentence); ` +
        `${first.tests} tests, ${first.leftOut} slower ones left out.\n`,
    );
    const others = Array.from({ length: Math.trunc(counted(flags, 'workers', 1)) - 1 }, () => startWorker(runFile));
    const workers = [first, ...(await Promise.all(others))];
    const tried: Tried[] = [];
    let at = 0;
    const begun = Date.now();
    await Promise.all(
      workers.map(({ worker }) =>
        work({
          first: worker,
          runFile,
          next: () => (Date.now() < until ? sampled[at++] : undefined),
          tried: (mutant, outcome) => {
            tried.push({ mutant, outcome });
            if (tried.length % 100 === 0)
              process.stderr.write(`${tried.length} tried in ${Math.round((Date.now() - begun) / 1000)} s\n`);
          },
        }),
      ),
    );
    const lines = linesOf(tried, (path) => relative(root, path));
    process.stdout.write(`${tableOf(lines, goal)}\n`);
    if (flags.flag('survivors')) {
      const missed = tried.filter(({ outcome }) => outcome === 'survived' || outcome === 'notCovered');
      process.stdout.write(`\n${missed.map(described).sort().join('\n')}\n`);
    }
    if ((lines.at(-1)?.score ?? 100) < goal) process.exitCode = 1;
  } finally {
    rmSync(runFolder, { recursive: true, force: true });
  }
});
