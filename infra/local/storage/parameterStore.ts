// Which named values does the local runtime store? The connections' secrets, and the checkpoint of each stream.
import type { Clock } from '../core/clock.ts';
import type { QueueDatabase } from './queueDatabase.ts';
import { integer, text } from './queueRows.ts';

/** The parameters (SSM's SecureStrings) of the local runtime. */
export interface ParameterStore {
  get(name: string): string | undefined;
  /** The parameter with its version (1 on its first put) and when it was last put (epoch ms). */
  describe(name: string): { readonly value: string; readonly version: number; readonly changedAt: number } | undefined;
  /** Sets the value and answers the new version; the value is on disk then. */
  put(name: string, value: string): number;
}

/** The checkpoints of stream consumers. */
export interface CheckpointStore {
  checkpoint(name: string): string | undefined;
  /** The value survives the process. After a power loss it may be an earlier one, so that records are read again. */
  setCheckpoint(name: string, value: string): void;
}

export function parameterStore({ db, durably }: QueueDatabase, clock: Clock): ParameterStore {
  const select = db.prepare('SELECT value, version, changed_at FROM parameters WHERE name = ?');
  const upsert = db.prepare(
    `INSERT INTO parameters (name, value, version, changed_at) VALUES (?, ?, 1, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = version + 1, changed_at = excluded.changed_at
     RETURNING version`,
  );
  const describe: ParameterStore['describe'] = (name) => {
    const row = select.get(name);
    if (row === undefined) return undefined;
    return { value: text(row.value), version: integer(row.version), changedAt: integer(row.changed_at) };
  };
  return {
    describe,
    get: (name) => describe(name)?.value,
    put: (name, value) => durably(() => integer(upsert.get(name, value, clock.now())?.version)),
  };
}

export function checkpointStore({ db, loosely }: QueueDatabase): CheckpointStore {
  const select = db.prepare('SELECT value FROM checkpoints WHERE name = ?');
  const replace = db.prepare('INSERT OR REPLACE INTO checkpoints (name, value) VALUES (?, ?)');
  return {
    checkpoint(name) {
      const row = select.get(name);
      return row === undefined ? undefined : text(row.value);
    },
    setCheckpoint(name, value) {
      loosely(() => replace.run(name, value));
    },
  };
}
