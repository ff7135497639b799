// How is the queues' file opened, so that what was promised to last does, and what need not costs no disk sync?
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0,
    first_received_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_due ON messages (queue, visible_at, receive_count);
  CREATE TABLE IF NOT EXISTS checkpoints (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parameters (
    name TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** The file behind the queues, with the two kinds of transaction that its users need. */
export interface QueueDatabase {
  readonly db: DatabaseSync;
  /** Runs the work as one transaction that is on disk on return: it survives the process and a loss of power. */
  durably<T>(work: () => T): T;
  /** Runs the work as one transaction that survives the end of the process at once, a loss of power from the next `durably` on. */
  loosely<T>(work: () => T): T;
  close(): void;
}

/** Opens (or makes) the queues' file; `:memory:` keeps nothing. */
export function openQueueDatabase(path: string): QueueDatabase {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true });
    // Parameters are secrets: nobody else on the machine reads them (SQLite gives its -wal and -shm the same mode).
    closeSync(openSync(path, 'a', 0o600));
  }
  const db = new DatabaseSync(path, { timeout: 5_000 });
  // Write-ahead: a commit is one append, and a killed process loses none, since the kernel holds what was written.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536');
  db.exec(schema);

  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  let mode: 'FULL' | 'NORMAL' | undefined;

  function transaction<T>(synchronous: 'FULL' | 'NORMAL', work: () => T): T {
    // FULL syncs the log at each commit, and with it all that NORMAL appended before; NORMAL only when the log is folded back.
    // One connection that switches, rather than two: a second one would void the first one's page cache at every write.
    if (mode !== synchronous) {
      db.exec(`PRAGMA synchronous = ${synchronous}`);
      mode = synchronous;
    }
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    db,
    durably: (work) => transaction('FULL', work),
    loosely: (work) => transaction('NORMAL', work),
    close: () => db.close(),
  };
}
