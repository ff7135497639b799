// Does another process use this data directory? A lock says so; the operating system releases it when its process ends.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dataFiles } from './dataDirectory.ts';
import { privateMode, touchPrivateFile } from './privateFile.ts';
import { refuse } from './refusal.ts';
import { namedFault, namingFaults } from './storageFault.ts';

export interface Lock {
  release(): void;
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 261);

/** Takes the lock of a folder; undefined when another process holds it. The lock is an exclusive transaction on an empty SQLite file. */
export function tryLock(folder: string, waitMilliseconds = 0): Lock | undefined {
  const path = dataFiles.lock(folder);
  const place = { path, whenDamaged: 'It never holds anything. Delete it while no instance runs on this directory.' };
  const db = namingFaults(place, () => {
    mkdirSync(folder, { recursive: true, mode: privateMode.folder });
    touchPrivateFile(path);
    return new DatabaseSync(path, { timeout: waitMilliseconds });
  });
  try {
    db.exec('BEGIN EXCLUSIVE');
    return { release: () => db.close() };
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw namedFault(new Error(`The lock of ${resolve(folder)} could not be taken.`, { cause: error }), place);
  }
}

/** A command that looks whether an instance runs holds the lock for a moment. */
const lookingMs = 200;

/** Whether a process holds the lock now, so that what it has noted in its data directory is true. */
export function isLocked(folder: string): boolean {
  const lock = tryLock(folder);
  lock?.release();
  return lock === undefined;
}

/** Takes the lock of a data directory, or refuses with the directory's name. */
export function lockDataDirectory(folder: string): Lock {
  return (
    tryLock(folder, lookingMs) ??
    refuse(
      `Throughline already runs on the data directory ${resolve(folder)}. ` +
        'Stop it (Ctrl-C in its terminal), or start on another directory with --data DIR.',
    )
  );
}
