// By how much is the time of a data directory ahead of the machine's? It is kept there, so that no later run records an earlier time.
// The runtime and the commands call it; it reads and writes a file in the data directory.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { type Clock, clockAhead, type MovableClock, systemClock } from './clock.ts';
import { dataFiles } from './dataDirectory.ts';
import { isObject } from './json.ts';
import { refuse } from './refusal.ts';
import { readJsonFile, refuseDamaged } from './storageFault.ts';

const whenDamaged =
  "It says by how much the clock is ahead of this machine's. Delete it and start with --clock, at or after the time that was recorded last: " +
  'else what is recorded lies in the future.';

/** How many milliseconds the directory's clock is ahead; 0 where nobody has moved it. */
export function aheadOf(dataDir: string): number {
  const path = dataFiles.clock(dataDir);
  if (!existsSync(path)) return 0;
  const kept = readJsonFile({ path, whenDamaged });
  const ahead = isObject(kept) ? kept.aheadMs : undefined;
  // A clock is never behind the machine's.
  return typeof ahead === 'number' && ahead >= 0 ? ahead : refuseDamaged({ path, whenDamaged });
}

/** The directory's clock: the machine's own, or that time moved ahead. */
export function directoryClock(dataDir: string): Clock {
  const ahead = aheadOf(dataDir);
  return ahead === 0 ? systemClock() : clockAhead(ahead);
}

/** Moves the clock to an instant, and keeps that first: after a crash no run is behind what was recorded. */
export function moveClock(dataDir: string, clock: MovableClock, instant: number): void {
  const path = dataFiles.clock(dataDir);
  writeFileSync(`${path}.new`, JSON.stringify({ aheadMs: Math.round(instant - clock.outside()) }), {
    mode: 0o600,
    flush: true,
  });
  renameSync(`${path}.new`, path);
  clock.set(instant);
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const mostAheadMs = 20 * 366 * 86_400_000;

/** The instant that a text asks for: `+90d`, `+36h` or `+15m` from now on, a day (`2027-03-01`), or an instant. Refuses what lies before now. */
export function clockTarget(text: string, now: number): number {
  const [, count, unit] = /^\+(\d{1,6})([mhd])$/.exec(text) ?? [];
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const day = new Date(Date.parse(`${text.slice(0, 10)}T00:00:00Z`));
  // JavaScript takes 30 February for 2 March.
  const isDay = isDate && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
  const target =
    unit === undefined ? (isDay ? Date.parse(text) : Number.NaN) : now + Number(count) * (units[unit] ?? 0);
  if (Number.isNaN(target))
    return refuse(
      `"${text}" is no time for a clock: give +90d, +36h or +15m, a day as 2027-03-01, or an instant as 2027-03-01T09:00Z.`,
    );
  if (target < now)
    return refuse(
      `The clock can't go back from ${new Date(now).toISOString()} to ${new Date(target).toISOString()}: what is recorded would lie ` +
        'in the future. Use another directory (--data DIR), or start empty (--reset).',
    );
  if (target - now > mostAheadMs) return refuse(`"${text}" is over twenty years ahead.`);
  return target;
}

/** How far a clock is ahead, in words; undefined where it is not. */
export function aheadText(clock: Clock): string | undefined {
  const minutes = Math.round((clock.now() - clock.outside()) / 60_000);
  if (minutes === 0) return undefined;
  const parts = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return `${new Date(clock.now()).toISOString().slice(0, 16)}Z, ${said.join(' ')} ahead of this machine`;
}
