// What does an error of the disk, of a file or of the system's limits mean for a person, and how is it mended?
import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isShortOfSpace } from './diskRoom.ts';
import { Refusal } from './refusal.ts';

type Fault = 'full' | 'readOnly' | 'forbidden' | 'damaged' | 'tooManyFiles' | 'broken';

/** By the code that Node gives to an error of the system. */
const bySystem: Readonly<Record<string, Fault>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EROFS: 'readOnly',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EMFILE: 'tooManyFiles',
  ENFILE: 'tooManyFiles',
  EIO: 'broken',
};

/** By the primary result code of SQLite. */
const bySqlite: Readonly<Record<number, Fault>> = {
  3: 'forbidden',
  8: 'readOnly',
  10: 'broken',
  11: 'damaged',
  13: 'full',
  14: 'forbidden',
  23: 'forbidden',
  26: 'damaged',
};

/** By what the engine says on its standard error; it gives no code. */
const byWords: readonly (readonly [RegExp, Fault])[] = [
  [/disk is full|no space left/i, 'full'],
  [/readonly database|read-only file system/i, 'readOnly'],
  [/malformed|not a valid sqlite|not a database/i, 'damaged'],
  [/unable to open database|permission denied/i, 'forbidden'],
  [/too many open files/i, 'tooManyFiles'],
  [/disk i\/o error/i, 'broken'],
];

const told: Readonly<Record<Fault, (path: string) => string>> = {
  full: (path) =>
    `The disk of ${path} is full. Nothing that was acknowledged is lost. Make room and start again, or start on another disk with --data DIR.`,
  readOnly: (path) =>
    `${path} can be read, but not written. Mount its disk for writing, or give its files to the user who starts Throughline; or name another directory with --data DIR.`,
  forbidden: (path) =>
    `${path} can't be opened by this user. Give it, and its folder, to the user who starts Throughline; or name another directory with --data DIR.`,
  damaged: (path) => `${path} is damaged, and was left as it is.`,
  tooManyFiles: () =>
    'This process may not open more files and connections. Raise the limit (`ulimit -n 4096`) and start again. Nothing that was acknowledged is lost.',
  broken: (path) =>
    `The disk of ${path} failed to read or write. Check the disk (the system's log says more), then start again.`,
};

function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'errcode' in error && typeof error.errcode === 'number' ? bySqlite[error.errcode & 0xff] : undefined;
  const named = 'code' in error && typeof error.code === 'string' ? bySystem[error.code] : undefined;
  const worded = byWords.find(([words]) => words.test(error.message))?.[1];
  return code ?? named ?? worded ?? faultOf(error.cause);
}

/** SQLite names no cause where it can't open a file, or can't write to a full disk: the system does. */
function moreExact(fault: Fault | undefined, path: string): Fault | undefined {
  if (fault === 'broken' && isShortOfSpace(dirname(path))) return 'full';
  if (fault !== 'forbidden') return fault;
  try {
    closeSync(openSync(path, 'r+'));
    return fault;
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
    return bySystem[code] ?? fault;
  }
}

export interface FaultyPlace {
  /** The file or folder that was used. */
  readonly path: string;
  /** What a person does when this file is damaged, as sentences. */
  readonly whenDamaged?: string;
}

/** What the error means, in one line for a person; undefined for an error that is none of the disk, files or limits. */
export function storageFault(error: unknown, { path, whenDamaged }: FaultyPlace): string | undefined {
  const fault = moreExact(faultOf(error), path);
  if (fault === undefined) return undefined;
  const mended = fault === 'damaged' && whenDamaged !== undefined ? ` ${whenDamaged}` : '';
  return `${told[fault](resolve(path))}${mended}`;
}

/** Refuses a file that holds something else than it should. */
export function refuseDamaged({ path, whenDamaged = '' }: FaultyPlace, cause?: unknown): never {
  throw new Refusal([`${told.damaged(resolve(path))} ${whenDamaged}`.trimEnd()], { cause });
}

/** The JSON value of a file; refuses a damaged one. */
export function readJsonFile(place: FaultyPlace): unknown {
  const text = namingFaults(place, () => readFileSync(place.path, 'utf8'));
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuseDamaged(place, error);
  }
}

/** Does work on a file; an error that is one of the disk, of the file or of the limits becomes a refusal that says how to mend it. */
export function namingFaults<T>(place: FaultyPlace, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw namedFault(error, place);
  }
}

/** The refusal for an error of the disk, of a file or of the limits; any other error as it is. */
export function namedFault(error: unknown, place: FaultyPlace): unknown {
  if (error instanceof Refusal) return error;
  const told = storageFault(error, place);
  return told === undefined ? error : new Refusal([told], { cause: error });
}
