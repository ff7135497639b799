// Do the daily roots hold a stream as it is stored? They find a chain that was rewritten, cut off, or added later.

import type { DayRoot } from '../../../functions/seal/sealedDay.ts';
import { type Commit, tipOf } from '../../../functions/store/commit.ts';

/** The version and hash of a stream in a daily root. */
export interface SealedAt {
  readonly day: string;
  readonly version: number;
  readonly hash: string;
}

export interface StreamToCheck {
  readonly commits: readonly Commit[];
  /** The days that are sealed, in order. */
  readonly days: readonly Pick<DayRoot, 'day' | 'until'>[];
  /** The entries of their roots for the stream, in order. */
  readonly sealed: readonly SealedAt[];
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

/** What differs from the roots: one sentence for each fault, without the stream's name. Needs all commits of the stream. */
export function daysFaults({ commits, days, sealed }: StreamToCheck): readonly string[] {
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
