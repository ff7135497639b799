// Is a data directory its owner's alone? It is made so, one of an earlier version is mended, and one that others share is refused.
// The runtime and the commands call it before they read or write there; it makes the folder, and sets the modes of what is in it.
import { chmodSync, lstatSync, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { isDataFile } from './dataDirectory.ts';
import { privateMode } from './privateFile.ts';
import { Refusal, refuse } from './refusal.ts';

const another = 'Name another one with --data DIR.';

/** The user's id; undefined where the system knows none (Windows). */
const ownId = (): number | undefined => process.getuid?.();

const othersMayWrite = 0o002;
const othersOrGroup = 0o077;

const whoAmI = (): string => {
  try {
    return `${userInfo().username} (user ${ownId()})`;
  } catch {
    // A container's user may have no name.
    return `user ${ownId()}`;
  }
};

/** Refuses a data directory in which somebody else could read keys, or put files of theirs. */
export function refuseShared(dataDir: string): void {
  const found = statSync(dataDir, { throwIfNoEntry: false });
  if (found === undefined || ownId() === undefined) return;
  const where = `The data directory ${resolve(dataDir)}`;
  if (!found.isDirectory()) refuse(`${where} is no directory. ${another}`);
  if (found.uid !== ownId()) {
    refuse(
      `${where} belongs to user ${found.uid}, and this is ${whoAmI()}: its owner could read your keys and change your data. ` +
        `Run as its owner, or name a directory of your own with --data DIR.`,
    );
  }
  if ((found.mode & othersMayWrite) !== 0) {
    refuse(
      `${where} can be written by every user of this machine, so what is in it may be theirs. Name a directory of your own with ` +
        `--data DIR; or, if you know all that is in it, close it: chmod 700 ${resolve(dataDir)}`,
    );
  }
}

/** Sets the mode where it is another one; a link is left alone. */
const mend = (path: string, found: Stats): void => {
  const mode = found.isDirectory() ? privateMode.folder : privateMode.file;
  if (!found.isSymbolicLink() && (found.mode & 0o777) !== mode) chmodSync(path, mode);
};

/**
 * Makes the data directory, or takes the one that is there: afterwards it is 0700, and each file of ours in it 0600, whatever they were.
 * Refuses a shared directory, one that can't be used, and an open one with other things in it, whose mode we would change for their users.
 */
export function takeDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: privateMode.folder });
    refuseShared(dataDir);
    const names = readdirSync(dataDir);
    const ours = names.filter(isDataFile);
    const open = (statSync(dataDir).mode & othersOrGroup) !== 0;
    if (open && names.length > 0 && ours.length === 0) {
      refuse(`${resolve(dataDir)} holds other things and no data of Throughline, and others may read it. ${another}`);
    }
    if (ownId() === undefined) return;
    if (open) chmodSync(dataDir, privateMode.folder);
    for (const path of ours.map((name) => join(dataDir, name))) {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found !== undefined) mend(path, found);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const told = error instanceof Error ? error.message : String(error);
    refuse(`The data directory ${dataDir} can't be used: ${told}. ${another}`, error);
  }
}
