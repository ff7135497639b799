// Where does what lie in a data directory? And how is it emptied?
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const dataFiles = {
  queues: (folder: string): string => join(folder, 'queues.sqlite'),
  control: (folder: string): string => join(folder, 'control.json'),
  output: (folder: string): string => join(folder, 'functions.log'),
  partnerSources: (folder: string): string => join(folder, 'partnerSources.json'),
  engineNote: (folder: string): string => join(folder, 'engine.json'),
} as const;

/** Removes everything but the lock, which whoever calls holds. The engine that an earlier run left behind has ended before. */
export function emptyDataDirectory(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name !== 'lock') rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** The partner event sources that connections of this data directory have brought. */
export function partnerSourcesOf(folder: string): readonly string[] {
  const path = dataFiles.partnerSources(folder);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}

/** Notes a partner event source; true when it is new. */
export function addPartnerSource(folder: string, name: string): boolean {
  const known = partnerSourcesOf(folder);
  if (known.includes(name)) return false;
  mkdirSync(folder, { recursive: true });
  writeFileSync(dataFiles.partnerSources(folder), `${JSON.stringify([...known, name], null, 2)}\n`);
  return true;
}
