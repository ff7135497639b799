// Which files are in a data directory, and how is it emptied?
// The runtime and the commands call it; it reads, writes and deletes files in the data directory.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isListOfTexts } from './json.ts';
import { privateMode, writePrivateFile } from './privateFile.ts';
import { readJsonFile, refuseDamaged } from './storageFault.ts';

export const dataFiles = {
  queues: (folder: string): string => join(folder, 'queues.sqlite'),
  control: (folder: string): string => join(folder, 'control.json'),
  output: (folder: string): string => join(folder, 'functions.log'),
  partnerSources: (folder: string): string => join(folder, 'partnerSources.json'),
  clock: (folder: string): string => join(folder, 'clock.json'),
  engineNote: (folder: string): string => join(folder, 'engine.json'),
  tables: (folder: string): string => join(folder, 'tables.sqlite'),
  lock: (folder: string): string => join(folder, 'lock'),
  /** The key of the tokens' issuer. */
  issuerKey: (folder: string): string => join(folder, 'issuer.jwk.json'),
  /** The key of which all secrets of the AWS endpoints are made. */
  accessKey: (folder: string): string => join(folder, 'access.key'),
  /** The operator's access key, in the form of AWS's own tools. */
  credentials: (folder: string): string => join(folder, 'credentials'),
  sample: (folder: string): string => join(folder, 'sample.json'),
} as const;

const dataNames = new Set(Object.values(dataFiles).map((pathIn) => basename(pathIn('.'))));

/** Whether a file of this name is ours: one of the above, what SQLite keeps beside it, or one that is just being written. */
export const isDataFile = (name: string): boolean =>
  dataNames.has(name.replace(/(-wal|-shm|-journal|(\.\d+)?\.new)$/, ''));

/** Removes everything but the lock, which the caller holds. The caller has ended an engine of an earlier run before. */
export function emptyDataDirectory(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name !== 'lock') rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** The partner event sources that connections have added to this data directory. */
export function partnerSourcesOf(folder: string): readonly string[] {
  const path = dataFiles.partnerSources(folder);
  if (!existsSync(path)) return [];
  const whenDamaged =
    'It lists the partner event sources. Delete it and start again, then connect each source of a partner bus again.';
  const listed = readJsonFile({ path, whenDamaged });
  return isListOfTexts(listed) ? listed : refuseDamaged({ path, whenDamaged });
}

/** Adds a partner event source; true when it is new. */
export function addPartnerSource(folder: string, name: string): boolean {
  const known = partnerSourcesOf(folder);
  if (known.includes(name)) return false;
  mkdirSync(folder, { recursive: true, mode: privateMode.folder });
  writePrivateFile(dataFiles.partnerSources(folder), `${JSON.stringify([...known, name], null, 2)}\n`);
  return true;
}
