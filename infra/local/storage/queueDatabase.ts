// How is the queues' file opened? With two kinds of transaction: one syncs the disk for durable writes, the other saves that sync.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { privateMode, touchPrivateFile } from '../core/privateFile.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT,
    message_group TEXT NOT NULL DEFAULT '',
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

/** A file of an earlier release has no groups. */
function addGroups(db: DatabaseSync): void {
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all('messages');
  if (!columns.some(({ name }) => name === 'message_group')) {
    db.exec("ALTER TABLE messages ADD COLUMN message_group TEXT NOT NULL DEFAULT ''");
  }
  db.exec('CREATE INDEX IF NOT EXISTS messages_groups ON messages (queue, message_group, visible_at)');
}

/** The queues' file, with its two kinds of transaction. */
export interface QueueDatabase {
  readonly db: DatabaseSync;
  /** Runs the work as one transaction. It is on disk on return, so it survives the process and a power loss. */
  durably<T>(work: () => T): T;
  /** Runs the work as one transaction. It survives the end of the process at once, but a power loss only after the next `durably`. */
  loosely<T>(work: () => T): T;
  close(): void;
}

/** Opens (or makes) the queues' file; `:memory:` keeps nothing. */
export function openQueueDatabase(path: string): QueueDatabase {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: privateMode.folder });
    // Parameters are secrets, so other users of the machine must not read the file (SQLite gives its -wal and -shm the same mode).
    touchPrivateFile(path);
  }
  const db = new DatabaseSync(path, { timeout: 5_000 });
  // With a write-ahead log, a commit is one append. A killed process loses no commit, because the kernel holds the written data.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536');
  db.exec(schema);
  addGroups(db);

  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  let mode: 'FULL' | 'NORMAL' | undefined;

  function transaction<T>(synchronous: 'FULL' | 'NORMAL', work: () => T): T {
    // FULL syncs the log at each commit, with all earlier NORMAL commits in it. NORMAL syncs only at a checkpoint of the log.
    // One connection switches between the two: writes of a second connection would empty the first one's page cache.
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
