// Which tests pass which mutants, and how long do they take? Every test runs once without any mutant.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { type Body, testsOf } from './recorder.ts';
import { activate, mark } from './switches.ts';

/** Bytes, one a mutant: 1 where it is passed. */
const bytes = z.codec(
  z.string(),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  {
    decode: (text) => new Uint8Array(Buffer.from(text, 'base64')),
    encode: (some) => Buffer.from(some).toString('base64'),
  },
);

const passingsShape = z.object({
  /** What is passed while modules load. */
  loading: bytes,
  files: z.array(
    z.object({
      path: z.string(),
      /** What is passed while the file declares its tests. */
      declaring: bytes,
      tests: z.array(z.object({ ms: z.number(), passes: bytes })),
    }),
  ),
});

export type Passings = z.infer<typeof passingsShape>;

/** The tests of a file, loaded anew: `turn` tells one loading from another. */
export const loadTests = (path: string, turn = 0): Promise<readonly Body[]> =>
  testsOf(() => import(`${pathToFileURL(path).href}?turn=${turn}`));

/** Runs all tests once; refuses to go on where one fails without a mutant. */
export async function measure(options: {
  readonly files: readonly {
    readonly path: string;
    readonly bodies: readonly Body[];
    readonly declaring: Uint8Array;
  }[];
  readonly loading: Uint8Array;
  readonly size: number;
}): Promise<Passings> {
  const files: Passings['files'] = [];
  for (const { path, bodies, declaring } of options.files) {
    const tests: Passings['files'][number]['tests'] = [];
    for (const body of bodies) {
      const passes = new Uint8Array(options.size);
      activate(undefined);
      mark(passes);
      const begun = performance.now();
      try {
        await body();
      } catch (error) {
        throw new Error(`A test of ${path} fails without a mutant.`, { cause: error });
      } finally {
        mark(undefined);
      }
      tests.push({ ms: performance.now() - begun, passes });
    }
    files.push({ path, declaring, tests });
  }
  return { loading: options.loading, files };
}

/** What was measured before, if the file is there; else what `make` measures, kept in the file. */
export async function keptIn(path: string, make: () => Promise<Passings>): Promise<Passings> {
  if (existsSync(path)) return passingsShape.parse(JSON.parse(readFileSync(path, 'utf8')));
  const made = await make();
  writeFileSync(path, JSON.stringify(passingsShape.encode(made)));
  return made;
}
