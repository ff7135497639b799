// Does somebody else run on this data directory? A lock that the operating system drops with its process.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { refuse } from './refusal.ts';

export interface Lock {
  release(): void;
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 261);

/** Takes the lock of a folder; undefined when somebody holds it. An exclusive transaction on a file that holds nothing else. */
export function tryLock(folder: string, waitMilliseconds = 0): Lock | undefined {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, 'lock'), { timeout: waitMilliseconds });
  try {
    db.exec('BEGIN EXCLUSIVE');
    return { release: () => db.close() };
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw new Error(`The lock of ${resolve(folder)} could not be taken.`, { cause: error });
  }
}

/** Takes the lock of a data directory, or refuses by its name. */
export function lockDataDirectory(folder: string): Lock {
  return (
    tryLock(folder) ??
    refuse(
      `Throughline runs already on the data directory ${resolve(folder)}. ` +
        'Stop that one (Ctrl-C where it runs), or start this one on another directory with --data DIR.',
    )
  );
}
