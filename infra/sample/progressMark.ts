// How much of the sample has been played on a data directory? A small file stores it, so that an interrupted sample can continue.
// Playing the sample calls it; it reads and writes that file.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readJsonFile, refuseDamaged } from '../local/core/storageFault.ts';
import { systemNames } from './sampleMessage.ts';

const Connection = z.strictObject({ connection: z.string(), url: z.string(), secret: z.string().optional() });

const Mark = z.strictObject({
  seed: z.int(),
  /** The day on which the sample ends; it stays the same if the sample continues on a later day. */
  today: z.iso.date(),
  connections: z.partialRecord(z.enum(systemNames), Connection),
  /** Every delivery before this place in the order has been accepted. */
  next: z.int().min(0),
  done: z.boolean(),
});
export type ProgressMark = Readonly<z.infer<typeof Mark>>;

const fileIn = (dataDir: string): string => join(dataDir, 'sample.json');

/** The mark of a data directory; undefined where no sample has begun. */
export const readMark = (dataDir: string): ProgressMark | undefined => {
  const place = {
    path: fileIn(dataDir),
    whenDamaged:
      'It says how far the sample was played. Start with --no-sample, or delete it: then the sample is not played on.',
  };
  if (!existsSync(place.path)) return undefined;
  const read = Mark.safeParse(readJsonFile(place));
  return read.success ? read.data : refuseDamaged(place, read.error);
};

/** Writes the mark completely or not at all; it holds the secrets of the sample's connections. */
export const writeMark = (dataDir: string, mark: ProgressMark): void => {
  const aside = `${fileIn(dataDir)}.new`;
  writeFileSync(aside, `${JSON.stringify(mark, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, fileIn(dataDir));
};
