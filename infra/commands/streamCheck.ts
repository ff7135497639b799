// Is a stream unchanged since it was recorded? Three checks: its chain of hashes, the attributes of its items, and the daily roots.

import type { DayRoot } from '../../functions/seal/sealedDay.ts';
import { BrokenStream, type Commit, follow, tipOf } from '../../functions/store/commit.ts';

/** The version and hash of a stream in a daily root. */
export interface SealedAt {
  readonly day: string;
  readonly version: number;
  readonly hash: string;
}

export interface StreamToCheck {
  readonly stream: string;
  readonly commits: readonly Commit[];
  /** The days that are sealed, in order. */
  readonly days: readonly Pick<DayRoot, 'day' | 'until'>[];
  /** The entries of their roots for the stream, in order. */
  readonly sealed: readonly SealedAt[];
}

export interface CheckedStream {
  readonly events: number;
  /** One sentence for each fault, without the stream's name; empty where the stream is unchanged. */
  readonly faults: readonly string[];
}

/** Compares the attributes of an item with its text, which repeats them: a change of only one of the two is found. */
function faultsOfItems(
  commits: readonly Commit[],
  recorded: readonly { version: number; recordedAt: string }[],
): string[] {
  const faults: string[] = [];
  let at = 0;
  let before = '';
  for (const { version, count, prevHash, hash, recordedAt } of commits) {
    const first = recorded[at];
    const item = `the item of version ${version}`;
    if (first?.version !== version) faults.push(`${item} holds events from version ${first?.version ?? 'none'} on`);
    if (first !== undefined && first.recordedAt !== recordedAt) {
      faults.push(`${item} says that it was recorded at ${recordedAt}, its events say ${first.recordedAt}`);
    }
    if (prevHash !== before) faults.push(`${item} does not hold the hash of the commit before it`);
    before = hash;
    at += count;
  }
  if (at !== recorded.length) faults.push(`its versions count ${at} events, but its items hold ${recorded.length}`);
  return faults;
}

/** The last commit that each daily root must hold, by the time at which the commits were recorded. */
function lastOfEachDay(commits: readonly Commit[], days: StreamToCheck['days']): ReadonlyMap<string, Commit> {
  const last = new Map<string, Commit>();
  for (const commit of commits) {
    const day = days.find(({ until }) => commit.recordedAt < until)?.day;
    if (day !== undefined) last.set(day, commit);
  }
  return last;
}

function faultsOfDays({ commits, days, sealed }: StreamToCheck): readonly string[] {
  const last = lastOfEachDay(commits, days);
  const byEnd = new Map(commits.map((commit) => [tipOf(commit).version, commit]));
  const end = commits.at(-1);
  const faults = sealed.flatMap(({ day, version, hash }) => {
    const stands = byEnd.get(version);
    if (stands === undefined) {
      const ends = end === undefined ? 'and no commit of it exists' : `and it ends with version ${tipOf(end).version}`;
      return [
        `the root of ${day} holds it at version ${version}, but no commit ends there, ${ends}: a part was removed`,
      ];
    }
    if (stands.hash === hash) return [];
    return [`the root of ${day} holds another hash of version ${version}: commits up to that version were rewritten`];
  });
  const held = new Map(sealed.map((each) => [each.day, each.version]));
  for (const [day, commit] of last) {
    if (held.get(day) === tipOf(commit).version || faults.length > 0) continue;
    faults.push(
      `its commit of version ${commit.version} says that it was recorded at ${commit.recordedAt}, but the root of ${day} ` +
        'does not hold it: the commit was added later',
    );
  }
  return faults;
}

/** Checks a stream; needs all of its items. */
export function checkStream(given: StreamToCheck): CheckedStream {
  const { stream, commits } = given;
  try {
    const { events } = follow(stream, undefined, commits);
    const faults = faultsOfItems(commits, events);
    return { events: events.length, faults: faults.length > 0 ? faults : faultsOfDays(given) };
  } catch (error) {
    if (!(error instanceof BrokenStream || error instanceof SyntaxError)) throw error;
    return { events: 0, faults: [error.message.replace(`${stream}: `, '')] };
  }
}
