// Is the engine's file the one that an earlier run has left? An emptied one would pass as new, and its events would be gone without a word.
// The runtime calls it before it starts the engine; it looks at the file's size.
import { existsSync, statSync } from 'node:fs';
import { dataFiles } from '../core/dataDirectory.ts';
import { type FaultyPlace, refuseDamaged } from '../core/storageFault.ts';

/** The engine's file, and what is done when it is damaged. */
export const tablesPlace = (dataDir: string): FaultyPlace => ({
  path: dataFiles.tables(dataDir),
  whenDamaged:
    'It holds all events and tables. Put a copy of the whole data directory in its place, or start on another directory with ' +
    '--data DIR; --reset deletes everything here.',
});

/** Refuses an emptied file. The queues' file is made after the engine has made its own, so where it is there, that one had a content. */
export function refuseEmptied(dataDir: string): void {
  const place = tablesPlace(dataDir);
  const isEmptied = existsSync(place.path) && statSync(place.path).size === 0 && !existsSync(`${place.path}-wal`);
  if (isEmptied && existsSync(dataFiles.queues(dataDir))) refuseDamaged(place);
}
