// How do the tests run? On every core, in processes that files share, and what takes long begins first.
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They count what the engine compiles, replace a module, or load one anew: each runs in a process of its own. */
const alone = 'test/**/*.alone.test.ts';

/** The longest files, first to last. If a long file began last, it would run on one core while the others are idle. */
const longest = [
  /crashPoints/,
  /extending/,
  /test\/pipeline\//,
  /endedWhilePacking/,
  /long(Streams|Head)/,
  /test\/infra\/\w+\//,
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = longest.findIndex((pattern) => pattern.test(moduleId));
  return rank === -1 ? longest.length : rank;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

const each = {
  maxWorkers: '100%',
  // On a busy machine any test may take long; a test that hangs still ends.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Tests start many commands as processes, and each would compile the same code again.
  env: { NODE_COMPILE_CACHE: join(import.meta.dirname, '.build', 'compiled') },
} as const;

export default defineConfig({
  test: {
    maxWorkers: each.maxWorkers,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...each, name: 'together', include: ['test/**/*.test.ts'], exclude: [alone], isolate: false } },
      { test: { ...each, name: 'alone', include: [alone] } },
    ],
  },
});
