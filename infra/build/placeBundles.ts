// Where do new bundles go when several processes make them at once? Into their folder, in one move, unless the same bundles lie there already.
// `bundle.ts` calls it. It reads, moves and removes folders.
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Lies beside the bundles and says what they were made of. */
export interface BundleRecord {
  /** The files of our own that went in, relative to the root. */
  readonly inputs: readonly string[];
  readonly digest: string;
}

export const recordFile = 'bundled.json';

/** The record in a folder of bundles; undefined where there is none. */
export function recordIn(folder: string): BundleRecord | undefined {
  const path = join(folder, recordFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

const hasCode = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Moves a folder and answers true; answers false when the move fails with one of these error codes. */
function moved(from: string, to: string, codes: readonly string[]): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, codes)) return false;
    throw error;
  }
}

/**
 * Moves a fresh folder of bundles to its place. Bundles with the same content that lie there already stay, because another process
 * may be reading them. Other bundles are replaced as a whole.
 */
export function placeBundles(fresh: string, folder: string): void {
  const digest = recordIn(fresh)?.digest;
  const old = `${folder}.old.${process.pid}`;
  while (recordIn(folder)?.digest !== digest) {
    moved(folder, old, ['ENOENT']);
    const isPlaced = moved(fresh, folder, ['ENOTEMPTY', 'EEXIST']);
    rmSync(old, { recursive: true, force: true });
    if (isPlaced) return;
  }
  rmSync(fresh, { recursive: true, force: true });
}
