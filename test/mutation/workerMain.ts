// What becomes of one mutant? This process holds all tests, and runs those that pass the mutant until one fails.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { configureGlobal } from 'fast-check';
import { type Answer, runShape, wishShape } from './messages.ts';
import { placeTexts } from './modules.ts';
import type { Outcome } from './mutant.ts';
import { keptIn, loadTests, measure } from './passings.ts';
import type { Body } from './recorder.ts';
import { activate, mark } from './switches.ts';

const run = runShape.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
const mutants = new Map(run.mutants.map((mutant) => [mutant.id, mutant]));
const size = Math.max(0, ...run.mutants.map(({ id }) => Number(id))) + 1;

// The same lives in each run; a failure needs no smaller example.
configureGlobal({ seed: 1, endOnFailure: true });
placeTexts(run.texts);
// A few matchers of Vitest ask in which file they stand.
Object.assign(globalThis, { __vitest_worker__: { filepath: 'a test', config: {} } });

const say = (answer: Answer): void => void process.send?.(answer);

/** What is passed while `act` runs. */
const passedBy = async <T>(act: () => Promise<T>): Promise<{ readonly value: T; readonly passes: Uint8Array }> => {
  const passes = new Uint8Array(size);
  mark(passes);
  const value = await act();
  mark(undefined);
  return { value, passes };
};

// The domain first, so that what it passes while it loads is told from what the tests pass.
const { passes: loading } = await passedBy(async () => {
  for (const path of Object.keys(run.texts)) await import(pathToFileURL(path).href);
});
const files: { readonly path: string; readonly bodies: readonly Body[]; readonly declaring: Uint8Array }[] = [];
for (const path of run.tests) {
  const { value: bodies, passes: declaring } = await passedBy(() => loadTests(path));
  files.push({ path, bodies, declaring });
}
const passings = await keptIn(run.passings, () => measure({ files, loading, size }));

interface Known {
  readonly body: Body;
  readonly ms: number;
  readonly passes: Uint8Array;
}

const all: readonly Known[] = files.flatMap(({ bodies }, file) =>
  bodies.map((body, at) => ({ body, ms: 0, passes: new Uint8Array(), ...passings.files[file]?.tests[at] })),
);
const tests = all.filter(({ ms }) => ms <= run.slowest);

/** How many mutants of a file a test has killed: it is asked first about the next one. */
const kills = new Map<string, Map<Known, number>>();
const killsIn = (fileName: string): Map<Known, number> => {
  const known = kills.get(fileName) ?? new Map<Known, number>();
  kills.set(fileName, known);
  return known;
};

const fails = async (body: Body): Promise<boolean> => {
  try {
    await body();
    return false;
  } catch {
    return true;
  }
};

/** The tests that pass a mutant, the most promising first, as many as fit. */
const askedAbout = (id: number, fileName: string): readonly Known[] => {
  const some = tests
    .filter(({ passes }) => passes[id] === 1)
    .map((test) => ({ test, killed: killsIn(fileName).get(test) ?? 0 }))
    .sort((a, b) => b.killed - a.killed || a.test.ms - b.test.ms);
  let taken = 0;
  return some.flatMap(({ test }) => {
    taken += test.ms;
    return taken > run.within ? [] : [test];
  });
};

let turn = 0;

/** Tries the files that pass the mutant while they declare their tests, each loaded anew. */
const diesDeclaring = async (id: number): Promise<boolean> => {
  for (const { path, declaring, tests: known } of passings.files) {
    if (declaring[id] !== 1 || known.some(({ ms }) => ms > run.slowest)) continue;
    turn += 1;
    try {
      for (const body of await loadTests(path, turn)) if (await fails(body)) return true;
    } catch {
      return true;
    }
  }
  return false;
};

const tryMutant = async (id: string): Promise<{ readonly outcome: Outcome; readonly spoilt: boolean }> => {
  const at = Number(id);
  const fileName = mutants.get(id)?.fileName ?? '';
  const declared = passings.files.some(({ declaring }) => declaring[at] === 1);
  const asked = askedAbout(at, fileName);
  if (asked.length === 0 && !declared) {
    return { outcome: passings.loading[at] === 1 ? 'static' : 'notCovered', spoilt: false };
  }
  activate(id);
  for (const test of asked) {
    if (!(await fails(test.body))) continue;
    killsIn(fileName).set(test, (killsIn(fileName).get(test) ?? 0) + 1);
    activate(undefined);
    return { outcome: 'killed', spoilt: await fails(test.body) };
  }
  const killed = declared && (await diesDeclaring(at));
  activate(undefined);
  return { outcome: killed ? 'killed' : 'survived', spoilt: false };
};

process.on('message', async (wish) => {
  const { id } = wishShape.parse(wish);
  say({ says: 'tried', id, ...(await tryMutant(id)) });
});
process.on('disconnect', () => process.exit(0));
say({ says: 'ready', tests: tests.length, leftOut: all.length - tests.length });
