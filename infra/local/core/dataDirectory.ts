// Which files are in a data directory, and how is it emptied?
// The runtime and the commands call it; it reads, writes and deletes files in the data directory.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const dataFiles = {
  queues: (folder: string): string => join(folder, 'queues.sqlite'),
  control: (folder: string): string => join(folder, 'control.json'),
  output: (folder: string): string => join(folder, 'functions.log'),
  partnerSources: (folder: string): string => join(folder, 'partnerSources.json'),
  clock: (folder: string): string => join(folder, 'clock.json'),
  engineNote: (folder: string): string => join(folder, 'engine.json'),
} as const;

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
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}

/** Adds a partner event source; true when it is new. */
export function addPartnerSource(folder: string, name: string): boolean {
  const known = partnerSourcesOf(folder);
  if (known.includes(name)) return false;
  mkdirSync(folder, { recursive: true });
  writeFileSync(dataFiles.partnerSources(folder), `${JSON.stringify([...known, name], null, 2)}\n`);
  return true;
}
