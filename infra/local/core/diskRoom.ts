// Is there room on the disk of a data directory? While there is none, the runtime takes nothing that it could not keep, and waits.
// The runtime calls it; it asks the file system for its free space.
import { statfsSync } from 'node:fs';
import { resolve } from 'node:path';
import { refuse } from './refusal.ts';

export interface DiskRoom {
  /** Whether less is free than what the work under way may need. */
  isFull(): boolean;
  /** Calls the listener when there is room again. */
  onRoom(listener: () => void): void;
  /** Resolves at once where there is room, else when there is room again. */
  whenRoom(): Promise<void>;
  stop(): void;
}

export interface DiskRoomOptions {
  readonly folder: string;
  readonly log: (line: string) => void;
  /** The free bytes of the disk and its size; undefined where the system doesn't say. Absent: those of the folder. */
  readonly measure?: (() => Measured | undefined) | undefined;
}

export interface Measured {
  readonly free: number;
  readonly size: number;
}

/** What is kept free: databases grow by their logs when they are cleaned, and work under way must be able to end. */
const reserveBytes = 32 * 1024 * 1024;
/** Of a small disk, a part only. */
const reservePart = 1 / 20;
/** Milliseconds between two measurements. */
const lookEvery = 250;

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`;

/** The free space of a folder's disk, for whoever isn't root. */
export function freeSpaceOf(folder: string): Measured | undefined {
  try {
    const { bavail, bsize, blocks } = statfsSync(folder);
    // Some file systems don't count their space.
    return blocks === 0 ? undefined : { free: bavail * bsize, size: blocks * bsize };
  } catch {
    return undefined;
  }
}

const needed = ({ size }: Measured): number => Math.min(reserveBytes, size * reservePart);
const isShort = (found: Measured | undefined): boolean => found !== undefined && found.free < needed(found);

/** Whether the disk of a folder is full. */
export const isShortOfSpace = (folder: string): boolean => isShort(freeSpaceOf(folder));

/** Watches a folder's disk. Refuses a disk that is full at the start. */
export function watchDiskRoom({ folder, log, measure = () => freeSpaceOf(folder) }: DiskRoomOptions): DiskRoom {
  const listeners: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let full = false;

  function look(): void {
    const found = measure();
    const short = isShort(found);
    if (short === full) return;
    full = short;
    if (full && found !== undefined) {
      log(
        `The disk of ${resolve(folder)} is full: ${megabytes(found.free)} are free, ${megabytes(needed(found))} are needed. Nothing ` +
          'that was acknowledged is lost. What would be stored is answered 507, and queues wait. Make room: then the work goes on by itself.',
      );
      return;
    }
    log(`The disk of ${resolve(folder)} has room again: the work goes on.`);
    for (const listener of [...listeners, ...waiting.splice(0)]) listener();
  }

  const found = measure();
  if (found !== undefined && isShort(found)) {
    refuse(
      `The disk of ${resolve(folder)} is full: ${megabytes(found.free)} are free, ${megabytes(needed(found))} are needed. Nothing that ` +
        'was acknowledged is lost. Make room and start again, or start on another disk with --data DIR.',
    );
  }
  const looking = setInterval(look, lookEvery);
  looking.unref();
  return {
    isFull: () => full,
    onRoom: (listener) => void listeners.push(listener),
    whenRoom: () => (full ? new Promise((found) => waiting.push(found)) : Promise.resolve()),
    stop() {
      clearInterval(looking);
      for (const resume of waiting.splice(0)) resume();
    },
  };
}
