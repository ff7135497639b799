// How much of the sample has been played on a data directory? A small file stores it, so that an interrupted sample can continue.
// Playing the sample calls it; it reads and writes that file.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { dataFiles } from '../local/core/dataDirectory.ts';
import { writePrivateFile } from '../local/core/privateFile.ts';
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

/** The mark of a data directory; undefined where no sample has begun. */
export const readMark = (dataDir: string): ProgressMark | undefined => {
  const place = {
    path: dataFiles.sample(dataDir),
    whenDamaged:
      'It says how far the sample was played. Start with --no-sample, or delete it: then the sample is not played on.',
  };
  if (!existsSync(place.path)) return undefined;
  const read = Mark.safeParse(readJsonFile(place));
  return read.success ? read.data : refuseDamaged(place, read.error);
};

/** Writes the mark completely or not at all; it holds the secrets of the sample's connections. */
export const writeMark = (dataDir: string, mark: ProgressMark): void => {
  writePrivateFile(
    dataFiles.sample(dataDir),
    `${JSON.stringify(mark, null, 2)}
`,
  );
};
