// Which files are in a data directory, and how is it emptied?
// The runtime and the commands call it; it reads, writes and deletes files in the data directory.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isListOfTexts } from './json.ts';
import { readJsonFile, refuseDamaged } from './storageFault.ts';

export const dataFiles = {
  queues: (folder: string): string => join(folder, 'queues.sqlite'),
  control: (folder: string): string => join(folder, 'control.json'),
  output: (folder: string): string => join(folder, 'functions.log'),
  partnerSources: (folder: string): string => join(folder, 'partnerSources.json'),
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
  mkdirSync(folder, { recursive: true });
  writeFileSync(dataFiles.partnerSources(folder), `${JSON.stringify([...known, name], null, 2)}\n`);
  return true;
}
