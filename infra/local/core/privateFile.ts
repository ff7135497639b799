// How is a file written that only its owner may read? With mode 0600 from its first byte, and completely or not at all.
// What keeps keys, notes and logs in a data directory calls it; it writes files.
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

/** What the owner of a data directory may do with its files, and nobody else. */
export const privateMode = { folder: 0o700, file: 0o600 } as const;

const writeAside = (path: string, text: string): string => {
  const aside = `${path}.${process.pid}.new`;
  rmSync(aside, { force: true });
  const file = openSync(aside, 'wx', privateMode.file);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return aside;
};

/** Writes the file anew; a reader sees the text before or after, never a part. */
export function writePrivateFile(path: string, text: string): void {
  const aside = writeAside(path, text);
  try {
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Writes the file unless it is there, even when another process writes it at the same moment. */
export function writePrivateFileOnce(path: string, text: string): void {
  const aside = writeAside(path, text);
  try {
    linkSync(aside, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Makes an empty file unless it is there, readable by its owner alone; a file that others could read is mended. One that is there is not
 * opened: where this process holds a lock of SQLite on it, closing it again would give up the lock.
 */
export function touchPrivateFile(path: string): void {
  if (existsSync(path)) chmodSync(path, privateMode.file);
  else closeSync(openSync(path, 'a', privateMode.file));
}
